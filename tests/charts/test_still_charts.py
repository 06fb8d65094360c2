from __future__ import annotations

import base64
import math
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

import pytest

from tuning_core.charts.histogram import category_bars, histogram
from tuning_core.charts.sparkline import picture_html, sparkline_svg
from tuning_core.charts.split_bar import split_bar

SVG = "{http://www.w3.org/2000/svg}"


def test_split_bar_draws_each_part_with_its_rows_and_share() -> None:
    figure = split_bar({"train": 936, "validation": 268, "test": 134})
    assert [bar.x for bar in figure.data] == [(936,), (268,), (134,)]
    assert figure.data[0].text == "936 rows, 70.0 %" and figure.data[2].text == "134"
    assert [a.text for a in figure.layout.annotations] == ["training", "validation", "test"]
    assert [a.x for a in figure.layout.annotations] == [0, 936, 1204]
    names = [a.text for a in split_bar({"train": 936, "validation": 268, "test": 134}, keras=0.2 / 0.9).layout.annotations]
    assert names[1] == "validation (validation_split=0.222: the last rows)"
    assert figure.data[0].marker.color == "#0072B2" and figure.layout.xaxis.range == (0, 1338)


def test_split_bar_without_test_rows_or_without_any() -> None:
    assert len(split_bar({"train": 5, "validation": 1, "test": 0}, dark=True).data) == 2
    assert len(split_bar({"train": 0, "validation": 0, "test": 0}).data) == 0


def test_histogram_says_its_range_and_its_rows() -> None:
    figure = histogram([10, 2000], [0.0, 1.5, 4.0], name="<b>age</b>")
    assert figure.data[0].hovertext == ("0 to 1.50<br><b>10 rows</b>", "1.50 to 4.00<br><b>2,000 rows</b>")
    assert figure.data[0].width == (1.5, 2.5) and figure.layout.xaxis.ticktext == ("0", "4.00")
    assert figure.layout.title.text == "&#60;b&#62;age&#60;/b&#62;"
    with pytest.raises(ValueError, match="2 counts need 3 edges"):
        histogram([1, 2], [0, 1])


def test_category_bars_show_values_verbatim() -> None:
    figure = category_bars([("<i>a</i>", 7), ("b", 2)], others=3)
    assert figure.layout.xaxis.ticktext == ("&#60;i&#62;a&#60;/i&#62;", "b", "all others")
    assert figure.data[0].y == (7, 2, 3)


def test_sparkline_is_sound_svg_with_both_curves_and_words() -> None:
    svg = sparkline_svg([9.0, 4, 2, 1], [9.5, 5, 4, 4.5], best_epoch=3, label='<run> "1"')
    root = ElementTree.fromstring(svg)
    lines = root.findall(f"{SVG}polyline")
    assert [line.get("stroke") for line in lines] == ["#0072B2", "#D55E00"]
    assert len(lines[0].get("points").split()) == 4
    assert root.get("aria-label") == '<run> "1", training 9.00 to 1.00 in 4 epochs, validation 9.50 to 4.50 in 4 epochs'
    assert root.find(f"{SVG}path").get("stroke") == "#009E73"


def test_sparkline_keeps_inside_its_box_and_draws_gaps_as_gaps() -> None:
    curve = [1e30] + [math.nan if 40 <= e < 60 else 1 / e for e in range(1, 2000)]
    root = ElementTree.fromstring(sparkline_svg(curve, [], width=100, height=40))
    pieces = [line.get("points").split() for line in root.findall(f"{SVG}polyline")]
    points = [tuple(map(float, point.split(","))) for piece in pieces for point in piece]
    assert len(points) < 80
    assert all(0 <= x <= 100 and 0 <= y <= 40 for x, y in points)
    assert max(x for x, _ in points) == 97  # the last epoch is at the right edge


@pytest.mark.parametrize("curve", [[], [math.nan], [math.inf, math.nan]])
def test_sparkline_of_nothing_is_a_calm_line(curve: list[float]) -> None:
    root = ElementTree.fromstring(sparkline_svg(curve, curve))
    assert root.find(f"{SVG}line") is not None and root.find(f"{SVG}polyline") is None


def test_sparkline_of_one_epoch_or_a_constant() -> None:
    for curve in ([3.0], [2.0, 2.0, 2.0]):
        assert len(ElementTree.fromstring(sparkline_svg(curve, curve)).findall(f"{SVG}polyline")) == 2


def test_a_sparkline_does_not_load_plotly() -> None:
    script = "import sys, tuning_core.charts.sparkline; print([m for m in ('plotly', 'pandas', 'numpy') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.strip() == "[]"


def test_a_picture_holds_the_whole_svg_and_its_words() -> None:
    svg = sparkline_svg([2.0, 1.0], [3.0, 2.0], label='"><script>')
    root = ElementTree.fromstring(picture_html(svg).replace('block">', 'block"/>'))
    assert base64.b64decode(root.get("src").split(",")[1]).decode() == svg
    assert root.get("alt").startswith('"><script>, training 2.00 to 1.00')
