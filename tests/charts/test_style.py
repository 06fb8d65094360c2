from __future__ import annotations

import math
import re
import tomllib

import pytest

from tests.support.paths import ROOT
from tuning_core.charts.style import DARK, LIGHT, number, plotly_text, share, svg_text, whole

BASE_JS = ROOT / "pages" / "components" / "shared" / "theme.js"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"), (1, "1.00"), (0.5, "0.500"), (0.012345, "0.0123"), (123.456, "123"), (12345.6, "12,300"), (999499, "999,000"),
        (999999, "1.00M"), (30_712_000, "30.7M"), (2.5e9, "2.50B"), (1e13, "10.0T"), (1e15, "1.00e15"), (0.00012, "0.000120"),
        (0.00001234, "1.23e-5"), (-1234, "-1,230"), (9.999, "10.0"), (math.nan, "not a number"), (math.inf, "not a number"),
    ],
)  # fmt: skip
def test_numbers_have_three_digits_and_separated_thousands(value: float, text: str) -> None:
    assert number(value) == text


def test_units_shares_and_counts() -> None:
    assert number(1234, "USD") == "1,230 USD"
    assert (share(0.97412), share(1), share(0), share(math.nan)) == ("97.4 %", "100 %", "0 %", "not a number")
    assert whole(12345.2) == "12,345"


def test_text_of_users_cannot_become_markup_or_a_template() -> None:
    hostile = "<b>x</b> %{y} $\\alpha$ &lt; \"q\" 'p'\nnext\x00"
    text = plotly_text(hostile)
    assert not set("<>{}$\"'\n\x00") & set(text)
    # Undone by an entity decoder it is what went in, apart from control characters.
    assert re.sub(r"&#(\d+);", lambda found: chr(int(found[1])), text) == "<b>x</b> %{y} $\\alpha$ &lt; \"q\" 'p' next "
    assert plotly_text("abcdef", 4) == "abc…"
    assert svg_text('<b a="1">') == "&lt;b a=&quot;1&quot;&gt;"


def test_the_live_curve_has_the_same_colours() -> None:
    script = BASE_JS.read_text(encoding="utf-8")
    for theme, of in (("light", LIGHT), ("dark", DARK)):
        found = re.search(rf"{theme}: {{ train: \"(.+?)\", validation: \"(.+?)\", best: \"(.+?)\", stop: \"(.+?)\" }}", script)
        assert found and found.groups() == (of.training, of.validation, of.best, of.stop)


def test_the_theme_has_the_same_colours() -> None:
    theme = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())["theme"]
    for name, of in (("light", LIGHT), ("dark", DARK)):
        found = tuple(theme[name][f"{part}Color"] for part in ("primary", "background", "text"))
        assert found == (of.training, of.background, of.text)


def luminance(colour: str) -> float:
    """WCAG 2.2 relative luminance of a hex colour."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


@pytest.mark.parametrize("of", [LIGHT, DARK])
def test_lines_and_words_stand_out_from_the_background(of) -> None:
    def contrast(colour: str) -> float:
        low, high = sorted((luminance(colour), luminance(of.background)))
        return (high + 0.05) / (low + 0.05)

    assert min(contrast(c) for c in (of.training, of.validation, of.best)) >= 3
    assert contrast(of.grey) >= 4.5 and contrast(of.text) >= 7
