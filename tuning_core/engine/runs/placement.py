"""Which waiting stack goes to which idle worker. Compiling a program takes longer than many a training, so it counts most."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from typing import NamedTuple


class Waiting(NamedTuple):
    """A stack that waits: equal keys share a compiled program (None: it needs none), and about how long it trains."""

    key: Hashable
    seconds: float


class Worker(NamedTuple):
    """A worker: the keys that it has compiled or is compiling, and the seconds until it will be idle (0: it is)."""

    keys: Collection[Hashable]
    free_in: float = 0.0


def place(
    waiting: Sequence[Waiting], workers: Mapping[str, Worker], compiling: float, *, in_order: bool
) -> tuple[int, str] | None:
    """Position of the next stack and the address of the idle worker that takes it; None to wait for a busy one.

    Parameters
    ----------
    waiting : at least one, in the order in which they came.
    workers : by address.
    compiling : seconds of a compilation.
    in_order : the first stack goes now, whatever that costs; somebody waits for it.

    Stacks go where their program is. A program that a busy worker has is compiled once more only if that worker will be busy
    for longer than compiling takes, or if there is more to train on it than compiling takes.
    """
    idle = [address for address, worker in workers.items() if worker.free_in <= 0]
    if not idle:
        return None
    for position, stack in enumerate(waiting[:1] if in_order else waiting):
        for address in idle:
            if stack.key in workers[address].keys:
                return position, address
    if in_order or waiting[0].key is None:
        return 0, idle[0]
    elsewhere = {key for worker in workers.values() if 0 < worker.free_in <= compiling for key in worker.keys}
    totals: dict[Hashable, float] = {}
    for stack in waiting:
        totals[stack.key] = totals.get(stack.key, 0.0) + stack.seconds
    for position, stack in enumerate(waiting):
        if stack.key not in elsewhere or totals[stack.key] > compiling:
            return position, idle[0]
    return None
