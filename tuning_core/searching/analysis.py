"""What a finished search tells: heat maps, importance of each axis, divergence. Plain functions on points."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from tuning_core.errors import SettingsError
from tuning_core.experiment.axes import Choice, RandInt
from tuning_core.experiment.space import SearchSpace
from tuning_core.searching.points import Point, coordinates, is_log, is_numeric, label

BINS = 10
FEWEST_POINTS = 8  # for an importance
TREES = 200


# ---- heat map --------------------------------------------------------------------------------------------------------------


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
        if point.is_good:
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


# ---- importance ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Importance:
    """How much an axis matters.

    Attributes
    ----------
    share : of all axes' importances, which sum to 1 (all 0 when the forest explains nothing).
    error : standard deviation of the share over shuffles.
    """

    name: str
    share: float
    error: float


@dataclass(frozen=True)
class Importances:
    """Importances from the largest down, and how far to trust them.

    Attributes
    ----------
    explained : share of the variance of the scores' ranks that the forest predicts for settings it has not seen (out of bag).
    n : settings that it learned from.
    method : the method in words, to be shown beside the numbers.
    """

    axes: tuple[Importance, ...]
    explained: float
    n: int
    method: str = "permutation importance of a random forest that predicts the rank of a setting"

    @property
    def is_trustworthy(self) -> bool:
        return self.explained > 0.25


def importances(points: Sequence[Point], space: SearchSpace, seed: int = 0) -> Importances:
    """Which axes decide the score (Breiman 2001: shuffle one axis and see how much worse a forest predicts).

    The forest learns ranks, so that a few terrible settings do not drown the rest; settings without a score rank last.

    Raises
    ------
    SettingsError
        With fewer than 8 settings, or with none that differ.
    """
    from sklearn.ensemble import RandomForestRegressor
    from sklearn.inspection import permutation_importance

    names = list(space.axes)
    table = np.column_stack([coordinates(space, name, points) for name in names]) if names else np.zeros((len(points), 0))
    if len(points) < FEWEST_POINTS or not any(len(np.unique(column)) > 1 for column in table.T):
        raise SettingsError(
            f"There are {len(points)} settings, too few to say which axis matters.",
            kind="too_few_trials",
            remedy=f"Try at least {FEWEST_POINTS} settings, better 30.",
        )
    scores = np.array([p.score if p.is_good else np.inf for p in points])
    order = np.searchsorted(np.sort(scores), scores) / (len(scores) - 1)  # 0 for the best; ties share a rank
    forest = RandomForestRegressor(TREES, min_samples_leaf=2, max_features=0.8, oob_score=True, random_state=seed)
    forest.fit(table, order)  # a switched-off axis is NaN, which the trees take as a value of its own
    found = permutation_importance(forest, table, order, n_repeats=10, random_state=seed)
    drops = np.maximum(found.importances_mean, 0.0)
    explained = max(0.0, float(forest.oob_score_)) if np.ptp(order) else 0.0
    total = drops.sum()
    scale = 1.0 / total if total > 0 and explained > 0 else 0.0
    axes = [
        Importance(n, float(d * scale), float(e * scale)) for n, d, e in zip(names, drops, found.importances_std, strict=True)
    ]
    return Importances(tuple(sorted(axes, key=lambda a: -a.share)), explained, len(points))


# ---- divergence ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Divergence:
    """Settings without a score along an axis.

    Attributes
    ----------
    labels : of the cells, as in a heat map.
    count, diverged : per cell, settings and those of them that diverged or failed.
    """

    name: str
    labels: tuple[str, ...]
    count: tuple[int, ...]
    diverged: tuple[int, ...]

    @property
    def share(self) -> tuple[float, ...]:
        """Per cell; NaN where nothing was tried."""
        return tuple(d / n if n else math.nan for d, n in zip(self.diverged, self.count, strict=True))


def divergence(points: Sequence[Point], space: SearchSpace, name: str, bins: int = BINS) -> Divergence:
    """How many settings diverged along an axis."""
    cells, labels = _cells(points, space, name, bins)
    bad = np.array([p.status == "diverged" for p in points], bool)
    count = np.bincount(cells[cells >= 0], minlength=len(labels))
    diverged = np.bincount(cells[(cells >= 0) & bad], minlength=len(labels))
    return Divergence(name, labels, tuple(count.tolist()), tuple(diverged.tolist()))


def diverged_share(points: Sequence[Point]) -> float:
    """Share of all settings that diverged; NaN without any."""
    return sum(p.status == "diverged" for p in points) / len(points) if points else math.nan
