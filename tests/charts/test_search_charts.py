"""Charts of a search: what they say is what the search found."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tuning_core.charts.axis_scatter import axis_scatter
from tuning_core.charts.heat_map import Cells, heat_map_figure
from tuning_core.charts.importance import importance_bars
from tuning_core.charts.luck import luck_bar
from tuning_core.charts.parallel import parallel_coordinates
from tuning_core.charts.ticks import Scale, log_ticks

NAN = math.nan


def cells(values, **changes):
    array = np.array(values, float)
    given = {
        "x_name": "learning rate",
        "y_name": "optimizer",
        "x_labels": [f"x{i}" for i in range(array.shape[1])],
        "y_labels": [f"y{i}" for i in range(array.shape[0])],
        "values": array,
        "count": np.where(np.isfinite(array), 2, 0),
        "diverged": np.zeros(array.shape, int),
    }
    return Cells(**(given | changes))


def test_a_heat_map_colours_by_rank_and_frames_the_best_cell():
    figure = heat_map_figure(cells([[3.0, 1.0], [1e9, NAN]]))
    assert list(map(list, figure.data[0].z)) == [[1 / 3, 0.0], [2 / 3, None]], "one terrible cell does not flatten the rest"
    (frame,) = figure.layout.shapes
    assert (frame.x0, frame.y1) == (1 - 0.48, 0 + 0.47)
    assert {a.text for a in figure.layout.annotations} >= {"3.00", "1.00", "1.00B"}


def test_near_equal_cells_have_near_equal_greens():
    figure = heat_map_figure(cells([[10.0, 10.004, 10.01, 30.0]]))
    equal, (*_, far) = figure.data[0].z[0][:3], figure.data[0].z[0]
    assert equal[0] == 0.0 and sorted(equal) == list(equal) and max(equal) < 0.03 and far == 0.75


def test_a_cell_where_all_diverged_has_a_cross_and_an_untried_one_nothing():
    lost = cells([[1.0, NAN, NAN]], count=np.array([[1, 3, 0]]), diverged=np.array([[0, 3, 0]]))
    figure = heat_map_figure(lost)
    assert [(a.x, a.text) for a in figure.layout.annotations][1:] == [(0, "1.00"), (1, "×")]
    hover = figure.data[0].customdata[0]
    assert "3 of them diverged" in hover[1] and "nothing tried" in hover[2]


def test_a_heat_map_of_many_cells_leaves_the_numbers_to_the_pointer():
    figure = heat_map_figure(cells(np.arange(1.0, 145).reshape(12, 12)))
    assert len(figure.layout.annotations) == 1  # what the colours mean


def test_parallel_lines_end_with_the_best_on_top_and_leave_the_lost_out():
    scales = [
        Scale("units", np.array([1.0, 2.0, 3.0, 2.0])),
        Scale("optimizer", np.array([0.0, 1.0, NAN, 1.0]), names=("a", "b")),
    ]
    figure = parallel_coordinates(scales, [5.0, 1.0, 3.0, NAN], loss="mse")
    units, optimizer, loss = figure.data[0].dimensions
    assert list(units["values"]) == [1.0, 3.0, 2.0] and list(loss["values"]) == [5.0, 3.0, 1.0]
    assert list(figure.data[0].line.color) == [1.0, 0.5, 0.0]
    assert optimizer.ticktext == ("off", "a", "b") and optimizer["values"][1] == optimizer.tickvals[0] < 0


def test_importances_stand_with_the_largest_on_top_and_their_shares_in_words():
    figure = importance_bars(["a", "<b>"], [0.2, 0.8], [0.01, 0.05], trusted=False)
    assert figure.data[0].y == ("a", "&#60;b&#62;") and figure.data[0].marker.opacity == 0.4
    assert [a.text for a in figure.layout.annotations] == ["20.0 %", "80.0 %"]


def test_an_axis_shows_every_setting_the_best_and_the_lost():
    axis = Scale("learning rate", np.array([-3.0, -2.0, -1.0, 0.0, NAN]), log=True)
    figure = axis_scatter(axis, [3.0, 2.0, 2.5, NAN, 1.0], ["a", "b", "c", "d", "e"], edge="high")
    good, lost, best = figure.data
    assert good.customdata == ("a", "b", "c") and lost.customdata == ("d",) and best.customdata == ("b",)
    assert good.x == (-3.0, -2.0, -1.0) and figure.layout.xaxis.ticktext == ("0.001", "0.01", "0.1", "1")
    assert "25.0 % diverged" in figure.layout.title.text
    assert figure.layout.shapes[0].x1 == figure.layout.xaxis.range[1], "the end where the best lies is shaded"


def test_an_axis_with_no_loss_at_all_still_says_what_was_lost():
    figure = axis_scatter(Scale("units", np.array([1.0, 2.0])), [NAN, NAN], ["a", "b"])
    assert figure.data[1].customdata == ("a", "b") and "100 %" in figure.layout.title.text


def test_losses_over_decades_get_a_logarithmic_axis():
    figure = axis_scatter(Scale("units", np.arange(4.0)), [1.0, 10.0, 100.0, 1000.0], list("abcd"))
    assert figure.data[0].y[:2] == (0.0, 1.0) and figure.layout.yaxis.ticktext == ("1", "10", "100", "1,000")


def test_the_luck_of_the_winner_has_both_numbers_and_the_interval():
    figure = luck_bar(1.0, 1.2, 0.9, 1.6)
    assert figure.data[0].x == (1.0, 1.2)
    assert figure.data[0].error_x.array == (0, pytest.approx(0.4)) and figure.data[0].error_x.arrayminus == (
        0,
        pytest.approx(0.3),
    )


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [(-3, 0, ["0.001", "0.01", "0.1", "1"]), (0, 1, ["1", "3", "10"]), (2, 2, ["100"]), (0.1, 0.2, ["1.3", "1.6"])],
)
def test_logarithmic_ticks_are_round(low, high, words):
    assert log_ticks(low, high)[1] == words
