from __future__ import annotations

import math

import numpy as np

from tuning_core.charts.class_charts import calibration_chart, confusion_matrix, roc_chart
from tuning_core.charts.ledger_chart import GAPS, LedgerStep, ledger_chart
from tuning_core.charts.partial_effect import class_bars, partial_effect
from tuning_core.charts.predictions import predicted_actual, residuals
from tuning_core.charts.style import LIGHT, number


def test_the_ledger_names_each_gap_and_no_word_covers_a_value() -> None:
    steps = [
        LedgerStep("baseline", 9000.0),
        LedgerStep("train", 2500.0, "learned: 6,500 better", True, trees=2000.0),
        LedgerStep("validation", 2900.0, "variance: 400 worse", False, trees=2950.0),
        LedgerStep("test", 3000.0, "<b>: 100 worse or luck"),
    ]
    figure = ledger_chart(steps, title="error", form=number)
    assert [t.name for t in figure.data if t.name] == ["baseline", "train", "validation", "test", "trees"]
    of = {a.text: a for a in figure.layout.annotations}
    values = [of[f"<b>{words}</b>"] for words in ("9,000", "2,500", "2,900", "3,000")]
    assert [(a.x, a.y) for a in values] == [(0, 9000.0), (1, 2500.0), (2, 2900.0), (3, 3000.0)]
    gaps = [of[words] for words in ("learned:<br>6,500 better", "variance:<br>400 worse", "&#60;b&#62;:<br>100 worse or luck")]
    assert [a.x for a in gaps] == [0.5, 1.5, 2.5] and {(a.y, a.yref, a.yanchor) for a in gaps} == {(1, "paper", "top")}
    assert [a.font.color for a in gaps] == [LIGHT.better, LIGHT.worse, LIGHT.grey]
    low, high = figure.layout.yaxis.range
    assert low < 2000 and high > 9000 and figure.layout.yaxis.domain == (0, GAPS), "values stay below the words"
    trees = figure.data[-1]
    assert tuple(trees.y) == (2000.0, 2950.0) and all(0.2 < x % 1 < 0.8 for x in trees.x), "beside the values, not on them"
    assert (
        figure.layout.xaxis.ticktext[2] == "validation rows<br>◇ trees 2,950" and figure.layout.xaxis.ticktext[3] == "test rows"
    )


def test_the_ledger_of_unknown_values_is_calm() -> None:
    assert ledger_chart([LedgerStep("baseline", math.nan)], title="", form=number).layout.yaxis.range[0] < 0


def test_predictions_lie_on_the_dashed_line_when_they_are_right() -> None:
    figure = predicted_actual([1.0, 2.0, 4.0], [1.0, 3.0, 4.0], target="<i>y</i>")
    assert tuple(figure.data[0].x) == (1.0, 2.0, 4.0) and tuple(figure.data[0].y) == (1.0, 3.0, 4.0)
    assert figure.data[1].x == figure.data[1].y == (1.0, 4.0)
    assert figure.layout.xaxis.title.text == "actual &#60;i&#62;y&#60;/i&#62;"
    left = residuals([1.0, 2.0, 4.0], [1.0, 3.0, 4.0])
    assert tuple(left.data[0].y) == (0.0, -1.0, 0.0) and tuple(left.data[0].x) == (1.0, 3.0, 4.0)
    assert len(predicted_actual([], []).data) == 1


def test_a_confusion_matrix_is_coloured_by_the_share_of_its_row() -> None:
    figure = confusion_matrix([[8, 2], [0, 0]], ["<b>no</b>", "yes"])
    assert figure.data[0].z.tolist() == [[0.8, 0.2], [0.0, 0.0]]  # a class without rows is no division by zero
    assert [a.text for a in figure.layout.annotations] == ["8", "2", "0", "0"]
    assert "&#60;b&#62;no" in figure.data[0].customdata[0][1] and "2 rows" in figure.data[0].customdata[0][1]
    many = confusion_matrix([[1] * 20] * 20, [str(i) for i in range(20)])
    assert not many.layout.annotations  # too small to read; the hover text says it


def test_roc_curves_carry_their_areas() -> None:
    figure = roc_chart([("yes", (0.0, 0.5, 1.0), (0.0, 0.9, 1.0), 0.7), ("$x$", (0.0, 1.0), (0.0, 1.0), 0.5)])
    assert [t.name for t in figure.data] == ["guessing", "yes", "$x$"]
    assert [a.text for a in figure.layout.annotations] == ["<b>yes</b>  area 0.700", "<b>&#36;x&#36;</b>  area 0.500"]


def test_calibration_has_intervals_and_survives_no_rows() -> None:
    figure = calibration_chart([(0.1, 0.2, 0.1, 0.4, 10), (0.9, 0.8, 0.6, 0.9, 12)], of_what="yes")
    model = figure.data[1]
    assert model.x == (0.1, 0.9) and model.marker.color == LIGHT.training
    assert [round(v, 6) for v in model.error_y.array] == [0.2, 0.1]
    assert len(calibration_chart([], of_what="yes").data[1].x) == 0


def test_a_partial_effect_shows_mean_rows_and_where_the_rows_are() -> None:
    curves = np.array([[1.0, 2.0, 3.0], [3.0, 4.0, 5.0]])
    figure = partial_effect(
        [10.0, 20.0, 30.0], [2.0, 3.0, 4.0], curves, name="<b>age</b>", levels=False, seen=[11.0], span=(0, 6)
    )
    assert [t.name for t in figure.data] == ["row", "row", "mean", "seen"]
    assert figure.data[2].customdata[0] == "10.0<br><b>2.00</b> on average"
    assert figure.layout.title.text == "&#60;b&#62;age&#60;/b&#62;" and figure.layout.yaxis.range == (0, 6)
    levels = partial_effect(["<i>a</i>", "b"], [0.1, 0.9], np.zeros((0, 2)), name="x", levels=True, shares=True)
    assert levels.layout.xaxis.ticktext == ("&#60;i&#62;a&#60;/i&#62;", "b")
    assert levels.data[0].customdata[1] == "b<br><b>90.0 %</b> on average"


def test_the_most_likely_class_stands_out() -> None:
    bars = class_bars(["a", "<b>b</b>"], [0.25, 0.75]).data[0]
    assert bars.marker.color == (LIGHT.grey, LIGHT.training) and bars.text == ("25.0 %", "75.0 %")
