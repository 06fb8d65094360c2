"""The gallery's curve: labels apart, explosions leave the picture, gaps stay gaps, and nothing a table holds breaks it."""

from __future__ import annotations

import math
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from tuning_core.charts.example_curve import BOTTOM, HEIGHT, LETTERS, TOP, example_curve
from tuning_core.charts.style import LIGHT

SVG = "{http://www.w3.org/2000/svg}"


def drawn(train, validation, **more):
    return ElementTree.fromstring(example_curve(train, validation, **more))


def points(picture, paint):
    lines = [line for line in picture.iter(f"{SVG}polyline") if line.get("stroke") == paint]
    return [[tuple(map(float, p.split(","))) for p in line.get("points").split()] for line in lines]


def test_names_stand_at_the_ends_and_never_on_each_other():
    picture = drawn([3, 2, 1.0], [3, 2, 1.01], behind=[3, 2, 0.99], behind_label="healthy")
    words = {text.text: float(text.get("y")) for text in picture.iter(f"{SVG}text")}
    ends = sorted(words[name] for name in ("training", "validation", "healthy"))
    assert ends[1] - ends[0] >= LETTERS and ends[2] - ends[1] >= LETTERS
    assert ends[2] <= HEIGHT - BOTTOM


def test_an_explosion_leaves_the_picture():
    picture = drawn([1.0, 2.0, 900.0, math.nan], [1.0, 2.0, 800.0, math.nan], behind=[0.9, 0.5, 0.4, 0.4], limit=3.0)
    (line,) = points(picture, LIGHT.training)
    assert line[0][1] > TOP and line[2][1] < 0 and len(line) == 3
    assert crosses(picture) == 0


def test_a_curve_that_breaks_off_in_the_picture_is_crossed_there():
    assert crosses(drawn([3.0, 2.0, math.nan, math.nan], [3.0, 2.0, 2.0, 2.0])) == 1
    assert crosses(drawn([math.nan, math.nan], [math.nan, math.nan], behind=[2.0, 1.0])) == 1


def crosses(picture):
    return len([path for path in picture.iter(f"{SVG}path") if path.get("stroke") == LIGHT.text])


def test_the_wild_first_tenth_does_not_flatten_the_rest():
    values = [1000.0, *[2.0 - i / 100 for i in range(99)]]
    (line,) = points(drawn(values, []), LIGHT.training)
    assert max(y for _, y in line[10:]) - min(y for _, y in line[10:]) > (HEIGHT - TOP - BOTTOM) / 3


def test_the_epochs_of_the_evidence_are_shaded():
    shades = [r for r in drawn([3, 2, 1.0], [3, 2, 1.0], epochs=(2, 3)).iter(f"{SVG}rect") if r.get("opacity")]
    assert len(shades) == 1 and float(shades[0].get("width")) > 50


@given(
    st.lists(st.floats(allow_nan=True, allow_infinity=True), max_size=12),
    st.lists(st.floats(allow_nan=True, allow_infinity=True), max_size=12),
    st.sampled_from([None, 0.0, 3.0]),
)
def test_any_curve_makes_a_picture(train, validation, limit):
    drawn(train, validation, behind=validation, behind_label="<healthy & co>", limit=limit, epochs=(1, 5), label='"<&>')
