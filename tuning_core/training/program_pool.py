"""The compiled programs of this process: reused when idle, compiled when lacking, the oldest dropped.

A program is compiled for sizes that are rounded up, so that one serves tables, folds, seeds and batch sizes that are alike.
Which of its programs the pool hands out never changes a number: only row lists are padded. What decides the arithmetic (models
side by side, rows of a batch) is decided before, by the tasks and those that are planned with them (`program_choice`).
"""

from __future__ import annotations

import threading

from tuning_core.training.program import Program
from tuning_core.training.program_sizes import ArgumentSizes
from tuning_core.training.specs import ModelShape

PROGRAMS_KEPT = 16

_lock = threading.Lock()
_idle: list[Program] = []  # the most recently used last


def acquire(shape: ModelShape, k: int, sizes: ArgumentSizes) -> Program:
    """A program for k models of a compiled shape and arguments of these sizes, for one stack alone until `release`."""
    with _lock:
        fitting = [p for p in _idle if p.shape == shape and p.k == k and p.sizes.holds(sizes)]
        if fitting:
            program = min(fitting, key=lambda p: p.sizes.streams * p.sizes.width)
            _idle.remove(program)
            return program
    return Program(shape, k, sizes)


def release(program: Program) -> None:
    """Keep a program for the next stack."""
    with _lock:
        _idle.append(program)
        del _idle[:-PROGRAMS_KEPT]


def is_idle(shape: ModelShape, k: int) -> bool:
    """Whether a program for k models of a compiled shape is idle."""
    with _lock:
        return any(p.shape == shape and p.k == k for p in _idle)


def clear() -> None:
    """Drop all idle programs, as if the process had just begun."""
    with _lock:
        _idle.clear()
