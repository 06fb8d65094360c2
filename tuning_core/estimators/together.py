"""Fits trained together: what a search would fit one by one is collected, trained as a few stacks, and handed out.

A search runs the estimators' `fit` twice. The first time, under `collect`, each fit leaves its job and returns untrained; then
the jobs are trained side by side. The second time, inside `handing_out`, each fit finds its training by its content (settings,
seed, rows) and takes it. So everything around the network (pipelines, metadata routing, ensembles) is scikit-learn's own code
both times, and a fit that was not foreseen simply trains.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tuning_core.experiment import Hyperparameters, Trial
from tuning_core.training.fold import Fold
from tuning_core.training.program_choice import Planned, program_after
from tuning_core.training.specs import Made, Task
from tuning_core.training.threads import layout, over_stacks


@dataclass(frozen=True, eq=False)
class Job:
    """One network to train. `reproducible` is False where the seed was drawn anew: any seed will then do."""

    hyperparameters: Hyperparameters
    seed: int
    fold: Fold
    target_offset: float
    reproducible: bool = True

    @cached_property
    def rows_key(self) -> str:
        """Equal for equal rows."""
        digest = hashlib.blake2b(digest_size=16)
        fold = self.fold
        for array in (fold.x_train, fold.y_train, fold.x_val, fold.y_val, fold.weights):
            if array is not None:
                digest.update(repr(array.shape).encode())
                digest.update(np.ascontiguousarray(array).data)
        return f"{fold.task} {fold.n_classes} {fold.target_scale} {fold.weights is None} {digest.hexdigest()}"

    @property
    def key(self) -> tuple:
        """Equal for jobs with the same result."""
        return (self.hyperparameters, self.seed if self.reproducible else None, self.rows_key)


@dataclass(frozen=True)
class Trained:
    """A finished training.

    Attributes
    ----------
    seconds : its share of the time that its stack took.
    made : the program that it was trained on.
    """

    trial: Trial
    seconds: float
    made: Made


class _Here(threading.local):
    collected: list[Job] | None = None
    made: dict[Hyperparameters, Made] | None = None


_here = _Here()
_ready: list[dict[tuple, list[Trained]]] = []


def fit_one(job: Job) -> Trial | None:
    """The training of a job: collected for later (None), ready already, or done now."""
    if _here.collected is not None:
        _here.collected.append(job)
        return None
    for results in _ready:
        waiting = results.get(job.key)
        if waiting:
            # Fits of random seed each take their own training; equal ones share it.
            return (waiting[0] if job.reproducible or len(waiting) == 1 else waiting.pop()).trial
    return train_jobs([job], (_here.made or {}).get(job.hyperparameters))[0].trial


@contextmanager
def refitting_alike() -> Iterator[None]:
    """Within, a setting that was handed out is refitted on the program that trained it, not on a new one, if that is cheap."""
    _here.made = {}
    try:
        yield
    finally:
        _here.made = None


def collect(fits: Sequence[Callable[[], object]]) -> list[list[Job]]:
    """The jobs of each fit, in order. A fit that fails or wants a trained network meanwhile gives what it left until then."""
    found = []
    for fit in fits:
        jobs: list[Job] = []
        _here.collected = jobs
        try:
            fit()
        except Exception:  # it will be raised again, or scored, by the real fit
            pass
        finally:
            _here.collected = None
        found.append(jobs)
    return found


def train_jobs(jobs: Sequence[Job], before: Made | None = None) -> list[Trained]:
    """Train all jobs as the fewest stacks; results in the order given. A single one takes the program before it if that fits."""
    from tuning_core.training.stack import train_stack  # TensorFlow

    numbers: dict[str, int] = {}
    folds: dict[int, Fold] = {}
    tasks = []
    for i, job in enumerate(jobs):
        fold = numbers.setdefault(job.rows_key, len(numbers))
        folds.setdefault(fold, job.fold)
        tasks.append(Task(i, job.hyperparameters, job.seed, fold))
    results: dict[int, Trained] = {}

    def work(stack: Planned) -> list[Trained]:
        began = time.perf_counter()
        made = program_after(stack.tasks, facts, before) if len(tasks) == 1 else stack.made
        trials = train_stack(stack.tasks, folds, made=made)
        seconds = (time.perf_counter() - began) / len(trials)
        return [Trained(trial, seconds, made) for trial in trials]

    facts = {number: fold.facts for number, fold in folds.items()}
    for stack, trained in over_stacks(work, layout(tasks, facts)):
        results.update({task.number: result for task, result in zip(stack.tasks, trained, strict=True)})
    return [results[i] for i in range(len(jobs))]


@contextmanager
def handing_out(jobs: Sequence[Job], trained: Sequence[Trained]) -> Iterator[None]:
    """Within, a fit of one of these jobs takes its training instead of doing it."""
    results: dict[tuple, list[Trained]] = {}
    for job, result in zip(jobs, trained, strict=True):
        results.setdefault(job.key, []).append(result)
        if _here.made is not None:
            _here.made[job.hyperparameters] = result.made
    _ready.append(results)
    try:
        yield
    finally:
        _ready.remove(results)
