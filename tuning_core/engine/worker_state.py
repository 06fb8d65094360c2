"""One worker as the engine knows it: what it has compiled, and what it does now."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Hashable
from dataclasses import dataclass, field

from tuning_core.engine.runs.placement import Worker


@dataclass(eq=False)
class Assignment:
    """What a worker does now.

    Attributes
    ----------
    run_id : of the run that it works for; "" for the probe.
    workspace : whose run it is.
    of_search : whether it makes room for any single run that waits, at once.
    key : of the program that it needs (see `queue.stack_key`), None for none.
    compiles : the worker has not compiled that program before.
    trains_from : about when it has compiled, by `time.monotonic()`.
    ends : about when it will be done, by `time.monotonic()`.
    lost : set when the worker has died or cannot be reached any more.
    died : of these the first, which the work itself may have brought about.
    asked_to_pause : it was asked to make room.
    """

    run_id: str = ""
    workspace: str = ""
    of_search: bool = False
    key: Hashable = None
    compiles: bool = False
    trains_from: float = math.inf
    ends: float = math.inf
    lost: asyncio.Event = field(default_factory=asyncio.Event)
    asked_to_pause: bool = False
    died: bool = False


@dataclass(eq=False)
class WorkerState:
    """One worker: its address, the keys of the programs that it has compiled, and its work, None while it is idle."""

    address: str
    compiled: set[Hashable] = field(default_factory=set)
    now: Assignment | None = None

    def as_placed(self, compiling: float) -> Worker:
        """As `place` looks at it; nobody knows when one that is overdue by more than a compilation will be done."""
        if self.now is None:
            return Worker(self.compiled)
        left = self.now.ends - time.monotonic()
        return Worker(self.compiled | {self.now.key}, max(left, 0.001) if left > -compiling else math.inf)
