"""A case: one run with everything known of it, handed to whoever writes a finding."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tuning_core.diagnosis.calibrated_trees import Calibration, Reading
from tuning_core.diagnosis.decisions import DIVERGED, RunSigns
from tuning_core.diagnosis.finding import Evidence
from tuning_core.diagnosis.measure_labels import shown
from tuning_core.diagnosis.measures import error_free_share, measure
from tuning_core.diagnosis.read_curves import Curves, read_curves
from tuning_core.experiment import History

SHOWN = 4  # pieces of evidence in a finding


@dataclass(frozen=True, eq=False)
class Case(RunSigns):
    """The curves to draw on, beside their measures and votes, each the median over seeds if there are several."""

    curves: Curves
    reading: Reading

    @property
    def best_epoch(self) -> int:
        """Of the lowest smoothed validation loss (the training loss where there is none), counted from 1."""
        return min(self.curves.best + 1, max(len(self.curves.val), 1))

    def percent(self, name: str) -> float:
        """A log ratio as a change in percent."""
        return 100 * math.expm1(self[name])

    def evidence(self, kind: str, *first: str) -> tuple[Evidence, ...]:
        """The measures `first`, where known, and then those that moved the vote most, each beside its threshold."""
        typical = {**self.reading.calibration.typical.get(kind, {})}
        if kind == "diverged":
            typical["train_end_vs_dummy"] = typical["train_end_vs_low"] = (DIVERGED, True)
        drivers = [name for name in self.reading.drivers(kind) if name in typical and name not in first]
        names = [name for name in (*first, *drivers) if self.knows(name)][:SHOWN]
        return tuple(shown(name, self[name], *typical.get(name, (None, True))) for name in names)


def examine(history: History, seeds: Sequence[History], calibration: Calibration) -> Case:
    """Read one run, and others of the same settings with it."""
    read = [read_curves(h) for h in (history, *seeds)]
    measured = [measure(curves) for curves in read]
    readings = [calibration.read(m) for m in measured]
    votes = {name: float(np.median([r.votes[name] for r in readings])) for name in readings[0].votes}
    certain = [error_free_share(c) for c in read]
    return Case(_pool(measured) | {"all_right": float(np.median(certain))}, votes, calibration.thresholds, read[0], readings[0])


def _pool(measured: list[dict[str, float]]) -> dict[str, float]:
    if len(measured) == 1:
        return measured[0]
    pooled = {}
    for name in dict.fromkeys(name for m in measured for name in m):
        values = [m[name] for m in measured if math.isfinite(m.get(name, math.nan))]
        pooled[name] = float(np.median(values)) if values else math.nan
    return pooled | {"exploded": measured[0]["exploded"]}  # what is drawn is the run itself
