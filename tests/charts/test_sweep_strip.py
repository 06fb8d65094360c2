"""The strip under a slider: well-formed, on the slider's own scale, and never broken by wild losses."""

from __future__ import annotations

import math
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from tuning_core.charts.style import DARK, LIGHT
from tuning_core.charts.sweep_strip import WIDTH, sweep_strip

SVG = "{http://www.w3.org/2000/svg}"
PLACES = [0.1, 0.3, 0.5, 0.9]


def drawn(**more):
    given = {"losses": [1.0, 0.5, 0.2, math.nan], "zones": ["stable", "stable", "best", "unstable"]} | more
    return ElementTree.fromstring(sweep_strip(PLACES, given.pop("losses"), given.pop("zones"), **given))


def test_zones_meet_half_way_between_their_values():
    cells = [(r.get("fill"), float(r.get("x")), float(r.get("width"))) for r in drawn().iter(f"{SVG}rect")]
    assert cells == [(LIGHT.grey, 100.0, 300.0), (LIGHT.best, 400.0, 300.0), (LIGHT.stop, 700.0, 200.0)]


def test_todays_value_the_mark_and_the_best_stand_where_the_slider_has_them():
    strip = drawn(now=0.25, mark=0.75, best=2, dark=True)
    lines = {line.get("stroke"): float(line.get("x1")) / WIDTH for line in strip.iter(f"{SVG}line")}
    assert lines == {DARK.training: 0.25, DARK.text: 0.75}
    assert next(strip.iter(f"{SVG}path")).get("d").startswith("M500.0 30.0")  # the lowest loss, at the bottom


def test_what_is_not_finite_lies_at_the_top():
    y = [float(p.split(",")[1]) for p in next(drawn().iter(f"{SVG}polyline")).get("points").split()]
    assert y[3] == y[0] == 4.0 and y[2] == max(y)


def test_small_differences_look_small():
    y = [float(p.split(",")[1]) for p in next(drawn(losses=[1.0, 1.01, 1.0, 1.02]).iter(f"{SVG}polyline")).get("points").split()]
    assert max(y) - min(y) < 34 / 5


def test_a_stale_strip_has_no_colour():
    strip = drawn(stale=True, best=2)
    paints = {e.get(k) for e in strip.iter() for k in ("fill", "stroke")} - {None, "none"}
    assert paints == {LIGHT.grey}


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), max_size=8))
def test_any_losses_make_a_picture(losses):
    places = [i / max(1, len(losses) - 1) for i in range(len(losses))]
    ElementTree.fromstring(sweep_strip(places, losses, ["stable"] * len(losses), along=losses, label="<a & b>"))
