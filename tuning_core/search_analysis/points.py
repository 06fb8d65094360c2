"""Points: the settings of a search with their scores, as plain data for ranking, plots and advice."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tuning_core.experiment import TrialStatus
from tuning_core.experiment.axes import Axis, Choice, LogUniform, RandInt
from tuning_core.experiment.space import SearchSpace


@dataclass(frozen=True)
class Point:
    """One setting of a search.

    Attributes
    ----------
    values : the axes' values that were switched on.
    score : lower is better (`Score.as_loss`); NaN when a trial of the setting failed or diverged.
    spread : standard deviation of the score over seeds and folds; NaN with one trial.
    status : "diverged" or "failed" when any trial was, else the status of the first trial.
    """

    number: int
    values: Mapping[str, Any]
    score: float
    spread: float = math.nan
    status: TrialStatus = TrialStatus.FINISHED

    @property
    def has_score(self) -> bool:
        return math.isfinite(self.score)


def ranked(points: Iterable[Point]) -> list[Point]:
    """From the lowest score up; those without a score last; equal ones in the order tried."""
    return sorted(points, key=lambda p: (not p.has_score, p.score if p.has_score else 0.0, p.number))


# ---- an axis as numbers ----------------------------------------------------------------------------------------------------


def is_log(axis: Axis) -> bool:
    """Whether the axis is best drawn on a logarithmic scale: log ranges, and numbers that grow about evenly by factors."""
    if isinstance(axis, LogUniform):
        return True
    if isinstance(axis, RandInt):
        return axis.log
    if not isinstance(axis, Choice) or not is_numeric(axis):
        return False
    options = sorted(axis.options)
    if len(options) < 3 or options[0] <= 0:
        return False
    steps, ratios = np.diff(options), np.diff(np.log(options))
    return float(np.std(ratios) / np.mean(ratios)) < float(np.std(steps) / np.mean(steps))


def is_numeric(axis: Axis) -> bool:
    """Whether the values of the axis are numbers with an order."""
    return not isinstance(axis, Choice) or all(isinstance(v, (int, float)) and not isinstance(v, bool) for v in axis.options)


def coordinates(space: SearchSpace, name: str, points: Sequence[Point]) -> np.ndarray:
    """Positions of the points along an axis, shape (points,): logarithms on a log axis, places in the list of choices for names.

    NaN where the axis is switched off.
    """
    axis = space.axes[name]
    if not is_numeric(axis):
        places = {label(option): i for i, option in enumerate(axis.probes())}
        return np.array([places.get(label(p.values[name]), np.nan) if name in p.values else np.nan for p in points], float)
    numbers = np.array([p.values.get(name, np.nan) for p in points], float)
    return np.log10(numbers) if is_log(axis) else numbers


def label(value: Any) -> str:
    """A value in a few characters, as a table or an axis shows it."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.3g}"
    if isinstance(value, (tuple, list)):
        return "-".join(label(v) for v in value) or "none"
    if hasattr(value, "patience"):
        return f"patience {value.patience}"
    return str(value)
