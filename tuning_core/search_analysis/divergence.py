"""Where in a search training diverged."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tuning_core.experiment import TrialStatus
from tuning_core.experiment.space import SearchSpace
from tuning_core.search_analysis.heat_map import BINS, _cells
from tuning_core.search_analysis.points import Point


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
    bad = np.array([p.status == TrialStatus.DIVERGED for p in points], bool)
    count = np.bincount(cells[cells >= 0], minlength=len(labels))
    diverged = np.bincount(cells[(cells >= 0) & bad], minlength=len(labels))
    return Divergence(name, labels, tuple(count.tolist()), tuple(diverged.tolist()))


def diverged_share(points: Sequence[Point]) -> float:
    """Share of all settings that diverged; NaN without any."""
    return sum(p.status == TrialStatus.DIVERGED for p in points) / len(points) if points else math.nan
