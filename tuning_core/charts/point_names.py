"""Names beside points of a still chart: none lies over another one or over a point. Letters are counted, not measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

CLOSE = 0.02  # of the range: points that near are one for the reader, and share their names
LISTED = 3  # names of one place
LETTER, LINE, GAP = 7.0, 15.0, 9.0  # pixels of a letter, of a line, and between a point and its name
PLACES = ("top center", "bottom center", "middle right", "middle left")


@dataclass(frozen=True)
class _Box:
    left: float
    top: float
    width: float
    height: float

    def meets(self, other: _Box) -> bool:
        apart = self.left >= other.left + other.width or other.left >= self.left + self.width
        return not (apart or self.top >= other.top + other.height or other.top >= self.top + self.height)


def point_names(points: Sequence[tuple[str, float, float]], size: tuple[float, float]) -> list[tuple[str, str]]:
    """For each point (name, x, y) its text and Plotly's `textposition`; "" where there is no room, or another point has its name.

    Parameters
    ----------
    points : x and y from 0 to 1 within the drawing, y upwards; the first ones are named first.
    size : pixels of the drawing's width and height.
    """
    groups: list[list[int]] = []
    for i, (_, x, y) in enumerate(points):
        there = next((g for g in groups if abs(points[g[0]][1] - x) < CLOSE and abs(points[g[0]][2] - y) < CLOSE), None)
        groups.append([i]) if there is None else there.append(i)
    width, height = size
    places = {group[0]: (points[group[0]][1] * width, (1 - points[group[0]][2]) * height) for group in groups}
    taken = [_Box(x - GAP / 2, y - GAP / 2, GAP, GAP) for x, y in places.values()]
    found = [("", PLACES[0])] * len(points)
    for group in groups:
        text = _together([points[i][0] for i in group])
        for place in PLACES:
            box = _box(text, *places[group[0]], place)
            inside = box.left >= 0 and box.top >= 0 and box.left + box.width <= width and box.top + box.height <= height
            if inside and not any(box.meets(other) for other in taken):
                taken.append(box)
                found[group[0]] = (text, place)
                break
    return found


def _together(names: Sequence[str]) -> str:
    more = len(names) - LISTED
    return ", ".join(names) if more <= 0 else f"{', '.join(names[:LISTED])} and {more} more"


def _box(text: str, x: float, y: float, place: str) -> _Box:
    wide = LETTER * len(text)
    if place == "middle right":
        return _Box(x + GAP, y - LINE / 2, wide, LINE)
    if place == "middle left":
        return _Box(x - GAP - wide, y - LINE / 2, wide, LINE)
    return _Box(x - wide / 2, y - GAP - LINE if place == "top center" else y + GAP, wide, LINE)
