"""A sweep as a strip of a few pixels, in plain SVG, to lie under a slider: its x is the slider's own."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from tuning_core.charts.style import colours, svg_text

WIDTH = 1000  # of the picture's own units; the page stretches it to the slider's width
PAD = 4.0
LEAST = 0.15  # what differs by less than about 15 % does not fill the height: it would look like much


def sweep_strip(
    places: Sequence[float],
    losses: Sequence[float],
    zones: Sequence[str],
    *,
    now: float | None = None,
    best: int | None = None,
    along: Sequence[float] = (),
    mark: float | None = None,
    label: str = "",
    height: int = 34,
    stale: bool = False,
    dark: bool = False,
) -> str:
    """SVG text: zones as tints, the losses as a line, the best as a dot.

    Parameters
    ----------
    places : of the values on the slider, 0 is its left end and 1 its right one, ascending.
    losses, zones : see `tuning_core.diagnosis.sweep.Sweep`. A loss that is not finite, or far above the rest, lies at the top.
    now : place of the slider's value.
    along : other losses at the same places, drawn dashed.
    mark : place of something to compare with, drawn as a dotted line.
    label : for readers that do not see.
    stale : of other settings than today's: without colour.
    """
    of = colours(dark)
    tint = {"best": of.best, "unstable": of.stop, "stable": of.grey}
    strength = {"best": 0.3, "unstable": 0.3, "stable": 0.1}
    parts = []
    for zone, left, right in _cells(places, zones):
        paint = of.grey if stale else tint[zone]
        opacity = strength["best" if stale and zone == "best" else "stable" if stale else zone]
        parts.append(
            f'<rect x="{left}" y="0" width="{round(right - left, 1)}" height="{height}" fill="{paint}" opacity="{opacity}"/>'
        )
    scale = _scale([*losses, *along], losses, height)
    ink = of.grey if stale else of.validation
    parts.append(_line(places, losses, scale, f'stroke="{ink}" stroke-width="1.8"'))
    if along:
        parts.append(_line(places, along, scale, f'stroke="{ink}" stroke-width="1.4" stroke-dasharray="3 3"'))
    if mark is not None:
        parts.append(_upright(mark, height, f'stroke="{of.text}" stroke-width="1.6" stroke-dasharray="1.5 2.5"'))
    if now is not None:
        parts.append(_upright(now, height, f'stroke="{of.training}" stroke-width="1.6"'))
    if best is not None:
        dot = f'stroke="{of.grey if stale else of.best}" stroke-width="7" stroke-linecap="round"'
        parts.append(f'<path d="M{_x(places[best])} {scale(losses[best])}h0" {dot} vector-effect="non-scaling-stroke"/>')
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="100%" height="{height}"'
    return f'{head} preserveAspectRatio="none" role="img" aria-label="{svg_text(label)}">{"".join(parts)}</svg>'


def _x(place: float) -> float:
    return round(WIDTH * place, 1)


def _cells(places: Sequence[float], zones: Sequence[str]) -> list[tuple[str, float, float]]:
    """(zone, left, right) of neighbours of the same zone taken together; each value reaches half-way to the next."""
    if not places:
        return []
    borders = [places[0], *((a + b) / 2 for a, b in pairwise(places)), places[-1]]
    cells: list[tuple[str, float, float]] = []
    for i, zone in enumerate(zones):
        if cells and cells[-1][0] == zone:
            cells[-1] = (zone, cells[-1][1], _x(borders[i + 1]))
        else:
            cells.append((zone, _x(borders[i]), _x(borders[i + 1])))
    return cells


def _scale(everything: Sequence[float], losses: Sequence[float], height: int):
    """From a loss to y; logarithmic where all are positive. The lowest lies at the bottom, the left end's loss in view."""
    finite = [v for v in everything if math.isfinite(v)]
    turn = math.log if finite and min(finite) > 0 else float
    low = turn(min(finite)) if finite else 0.0
    known = sorted(turn(v) for v in losses if math.isfinite(v))
    # The upper quarter may be wild: it does not flatten the rest.
    high = known[(3 * (len(known) - 1) + 3) // 4] if known else 1.0
    reach = max(high - low, LEAST if turn is math.log else LEAST * abs(low), 1e-12)

    def y(loss: float) -> float:
        share = min(max((turn(loss) - low) / reach, 0.0), 1.0) if math.isfinite(loss) else 1.0
        return round(PAD + (height - 2 * PAD) * (1 - share), 1)

    return y


def _line(places: Sequence[float], losses: Sequence[float], scale, look: str) -> str:
    points = " ".join(f"{_x(place)},{scale(loss)}" for place, loss in zip(places, losses, strict=True))
    return f'<polyline points="{points}" fill="none" {look} stroke-linejoin="round" vector-effect="non-scaling-stroke"/>'


def _upright(place: float, height: int, look: str) -> str:
    return f'<line x1="{_x(place)}" x2="{_x(place)}" y1="0" y2="{height}" {look} vector-effect="non-scaling-stroke"/>'
