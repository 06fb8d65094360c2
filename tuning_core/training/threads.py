"""Several stacks at once in this process: training leaves Python's lock, so threads use all cores."""

from __future__ import annotations

import os
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue
from typing import TypeVar

from tuning_core.training.cost_model import COMPILING, stack_seconds
from tuning_core.training.fold import FoldShape
from tuning_core.training.planning import plan
from tuning_core.training.program_choice import PlannedStack, plan_stacks
from tuning_core.training.specs import ProgramKey, TrialSpec

NARROWER = 32  # models of a stack where several stacks make use of all cores
HEAVY = 0.6 * COMPILING  # seconds of training, for each of several lines, that are worth compiling their program once more

T = TypeVar("T")


def cores() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def plan_for_threads(tasks: Sequence[TrialSpec], facts: Mapping[int, FoldShape]) -> list[PlannedStack]:
    """The stacks for this process: the fewest, but narrower ones where a heavy search would leave cores idle."""
    stacks = plan(tasks, facts)
    if len(stacks) < cores() and sum(stack_seconds(stack, facts) for stack in stacks) >= 2 * HEAVY:
        stacks = plan(tasks, facts, NARROWER)
    return plan_stacks(stacks, facts)


def thread_queues(stacks: Sequence[PlannedStack], n: int) -> list[list[PlannedStack]]:
    """Stacks that follow each other in one thread, the longest line first.

    Those of one program share a line, since compiling uses all cores already; they are several lines where it pays to compile
    the program once more.
    """
    by_program: dict[ProgramKey, list[PlannedStack]] = defaultdict(list)
    for stack in stacks:
        by_program[stack.program_key].append(stack)
    found: list[list[PlannedStack]] = []
    for mine in by_program.values():
        worth_compiling = int(_seconds(mine) / HEAVY)
        found += _evenly(mine, max(1, min(n, len(mine), worth_compiling)))
    return sorted(found, key=_seconds, reverse=True)


def _evenly(stacks: Sequence[PlannedStack], n: int) -> list[list[PlannedStack]]:
    """The stacks in n lines of about the same length: the longest first, each behind the shortest line."""
    lines: list[list[PlannedStack]] = [[] for _ in range(n)]
    for stack in sorted(stacks, key=lambda stack: stack.seconds, reverse=True):
        min(lines, key=_seconds).append(stack)
    return lines


def train_in_threads(
    work: Callable[[PlannedStack], T], stacks: Sequence[PlannedStack], n: int | None = None
) -> Iterator[tuple[PlannedStack, T]]:
    """`work(stack)` for every stack in at most n threads, each as soon as it is done; see `thread_queues`.

    The first exception is raised when all that is running has ended.
    """
    n = n or cores()
    together = thread_queues(stacks, n)
    if min(n, len(together)) <= 1:
        for stack in (stack for line in together for stack in line):
            yield stack, work(stack)
        return
    news: SimpleQueue[tuple[PlannedStack, T] | Future] = SimpleQueue()
    closing = threading.Event()

    def train(line: Sequence[PlannedStack]) -> None:
        for stack in line:
            if not closing.is_set():
                news.put((stack, work(stack)))

    with ThreadPoolExecutor(n, thread_name_prefix="stack") as pool:
        open_lines = [pool.submit(train, line) for line in together]
        for line in open_lines:
            line.add_done_callback(news.put)
        try:
            left = len(open_lines)
            while left:
                found = news.get()
                if isinstance(found, Future):
                    found.result()
                    left -= 1
                else:
                    yield found
        finally:
            closing.set()


def _seconds(line: Sequence[PlannedStack]) -> float:
    return sum(stack.seconds for stack in line)
