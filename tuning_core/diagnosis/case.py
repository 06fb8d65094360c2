"""A case: one run with everything known of it, handed to whoever writes a finding."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tuning_core.diagnosis.finding import Evidence
from tuning_core.diagnosis.measures import Curves, measure, read_curves
from tuning_core.diagnosis.model import Calibration, Reading
from tuning_core.diagnosis.wording import shown
from tuning_core.experiment import History

SHOWN = 4  # pieces of evidence in a finding


@dataclass(frozen=True, eq=False)
class Case:
    """The curves to draw on, their measures (the median over seeds, where several are given), and the votes (the mean)."""

    curves: Curves
    measures: Mapping[str, float]
    votes: Mapping[str, float]
    readings: tuple[Reading, ...]

    def __getitem__(self, name: str) -> float:
        """A measure, NaN where it is not known."""
        return self.measures.get(name, math.nan)

    def knows(self, name: str) -> bool:
        return math.isfinite(self[name])

    def percent(self, name: str) -> float:
        """A log ratio as a change in percent."""
        return 100 * math.expm1(self[name])

    def margin(self, kind: str) -> float:
        """How far the vote on a verdict is above its threshold: 0 at it, 1 at certainty, negative below."""
        threshold = self.readings[0].calibration.thresholds[kind]
        return (self.votes[kind] - threshold) / (1 - threshold)

    def evidence(self, kind: str, *first: str) -> tuple[Evidence, ...]:
        """The measures `first`, where known, and then those that moved the vote most, each beside its threshold."""
        typical = self.readings[0].calibration.typical.get(kind, {})
        drivers = [name for name in self.readings[0].drivers(kind) if name in typical and name not in first]
        names = [name for name in (*first, *drivers) if self.knows(name)][:SHOWN]
        return tuple(shown(name, self[name], *typical.get(name, (None, True))) for name in names)


def examine(history: History, seeds: Sequence[History], calibration: Calibration) -> Case:
    """Read one run, and others of the same settings with it."""
    curves = read_curves(history)
    measured = [measure(curves), *(measure(read_curves(other)) for other in seeds)]
    readings = tuple(calibration.read(m) for m in measured)
    votes = {name: float(np.mean([r.votes[name] for r in readings])) for name in readings[0].votes}
    return Case(curves, _pool(measured), votes, readings)


def _pool(measured: list[dict[str, float]]) -> dict[str, float]:
    if len(measured) == 1:
        return measured[0]
    pooled = {}
    for name in dict.fromkeys(name for m in measured for name in m):
        values = [m[name] for m in measured if math.isfinite(m.get(name, math.nan))]
        pooled[name] = float(np.median(values)) if values else math.nan
    return pooled
