"""What travels between engine and workers: plain, picklable, no open files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tuning_core.experiment import Trial
from tuning_core.training.planner import Task


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
class Outlining:
    """Work for a worker: which folds a run has, and whether they can be trained at all."""

    early_stopping: bool


@dataclass(frozen=True)
class Stack:
    """Work for a worker: tasks of one shape to train side by side."""

    tasks: tuple[Task, ...]


Work = Outlining | Stack


@dataclass(frozen=True)
class StackResult:
    """Trials of a stack and the worker's memory after it, in bytes."""

    trials: tuple[Trial, ...]
    memory: int
