"""Fits trained together: what a search would fit one by one is collected, trained as a few stacks, and handed out.

A search runs the estimators' `fit` twice. The first time, under `collect`, each fit leaves its job and returns untrained; then
the jobs are trained side by side. The second time, inside `replaying`, each fit finds its training by its content (settings,
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
from tuning_core.training.program_choice import PlannedStack, reuse_program
from tuning_core.training.specs import ProgramKey, TrialSpec
from tuning_core.training.threads import plan_for_threads, train_in_threads


@dataclass(frozen=True, eq=False)
class FitJob:
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
        for array in (fold.x_train, fold.y_train, fold.x_val, fold.y_val, fold.weights, fold.val_weights):
            if array is not None:
                digest.update(repr(array.shape).encode())
                digest.update(np.ascontiguousarray(array).data)
        weighted = f"{fold.weights is None} {fold.val_weights is None}"
        return f"{fold.task} {fold.n_classes} {fold.target_scale} {weighted} {digest.hexdigest()}"

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
    program_key : the program that it was trained on.
    """

    trial: Trial
    seconds: float
    program_key: ProgramKey


class _Here(threading.local):
    collected: list[FitJob] | None = None
    program_keys: dict[Hyperparameters, ProgramKey] | None = None


_here = _Here()
_ready: list[dict[tuple, list[Trained]]] = []


def fit_one(job: FitJob) -> Trial | None:
    """The training of a job: collected for later (None), ready already, or done now."""
    if _here.collected is not None:
        _here.collected.append(job)
        return None
    for results in _ready:
        waiting = results.get(job.key)
        if waiting:
            # Fits of random seed each take their own training; equal ones share it.
            return (waiting[0] if job.reproducible or len(waiting) == 1 else waiting.pop()).trial
    return train_jobs([job], (_here.program_keys or {}).get(job.hyperparameters))[0].trial


@contextmanager
def reuse_program_for_refit() -> Iterator[None]:
    """Within, a setting that was handed out is refitted on the program that trained it, not on a new one, if that is cheap."""
    _here.program_keys = {}
    try:
        yield
    finally:
        _here.program_keys = None


def collect(fits: Sequence[Callable[[], object]]) -> list[list[FitJob]]:
    """The jobs of each fit, in order. A fit that fails or wants a trained network meanwhile gives what it left until then."""
    found = []
    for fit in fits:
        jobs: list[FitJob] = []
        _here.collected = jobs
        try:
            fit()
        except Exception:  # it will be raised again, or scored, by the real fit
            pass
        finally:
            _here.collected = None
        found.append(jobs)
    return found


def train_jobs(jobs: Sequence[FitJob], before: ProgramKey | None = None) -> list[Trained]:
    """Train all jobs as the fewest stacks; results in the order given. A single one takes the program before it if that fits."""
    from tuning_core.training.stack import train_stack  # TensorFlow

    numbers: dict[str, int] = {}
    folds: dict[int, Fold] = {}
    tasks = []
    for i, job in enumerate(jobs):
        fold = numbers.setdefault(job.rows_key, len(numbers))
        folds.setdefault(fold, job.fold)
        tasks.append(TrialSpec(i, job.hyperparameters, job.seed, fold))
    results: dict[int, Trained] = {}

    def work(stack: PlannedStack) -> list[Trained]:
        began = time.perf_counter()
        program_key = reuse_program(stack.tasks, facts, before) if len(tasks) == 1 else stack.program_key
        trials = train_stack(stack.tasks, folds, program_key=program_key)
        seconds = (time.perf_counter() - began) / len(trials)
        return [Trained(trial, seconds, program_key) for trial in trials]

    facts = {number: fold.facts for number, fold in folds.items()}
    for stack, trained in train_in_threads(work, plan_for_threads(tasks, facts)):
        results.update({task.number: result for task, result in zip(stack.tasks, trained, strict=True)})
    return [results[i] for i in range(len(jobs))]


@contextmanager
def replaying(jobs: Sequence[FitJob], trained: Sequence[Trained]) -> Iterator[None]:
    """Within, a fit of one of these jobs takes its training instead of doing it."""
    results: dict[tuple, list[Trained]] = {}
    for job, result in zip(jobs, trained, strict=True):
        results.setdefault(job.key, []).append(result)
        if _here.program_keys is not None:
            _here.program_keys[job.hyperparameters] = result.program_key
    _ready.append(results)
    try:
        yield
    finally:
        _ready.remove(results)
