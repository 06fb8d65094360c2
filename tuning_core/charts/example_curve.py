"""One learning curve as an example to look at: labelled, with the epochs that show it shaded and another behind; plain SVG."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from tuning_core.charts.style import colours, number, svg_text

WIDTH, HEIGHT = 400, 152  # of the picture's own units; it is scaled as a whole
LEFT, RIGHT, TOP, BOTTOM = 46, 66, 8, 20
POINTS = 200  # of one line
LETTERS = 11.5


def example_curve(
    train: Sequence[float],
    validation: Sequence[float],
    *,
    behind: Sequence[float] = (),
    behind_label: str = "",
    epochs: tuple[int, int] | None = None,
    limit: float | None = None,
    label: str = "",
    dark: bool = False,
) -> str:
    """SVG text.

    Parameters
    ----------
    train, validation : one value per epoch; what is not finite is a gap. A cross stands where the training curve breaks off
        within the picture.
    behind : another validation curve for comparison, drawn grey and dashed under `behind_label`.
    epochs : first and last epoch to shade.
    limit : values above are cut off, so that an explosion does not flatten the rest.
    label : for readers that do not see.
    """
    of = colours(dark)
    lines = [
        (behind, of.grey, behind_label, 'stroke-width="1.4" stroke-dasharray="4 3"'),
        (train, of.training, "training", 'stroke-width="2"'),
        (validation, of.validation, "validation", 'stroke-width="2"'),
    ]
    lines = [line for line in lines if len(line[0])]
    low, high = _range([line[0] for line in lines], limit)
    last = max((len(line[0]) for line in lines), default=1)

    def place(epoch: float, value: float, beyond: float = 0.0) -> tuple[float, float]:
        x = LEFT + (WIDTH - LEFT - RIGHT) * (epoch - 1) / max(1, last - 1)
        share = min(max((value - low) / (high - low), -beyond), 1 + beyond)
        return round(x, 1), round(TOP + (HEIGHT - TOP - BOTTOM) * (1 - share), 1)

    parts = [_shade(epochs, place, of.text)] if epochs else []
    parts.append(_axes(low, high, last, place, of))
    drawn = "".join(_line(values, place, f'stroke="{paint}" {look}') for values, paint, _, look in lines)
    frame = f'x="{LEFT}" y="{TOP}" width="{WIDTH - LEFT - RIGHT}" height="{HEIGHT - TOP - BOTTOM}"'
    parts.append(f'<clipPath id="frame"><rect {frame}/></clipPath><g clip-path="url(#frame)">{drawn}</g>')
    parts.append(_cross(train, high, place, of.text))
    parts.append(_end_labels(lines, high, place))
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" role="img"'
    return f'{head} font-size="{LETTERS}" aria-label="{svg_text(label)}">{"".join(parts)}</svg>'


def _range(curves: Sequence[Sequence[float]], limit: float | None) -> tuple[float, float]:
    """From the lowest value to the highest after the first tenth of the epochs, or to the limit."""
    finite = [v for values in curves for v in values if math.isfinite(v)]
    if not finite:
        return 0.0, 1.0
    later = [v for values in curves for v in values[len(values) // 10 :] if math.isfinite(v)] or finite
    low = min(finite)
    high = max(later) if limit is None else min(max(later), max(limit, low))
    if 0 <= low < 0.5 * high:
        low = 0.0
    pad = 0.04 * (high - low) or 0.5 * abs(low) or 0.5
    return (0.0 if low == 0.0 else low - pad), high + pad


def _shade(epochs: tuple[int, int], place, ink: str) -> str:
    x0, x1 = (place(epoch, 0.0)[0] for epoch in epochs)
    size = f'x="{x0}" y="{TOP}" width="{max(round(x1 - x0, 1), 2)}" height="{HEIGHT - TOP - BOTTOM}"'
    return f'<rect {size} fill="{ink}" opacity="0.07"/>'


def _axes(low: float, high: float, last: int, place, of) -> str:
    bottom = HEIGHT - BOTTOM
    line = f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{bottom}" y2="{bottom}" stroke="{of.grey}" opacity="0.5"/>'
    words = [(LEFT - 5, y + 4, "end", number(v)) for v in (low, high) for y in [place(1, v)[1]]]
    words += [(place(1, low)[0], HEIGHT - 5, "start", "1"), (place(last, low)[0], HEIGHT - 5, "end", f"epoch {last:,}")]
    return line + "".join(
        f'<text x="{x}" y="{y}" text-anchor="{anchor}" fill="{of.grey}">{svg_text(text)}</text>' for x, y, anchor, text in words
    )


def _line(values: Sequence[float], place, look: str) -> str:
    step = max(1, math.ceil(len(values) / POINTS))
    pieces: list[list[str]] = [[]]
    for epoch in sorted({*range(1, len(values) + 1, step), len(values)}):
        if math.isfinite(values[epoch - 1]):
            x, y = place(epoch, values[epoch - 1], beyond=20.0)  # what is too high leaves the picture, steeply
            pieces[-1].append(f"{x},{y}")
        elif pieces[-1]:
            pieces.append([])
    style = f'fill="none" {look} stroke-linejoin="round" stroke-linecap="round"'
    return "".join(f'<polyline points="{" ".join(piece)}" {style}/>' for piece in pieces if piece)


def _cross(values: Sequence[float], high: float, place, ink: str) -> str:
    """Where a curve stops being a number, unless it has left the picture before."""
    lost = next((i for i, v in enumerate(values) if not math.isfinite(v)), None)
    if lost is None or (lost and values[lost - 1] > high):
        return ""
    x, y = place(lost + 1, values[lost - 1] if lost else 0.0)
    return f'<path d="M{x - 4} {y - 4}l8 8m0 -8l-8 8" stroke="{ink}" stroke-width="2"/>'


def _end_labels(lines, high: float, place) -> str:
    """The names at the last finite points, moved apart so that none lies on another; an arrow tells that a line ends above."""
    ends = []
    for values, paint, name, _ in lines:
        last = max((i for i, v in enumerate(values) if math.isfinite(v)), default=None)
        if last is not None and name:
            ends.append([place(1, values[last])[1] + 4, paint, f"↑ {name}" if values[last] > high else name])
    ends.sort(key=lambda end: end[0])
    for above, end in pairwise(ends):
        end[0] = max(end[0], above[0] + LETTERS + 1)
    over = max(0.0, ends[-1][0] - (HEIGHT - BOTTOM)) if ends else 0.0
    x = WIDTH - RIGHT + 6
    return "".join(f'<text x="{x}" y="{round(y - over, 1)}" fill="{paint}">{svg_text(name)}</text>' for y, paint, name in ends)
