"""The best score over two axes of a search."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from tuning_core.experiment.axes import Choice, RandInt
from tuning_core.experiment.space import SearchSpace
from tuning_core.search_analysis.points import Point, coordinates, is_log, is_numeric, label

BINS = 10


@dataclass(frozen=True, eq=False)
class HeatMap:
    """Scores over two axes.

    Attributes
    ----------
    x_labels, y_labels : of the columns and rows.
    best, mean : (rows, columns) float64, NaN where no setting with a score fell.
    count, diverged : (rows, columns) int, settings in the cell, and those of them without a score.
    """

    x_name: str
    y_name: str
    x_labels: tuple[str, ...]
    y_labels: tuple[str, ...]
    best: np.ndarray
    mean: np.ndarray
    count: np.ndarray
    diverged: np.ndarray


def heat_map(points: Sequence[Point], space: SearchSpace, x_name: str, y_name: str, bins: int = BINS) -> HeatMap:
    """Best and mean score for each cell of two axes; ranges are cut into `bins` equal parts (of the logarithm on a log axis).

    Settings for which one of the axes is switched off are left out.
    """
    x_cells, x_labels = _cells(points, space, x_name, bins)
    y_cells, y_labels = _cells(points, space, y_name, bins)
    shape = (len(y_labels), len(x_labels))
    best, total = np.full(shape, np.inf), np.zeros(shape)
    count, diverged = np.zeros(shape, int), np.zeros(shape, int)
    for point, column, row in zip(points, x_cells, y_cells, strict=True):
        if column < 0 or row < 0:
            continue
        count[row, column] += 1
        if point.has_score:
            best[row, column] = min(best[row, column], point.score)
            total[row, column] += point.score
        else:
            diverged[row, column] += 1
    good = count - diverged
    mean = np.divide(total, good, out=np.full(shape, np.nan), where=good > 0)
    return HeatMap(x_name, y_name, x_labels, y_labels, np.where(np.isfinite(best), best, np.nan), mean, count, diverged)


def _cells(points: Sequence[Point], space: SearchSpace, name: str, bins: int) -> tuple[np.ndarray, tuple[str, ...]]:
    """The cell of each point along an axis (-1 where it is switched off), and the cells' labels."""
    axis = space.axes[name]
    if isinstance(axis, Choice):
        options = sorted(axis.options) if is_numeric(axis) else list(axis.options)
        labels = [label(option) for option in options]
        cells = [labels.index(label(p.values[name])) if name in p.values else -1 for p in points]
        return np.array(cells, int), tuple(labels)
    places = coordinates(space, name, points)
    low, high = (float(v) for v in axis.probes())
    if is_log(axis):
        low, high = math.log10(low), math.log10(high)
    if isinstance(axis, RandInt) and not axis.log:
        bins = min(bins, axis.high - axis.low)
        high += 1
    edges = np.linspace(low, high, bins + 1)
    cells_at = np.clip(np.searchsorted(edges, places, side="right") - 1, 0, bins - 1)
    shown = 10**edges if is_log(axis) else edges
    labels = [f"{a:.2g} to {b:.2g}" for a, b in pairwise(shown)]
    return np.where(np.isnan(places), -1, cells_at), tuple(labels)
