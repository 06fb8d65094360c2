"""How much each axis of a search mattered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tuning_core.errors import SettingsError
from tuning_core.experiment.space import SearchSpace
from tuning_core.search_analysis.points import Point, coordinates

FEWEST_POINTS = 8  # for an importance


TREES = 200


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
    scores = np.array([p.score if p.has_score else np.inf for p in points])
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
