"""A drawn line against real curves: the distance worked out by hand, and what may come from a browser."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tuning_core.experiment import History
from tuning_core.lessons.drawn_curve import COLUMNS, TOP, drawn_curve, drawn_epochs, is_line


def history(losses):
    values = np.array(losses, dtype=float)
    return History.from_arrays(values, values, values, values, values, {"dummy_loss": 2.0})


def test_a_line_has_points_at_both_ends_and_no_more_than_there_are_epochs():
    assert drawn_epochs(200).tolist()[:: COLUMNS - 1] == [1, 200] and len(drawn_epochs(200)) == COLUMNS
    assert drawn_epochs(3).tolist() == [1, 2, 3] and drawn_epochs(1).tolist() == [1]


def test_the_distance_is_the_mean_over_the_points_in_the_constant_predictors_loss():
    found = drawn_curve(
        [1.0, 0.5, 0.5], [history([2.0, 1.0, 0.4]), history([4.0, 1.0, 0.8]), history([2.0, 0.2, 0.6])], "training", 3
    )
    np.testing.assert_allclose(found.real, [1.0, 0.5, 0.3])  # medians 2, 1, 0.6 over 2
    assert found.distance == pytest.approx(0.2 / 3)
    assert "is near" in found.sentence and " 7 % of the constant predictor's loss" in found.sentence
    assert "lowest point is at epoch 2, the real one at epoch 3" in found.sentence and "median of 3 seeds" in found.sentence


def test_what_leaves_the_axes_what_is_no_number_and_what_ended_early_are_compared_too():
    away = drawn_curve([TOP, TOP, TOP], [history([20.0, math.inf, math.nan])], "validation", 3)
    assert away.distance == 0
    stopped = drawn_curve([1.0, 0.5, 0.5, 0.5], [history([2.0, 1.0])], "validation", 4)
    assert stopped.distance == 0
    assert "far off" in drawn_curve([0.0, 0.0, 0.0], [history([2.0, 2.0, 2.0])], "training", 3).sentence
    assert "lowest" not in drawn_curve([1.0, 1.0, 1.0], [history([2.0, 2.0, 2.0])], "training", 3).sentence, (
        "a flat line has none"
    )


@pytest.mark.parametrize(
    "sent", [None, "x", [1, 1], [1, 1, "1"], [1, 1, 9.0], [1, -0.1, 1], [1, True, 1], [1, math.nan, 1], {"0": 1}]
)
def test_what_is_no_line_is_not_taken_for_one(sent):
    assert not is_line(sent, 3) and is_line([1, 0.5, 0], 3)
