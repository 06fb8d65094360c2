"""What travels between engine and workers: plain, picklable, no open files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from tuning_core.experiment import Trial
from tuning_core.training.checkpoint import TrainingCheckpoint
from tuning_core.training.specs import ProgramKey, TrialSpec


@dataclass(frozen=True)
class TableSource:
    """Where a worker finds a cleaned table: a folder it can see, or (on other machines) the files' bytes."""

    dataset_id: str
    folder: Path
    files: dict[str, bytes] | None = None


@dataclass(frozen=True)
class FoldSource:
    """The rows of a run: a setup of a table, and the cross-validation that divides them."""

    table: TableSource
    setup: dict[str, Any]
    cv: dict[str, Any] | None = None


@dataclass(frozen=True)
class PlanFolds:
    """Work for a worker: which folds a run has, and whether they can be trained at all."""

    early_stopping: bool


@dataclass(frozen=True)
class Stack:
    """Work for a worker: tasks of one shape to train side by side.

    Attributes
    ----------
    score : the name of the score that a search ranks by; the weights of its trials stay behind, unless they are small.
        None where no search asks.
    dataset_split : train on the dataset's own split, though the run has a cross-validation.
    until : the epoch to pause after.
    paused : by task number, what to go on from; of all tasks or of none.
    program_key : the program to train on, see `training.program_choice`; None for its own.
    cost : about how long it trains, see `training.cost_model`; 0 where nobody asked.
    """

    tasks: tuple[TrialSpec, ...]
    score: str | None = None
    dataset_split: bool = False
    until: int | None = None
    paused: Mapping[int, TrainingCheckpoint] = field(default_factory=dict, compare=False, repr=False)
    program_key: ProgramKey | None = None
    cost: float = 0.0

    @property
    def scored(self) -> bool:
        return self.score is not None


Work = PlanFolds | Stack


@dataclass(frozen=True)
class TrialScore:
    """What ranks a trial (see `training.scoring`), and its losses, or the facts that a score is made of, on these rows."""

    value: float
    metric: float
    positions: np.ndarray
    row_losses: np.ndarray


@dataclass(frozen=True)
class StackResult:
    """What a worker brings back of a stack.

    Attributes
    ----------
    scores : of each trial when they were asked for, else empty.
    paused : by trial number, what a later stack needs to go on.
    left : tasks that made room for somebody else and are to go on; they are not among the trials.
    memory : of the worker after it, in bytes.
    seconds : that training took, compiling included.
    """

    trials: tuple[Trial, ...]
    memory: int
    seconds: float
    scores: tuple[TrialScore, ...] = ()
    paused: Mapping[int, TrainingCheckpoint] = field(default_factory=dict, repr=False)
    left: tuple[TrialSpec, ...] = ()
