"""What travels between engine and workers: plain, picklable, no open files."""

from __future__ import annotations

from dataclasses import dataclass, field
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
class StackJob:
    """Tasks of one shape on one setup."""

    run_id: str
    source: TableSource
    setup: dict[str, Any]
    tasks: tuple[Task, ...]
    topic: str


@dataclass(frozen=True)
class StackResult:
    """Trials of a stack and the worker's memory after it, in bytes."""

    trials: tuple[Trial, ...]
    memory: int
    worker: str = field(default="")
