"""One language for all charts: colours, numbers, and text that users wrote.

The colours are those of Okabe and Ito (2008, "Color Universal Design"), which stay apart for colour-blind eyes. The live
curve has the same in `pages/components/shared/theme.js`, the theme in `.streamlit/config.toml`; a test compares them.
"""

from __future__ import annotations

import html
import math
import re
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Colours:
    """Hex colours; every role is the same on every page. `validation_ink` is for words: the line's own is too light for them."""

    training: str
    validation: str
    validation_ink: str
    test: str
    best: str
    stop: str
    grey: str
    grid: str
    text: str
    background: str
    better: str
    worse: str


LIGHT = Colours(
    "#0072B2",
    "#D55E00",
    "#B34E00",
    "#8A9199",
    "#009E73",
    "#CC79A7",
    "#5F6570",
    "#E3E6EA",
    "#1B2733",
    "#FFFFFF",
    "#007A59",
    "#B4460A",
)
DARK = Colours(
    "#56B4E9",
    "#E69F00",
    "#E69F00",
    "#8A9199",
    "#009E73",
    "#CC79A7",
    "#A6ABB5",
    "#2B343D",
    "#E8EDF1",
    "#11181F",
    "#3CC79F",
    "#F28E52",
)

# Eight hues that stay apart for colour-blind eyes, and from training blue and validation vermillion, which mean something
# else: the "muted" and the "light" scheme of Paul Tol (2021, "Colour Schemes", SRON/EPS/TN/09-002), reordered.
HUES = ("#332288", "#44AA99", "#CC6677", "#999933", "#88CCEE", "#882255", "#DDCC77", "#117733")
DARK_HUES = ("#77AADD", "#44BB99", "#EE8866", "#BBCC33", "#99DDFF", "#FFAABB", "#EEDD88", "#AAAA00")

FONT_SIZE = 13
FONT = '"Source Sans", sans-serif'  # Streamlit's own, also where a chart does without its theme
BAND_OPACITY = 0.18
LARGE = ((1e12, "T"), (1e9, "B"), (1e6, "M"))


def colours(dark: bool = False) -> Colours:
    """Of the light or the dark theme."""
    return DARK if dark else LIGHT


def hue_of(hue: int | None, dark: bool = False) -> str:
    """The colour of the nth of what is compared; grey without one."""
    return colours(dark).grey if hue is None else (DARK_HUES if dark else HUES)[hue % len(HUES)]


def plotly_text(text: object, length: int | None = None) -> str:
    """What a user named, to be shown verbatim in a Plotly title, label, tick or hover text.

    Plotly reads some HTML tags, entities, `%{...}` in templates and `$...$`; all of these come out as they went in.
    `length` shortens to so many characters.
    """
    words = str(text)
    if length is not None and len(words) > length:
        words = words[: length - 1] + "…"
    words = re.sub(r"[\x00-\x1f\x7f]+", " ", words)
    return re.sub(r"[&<>\"'{}$]", lambda found: f"&#{ord(found.group())};", words)


def svg_text(text: object) -> str:
    """The same for SVG and HTML."""
    return html.escape(re.sub(r"[\x00-\x1f\x7f]+", " ", str(text)))


def number(value: float, unit: str = "") -> str:
    """Three significant digits with separated thousands, millions in short: 0.0123, 12,300, 30.7M."""
    if value is None or not math.isfinite(value):
        return "not a number"
    size = abs(value)
    if size >= 9.995e14 or 0 < size < 1e-4:
        mantissa, exponent = f"{value:.2e}".split("e")
        text = f"{mantissa}e{int(exponent)}"
    else:
        scale, letter = next(((s, letter) for s, letter in LARGE if size >= s * 0.9995), (1.0, ""))
        text = _three_digits(value / scale) + letter
    return f"{text} {unit}" if unit else text


def tick(value: float) -> str:
    """On axes, where values are round: 20M, 0.5, 1B."""
    return re.sub(r"\.(?=\D|$)", "", re.sub(r"(\.\d*?)0+(?=\D|$)", r"\1", number(value)))


def share(value: float) -> str:
    """A share as per cent with three significant digits: 97.4 %."""
    return f"{_three_digits(100 * value)} %" if value is not None and math.isfinite(value) else "not a number"


def whole(value: float) -> str:
    """A count: 12,345."""
    return f"{round(value):,}"


def _three_digits(value: float) -> str:
    if value == 0:
        return "0"
    digits = max(0, 2 - math.floor(math.log10(abs(float(f"{value:.3g}")))))
    return f"{float(f'{value:.3g}'):,.{digits}f}"


def layout(height: int, dark: bool = False, **more: Any) -> dict[str, Any]:
    """A calm base layout: no frame, no legend, transparent, the app's own font."""
    of = colours(dark)
    base: dict[str, Any] = {
        "height": height,
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "showlegend": False,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "size": FONT_SIZE, "color": of.text},
        "hoverlabel": {"bgcolor": of.background, "bordercolor": of.grid, "font": {"family": FONT, "color": of.text}},
        "dragmode": False,
        "xaxis": {"visible": False, "fixedrange": True},
        "yaxis": {"visible": False, "fixedrange": True},
    }
    return base | more


def duration(seconds: float) -> str:
    """A time in the unit that suits it: 0.40 s, 12 s, 3 min 5 s, 2 h 10 min."""
    if seconds < 10:
        return f"{seconds:.2g} s"
    whole_seconds = round(seconds)
    if whole_seconds < 60:
        return f"{whole_seconds} s"
    minutes, rest = divmod(whole_seconds, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min"
