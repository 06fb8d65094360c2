"""Names beside points: all are there where there is room, none over another one."""

from __future__ import annotations

import numpy as np
import pytest

from tuning_core.charts.point_names import CLOSE, GAP, LETTER, LINE, point_names
from tuning_core.charts.validation_and_test import validation_and_test

SIZE = (560.0, 300.0)


def box(text, x, y, place):
    """Drawn as Plotly does, in pixels from the top left."""
    x, y, wide = x * SIZE[0], (1 - y) * SIZE[1], LETTER * len(text)
    left = {"middle right": x + GAP, "middle left": x - GAP - wide}.get(place, x - wide / 2)
    top = {"top center": y - GAP - LINE, "bottom center": y + GAP}.get(place, y - LINE / 2)
    return left, top, left + wide, top + LINE


def overlap(a, b):
    return a[0] < b[2] - 1e-6 and b[0] < a[2] - 1e-6 and a[1] < b[3] - 1e-6 and b[1] < a[3] - 1e-6


def test_points_in_one_place_share_one_name():
    names = point_names([(name, 0.5, 0.5) for name in ("Ana", "Bo", "Cy", "Dan", "Eve")], SIZE)
    assert names[0] == ("Ana, Bo, Cy and 2 more", "top center") and {text for text, _ in names[1:]} == {""}
    assert [text for text, _ in point_names([("Ana", 0.5, 0.5), ("Bo", 0.5 + 2 * CLOSE, 0.5)], SIZE)] == ["Ana", "Bo"]


@pytest.mark.parametrize("spread", [0.02, 0.1, 0.4])
def test_no_name_lies_over_another_or_outside(spread):
    points = [(f"Student {i:02} of the class", *xy) for i, xy in enumerate(np.random.default_rng(1).normal(0.5, spread, (30, 2)))]
    boxes = [box(text, x, y, place) for (text, place), (_, x, y) in zip(point_names(points, SIZE), points, strict=True) if text]
    assert boxes and not any(overlap(a, b) for i, a in enumerate(boxes) for b in boxes[:i])
    assert all(a >= 0 and b >= 0 and c <= SIZE[0] and d <= SIZE[1] for a, b, c, d in boxes)


def test_the_chart_names_equal_scores_once():
    figure = validation_and_test([("Ana", 5.0, 6.0, 1), ("Bo", 5.0, 6.0, 3), ("Cy", 7.0, 6.5, 2)], score="MAE")
    (points,) = [trace for trace in figure.data if trace.name == "models"]
    assert list(points.text) == ["Ana, Bo", "", "Cy"] and len(points.customdata) == 3
