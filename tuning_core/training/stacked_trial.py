"""One trial inside a stack."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from tuning_core.training.specs import TrialSpec, training_of


@dataclass(eq=False)
class StackedTrial:
    """One training in the stack: the task with the most epochs, and shorter ones that are its prefixes."""

    tasks: list[TrialSpec]
    rows: list[np.ndarray] = field(default_factory=list)  # recorded so far, each (5, epochs)
    weights: dict[int, tuple[np.ndarray, ...]] = field(default_factory=dict)  # by task number
    stopped: bool = False
    diverged: bool = False
    done: bool = False

    @property
    def leader(self) -> TrialSpec:
        return max(self.tasks, key=lambda task: task.hyperparameters.epochs)

    @property
    def values(self) -> np.ndarray:
        """Recorded so far, shape (5, epochs)."""
        return np.concatenate(self.rows, axis=1) if self.rows else np.zeros((5, 0))


def stacked_trials(tasks: Sequence[TrialSpec]) -> list[StackedTrial]:
    lanes: dict[tuple, StackedTrial] = {}
    for task in tasks:
        lanes.setdefault(training_of(task), StackedTrial([])).tasks.append(task)
    return list(lanes.values())
