"""A finished run as a curve of a few pixels, in plain SVG: dozens of them cost a page nothing."""

from __future__ import annotations

import base64
import math
from collections.abc import Sequence
from xml.etree import ElementTree

from tuning_core.charts.style import colours, number, svg_text, whole

POINTS = 60
PAD = 3.0


def sparkline_svg(
    train: Sequence[float],
    validation: Sequence[float],
    *,
    best_epoch: int | None = None,
    label: str = "",
    width: int = 160,
    height: int = 44,
    dark: bool = False,
) -> str:
    """SVG text of a training and a validation curve; values that are not finite are gaps.

    Parameters
    ----------
    train, validation : one value per epoch.
    best_epoch : marked with a dot on the validation curve.
    label : for readers that do not see; what the curves say is added.
    """
    of = colours(dark)
    span = _span(train, validation)
    words = svg_text(_words(train, validation, label))
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="100%" height="{height}"'
    head += f' preserveAspectRatio="none" role="img" aria-label="{words}">'
    if span is None:
        y = height / 2
        dash = f'<line x1="{PAD}" y1="{y}" x2="{width - PAD}" y2="{y}" stroke="{of.grey}" stroke-dasharray="3 4" opacity="0.5"/>'
        return f"{head}{dash}</svg>"
    last = max(len(train), len(validation))

    def place(epoch: int, value: float) -> tuple[float, float]:
        x = PAD + (width - 2 * PAD) * (epoch - 1) / max(1, last - 1)
        share = (min(max(value, span[0]), span[1]) - span[0]) / (span[1] - span[0])
        return round(x, 1), round(PAD + (height - 2 * PAD) * (1 - share), 1)

    lines = "".join(
        f'<polyline points="{" ".join(f"{x},{y}" for x, y in piece)}" fill="none" stroke="{colour}" stroke-width="1.6"'
        ' stroke-linejoin="round" stroke-linecap="round" vector-effect="non-scaling-stroke"/>'
        for values, colour in ((train, of.training), (validation, of.validation))
        for piece in _pieces(values, place)
    )
    dot = ""
    if best_epoch is not None and 0 < best_epoch <= len(validation) and math.isfinite(validation[best_epoch - 1]):
        x, y = place(best_epoch, validation[best_epoch - 1])
        # A round line of no length: it stays a circle however the picture is stretched.
        dot = f'<path d="M{x} {y}h0" stroke="{of.best}" stroke-width="6" stroke-linecap="round"'
        dot += ' vector-effect="non-scaling-stroke"/>'
    return f"{head}{lines}{dot}</svg>"


def picture_html(svg: str, height: int | None = 44) -> str:
    """An SVG as an `<img>` of its own: pages that clean their HTML, as `st.html` does, take the bare `<svg>` out.

    `height` in pixels; None keeps the proportions.
    """
    words = svg_text(ElementTree.fromstring(svg).get("aria-label", ""))  # nosec B314
    data = base64.b64encode(svg.encode()).decode()
    size = "auto" if height is None else f"{height}px"
    return f'<img src="data:image/svg+xml;base64,{data}" alt="{words}" style="width: 100%; height: {size}; display: block">'


def _span(*curves: Sequence[float]) -> tuple[float, float] | None:
    """Lowest value, and the highest without the first tenth of the epochs, which would flatten all the rest."""
    finite = [v for curve in curves for v in curve if math.isfinite(v)]
    if not finite:
        return None
    later = [v for curve in curves for v in curve[len(curve) // 10 :] if math.isfinite(v)] or finite
    low, high = min(finite), max(later)
    return (low, high) if high > low else (low - 0.5, low + 0.5)


def _pieces(values: Sequence[float], place) -> list[list[tuple[float, float]]]:
    """Stretches without gaps, thinned to about POINTS, first and last epoch kept."""
    step = max(1, math.ceil(len(values) / POINTS))
    epochs = sorted({*range(1, len(values) + 1, step), len(values)} - {0})
    pieces: list[list[tuple[float, float]]] = [[]]
    for epoch in epochs:
        if math.isfinite(values[epoch - 1]):
            pieces[-1].append(place(epoch, values[epoch - 1]))
        elif pieces[-1]:
            pieces.append([])
    return [piece * 2 if len(piece) == 1 else piece for piece in pieces if piece]


def _words(train: Sequence[float], validation: Sequence[float], label: str) -> str:
    parts = [label] if label else []
    for name, values in (("training", train), ("validation", validation)):
        if len(values):
            parts.append(f"{name} {number(values[0])} to {number(values[-1])} in {whole(len(values))} epochs")
    return ", ".join(parts) or "no curve"
