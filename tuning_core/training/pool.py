"""The compiled programs of this process: reused when idle, compiled when lacking, the oldest dropped.

A program is compiled for sizes that are rounded up, so that one serves tables, folds, seeds and batch sizes that are alike.
Which of its programs the pool hands out never changes a number: only row lists are padded. What decides the arithmetic (models
side by side, rows of a batch) is decided before, by the tasks and those that are planned with them (`sharing`).
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

import numpy as np

from tuning_core.training.planner import Shape, bucket
from tuning_core.training.program import MAX_CHUNK, ORDER_NUMBERS, Program

PROGRAMS_KEPT = 16
TABLE_NUMBERS = 2**22  # larger tables are not padded: compiling is little beside training on them

_lock = threading.Lock()
_idle: list[Program] = []  # the most recently used last


@dataclass(frozen=True)
class Sizes:
    """Lengths of the arguments that a program is compiled for.

    Attributes
    ----------
    rows : of the table.
    streams : row orders side by side.
    width : row numbers of one order.
    capacity : epochs of row orders.
    """

    rows: int
    streams: int
    width: int
    capacity: int

    @classmethod
    def rounded(cls, rows: int, features: int, streams: int, width: int, k: int) -> Sizes:
        """Few different sizes for many different tables."""
        if rows * features <= TABLE_NUMBERS:
            rows = max(256, _power(rows))
        width = max(256, _power(width)) if width * streams <= TABLE_NUMBERS else width
        streams = 1 if streams == 1 else bucket(streams)
        capacity = 2 ** int(np.log2(np.clip(ORDER_NUMBERS // (streams * width), 1, MAX_CHUNK)))
        return cls(rows, streams, width, capacity)

    def holds(self, other: Sizes) -> bool:
        """Whether arguments of the other sizes can be padded to these."""
        return self.rows >= other.rows and self.streams >= other.streams and self.width >= other.width


def _power(n: int) -> int:
    return 1 << max(0, n - 1).bit_length()


def take(shape: Shape, k: int, sizes: Sizes) -> Program:
    """A program for k models of a compiled shape and arguments of these sizes, for one stack alone until `give`."""
    with _lock:
        fitting = [p for p in _idle if p.shape == shape and p.k == k and p.sizes.holds(sizes)]
        if fitting:
            program = min(fitting, key=lambda p: p.sizes.streams * p.sizes.width)
            _idle.remove(program)
            return program
    return Program(shape, k, sizes)


def give(program: Program) -> None:
    """Keep a program for the next stack."""
    with _lock:
        _idle.append(program)
        del _idle[:-PROGRAMS_KEPT]


def is_ready(shape: Shape, k: int) -> bool:
    """Whether a program for k models of a compiled shape is idle."""
    with _lock:
        return any(p.shape == shape and p.k == k for p in _idle)


def forget() -> None:
    """Drop all idle programs, as if the process had just begun."""
    with _lock:
        _idle.clear()
