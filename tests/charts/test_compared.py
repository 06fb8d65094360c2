from __future__ import annotations

import math

import numpy as np

from tuning_core.charts.compared_curves import Line, compared_curves
from tuning_core.charts.difference_plot import Gain, difference_plot
from tuning_core.charts.style import DARK, DARK_HUES, HUES, LIGHT, hue_of, number
from tuning_core.experiment.band import band_of


def line(letter="A", values=(3.0, 2.0, 1.0), **more):
    return Line(letter, more.pop("name", letter), band_of([np.array(values), np.array(values) * 1.1]), **more)


def named(figure):
    return [trace.name for trace in figure.data if trace.name]


def test_each_setting_has_a_hue_and_a_letter_at_its_end() -> None:
    figure = compared_curves([line("A"), line("B", hue=1)], title="loss")
    assert named(figure) == ["A validation", "B validation"]
    assert [t.line.color for t in figure.data if t.name] == [HUES[0], HUES[1]]
    ends = [a.text for a in figure.layout.annotations if a.text.startswith("<b>")]
    assert ends == ["<b>A</b> 1.05", "<b>B</b> 1.05"]
    heights = [a.y for a in figure.layout.annotations if a.text.startswith("<b>")]
    assert heights[1] - heights[0] > 0.03  # equal values, but the words do not overlap


def test_a_line_is_labelled_by_what_differs_and_the_words_have_room() -> None:
    plain, labelled = (compared_curves([line("A", label=words)], title="loss") for words in ("", "rate <0.01>"))
    (end,) = [a.text for a in labelled.layout.annotations if a.text.startswith("<b>")]
    assert end == "<b>A</b> rate &#60;0.01&#62; 1.05"
    assert labelled.layout.margin.r > plain.layout.margin.r


def test_billions_are_b_on_the_axis_as_in_the_words() -> None:
    axis = compared_curves([line(values=(3e9, 2e9, 1e9))], title="loss").layout.yaxis
    assert (axis.tickformat, axis.exponentformat) == (None, "B") and number(2e9) == "2.00B"  # SI would write G


def test_hues_mean_nothing_else() -> None:
    for hues, of in ((HUES, LIGHT), (DARK_HUES, DARK)):
        assert not set(hues) & {of.training, of.validation, of.best, of.stop}
        assert len(set(hues)) == 8


def test_training_is_dashed_and_the_best_epoch_marked() -> None:
    training = band_of([np.array([2.0, 1.0, 0.5])])
    figure = compared_curves([line(training=training, best_epoch=2)], title="loss", bands=False)
    by_name = {trace.name: trace for trace in figure.data}
    assert by_name["A training"].line.dash == "dash"
    assert by_name["A best epoch"].x == (2,)
    assert math.isclose(by_name["A best epoch"].y[0], 2.1)


def test_beyond_eight_the_rest_is_grey_behind() -> None:
    figure = compared_curves([line("A"), line("Z", hue=None)], title="loss")
    assert named(figure)[0] == "Z validation"  # drawn first, so it lies behind
    assert figure.data[0].line.color == hue_of(None) == LIGHT.grey
    assert not any("Z" in a.text for a in figure.layout.annotations)


def test_where_few_seeds_still_train_the_line_is_thin_and_has_no_end_value() -> None:
    seeds = [np.array([3.0, 2.0, 1.9])] + [np.array([3.0, 2.0])] * 2
    figure = compared_curves([Line("A", "A", band_of(seeds))], title="loss", bands=False)
    solid, thin = figure.data
    assert tuple(solid.x) == (1, 2) and tuple(thin.x) == (2, 3)
    assert thin.line.dash == "2px,3px"
    assert figure.layout.annotations[-1].text == "<b>A</b>"


def test_wild_starts_do_not_press_the_rest_flat() -> None:
    values = [1e9, 1e6, *np.linspace(10, 5, 60)]
    low, high = compared_curves([line(values=values)], title="loss").layout.yaxis.range
    assert 0 <= low < 5.1 and high < 100
    low, high = compared_curves([line(values=values)], title="loss", log=True).layout.yaxis.range
    assert low < math.log10(5.1) and high < 9


def test_names_are_shown_verbatim_and_nothing_is_a_calm_plot() -> None:
    figure = compared_curves([line(name="<b>%{x}</b>")], title="<i>x</i>")
    assert "&#60;b&#62;%&#123;x" in figure.data[-1].hovertemplate
    assert figure.layout.annotations[0].text == "&#60;i&#62;x&#60;/i&#62;"
    nothing = Line("A", "diverged", band_of([np.array([math.nan])]))
    assert compared_curves([nothing], title="loss").layout.yaxis.range == (0, 1)
    assert compared_curves([], title="loss", log=True).data == ()


def test_a_difference_that_is_sure_is_a_full_point() -> None:
    gains = [
        Gain("B", "b", 5.0, 2.0, 8.0, True, "better", 1),
        Gain("C", "c", 1.0, -2.0, 4.0, False, "may be luck", 2),
        Gain("D", "d", 1.0, math.nan, math.nan, False, "one seed cannot tell", 3),
        Gain("E", "e", math.nan, math.nan, math.nan, False, "worse: 2 diverge", 4),
    ]
    figure = difference_plot(gains, reference="A", unit="loss", form=number)
    assert [trace.name for trace in figure.data] == ["B", "C", "D"]
    assert figure.data[0].marker.color == HUES[1] and figure.data[1].marker.color == LIGHT.background
    assert figure.data[0].error_x.array == (3.0,) and figure.data[0].error_x.arrayminus == (3.0,)
    assert figure.data[2].error_x.array is None
    assert figure.layout.yaxis.ticktext == ("<b>B</b>", "<b>C</b>", "<b>D</b>", "<b>E</b>")
    assert "worse: 2 diverge" in [a.text for a in figure.layout.annotations]
    low, high = figure.layout.xaxis.range
    assert low == -high and high > 8
