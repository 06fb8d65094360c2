"""Several stacks at once in this process: compiling and training leave Python's lock, so threads use all cores."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import TypeVar

from tuning_core.training.fold import FoldFacts
from tuning_core.training.planner import LIGHT_OPERATIONS, Task, n_weights, plan, shape_of

NARROWER = 32  # models of a stack where several stacks make use of all cores
HEAVY_OPERATIONS = 3e10  # about two seconds of one core: worth a second compilation

T = TypeVar("T")
Stack = tuple[Task, ...]


def cores() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def layout(tasks: Sequence[Task], facts: Mapping[int, FoldFacts]) -> list[Stack]:
    """The stacks for this process: the fewest, but narrower ones where a heavy search would leave cores idle."""
    stacks = plan(tasks, facts)
    if len(stacks) >= cores() or sum(_operations(stack, facts) for stack in stacks) < HEAVY_OPERATIONS:
        return stacks
    return plan(tasks, facts, NARROWER)


def _operations(stack: Stack, facts: Mapping[int, FoldFacts]) -> float:
    """Floating-point operations of a stack, about."""
    shape = shape_of(stack[0].hyperparameters, facts[stack[0].fold])
    return sum(6.0 * n_weights(shape) * facts[task.fold].n_train * task.hyperparameters.epochs for task in stack)


def width_for(task: Task, facts: FoldFacts, width: int) -> int:
    """Models to make a single training's program for, when one for `width` models was compiled just before: 1 if it is heavy."""
    extra = (width - 1) * _operations((task,), {task.fold: facts})
    return width if extra <= LIGHT_OPERATIONS else 1


def over_stacks(work: Callable[[Stack], T], stacks: Sequence[Stack], threads: int | None = None) -> Iterator[tuple[Stack, T]]:
    """`work(stack)` for every stack, each as soon as it is done; the longest first.

    The first exception is raised when all that is running has ended.
    """
    threads = min(threads or cores(), len(stacks))
    if threads <= 1:
        for stack in stacks:
            yield stack, work(stack)
        return
    ordered = sorted(stacks, key=_length, reverse=True)
    with ThreadPoolExecutor(threads, thread_name_prefix="stack") as pool:
        futures = {pool.submit(work, stack): stack for stack in ordered}
        try:
            for future in as_completed(futures):
                yield futures[future], future.result()
        finally:
            for future in futures:
                future.cancel()


def _length(stack: Stack) -> float:
    """Epochs times trials over the batch size: about how long it trains."""
    return sum(task.hyperparameters.epochs / task.hyperparameters.batch_size for task in stack)
