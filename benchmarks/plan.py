"""How many people a plan serves: a simulation of servers from the measured cost of a press, checked against measured classes.

    python -m benchmarks plan

A student thinks 3 to 8 s, moves a slider, looks for up to a second, presses Train, and waits for the curve; some read. Each is
CPU of the web process, the engine, a worker, or the generator of the load, where that runs on the same machine. A process has
one core at most, the web process divides it among all who want a page, and a machine divides its cores among the processes that
have work. Servers behind a sticky proxy share nothing.
"""

from __future__ import annotations

import heapq
import itertools
import random
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

SECONDS, WARM_UP = 150.0, 30.0
THINK, LOOK = (3.0, 8.0), (0.3, 1.0)
TRAINING = 0.82
"""Of a class; the others read or search, and want a page now and then (`benchmarks.students.lesson.MIX`)."""
PEOPLE, SAMPLED = 10_000, 6
MEASURED = {10: (0.15, 0.24), 30: (0.18, 0.37), 60: (0.48, 1.26), 100: (2.0, 5.2)}
"""Students: median and 95th percentile of press to curve in seconds, on 2 quiet cores with the generator of the load on them."""


@dataclass(frozen=True)
class Costs:
    """CPU seconds of an undisturbed core.

    `slider`, `press` and `ended` are page runs, `curve` is what the web process does for curve and verdict.
    """

    slider: float
    press: float
    curve: float
    ended: float
    engine: float
    worker: float
    generator: float = 0.0


THEN = Costs(slider=0.030, press=0.034, curve=0.032, ended=0.034, engine=0.024, worker=0.100, generator=0.012)
NOW = Costs(slider=0.025, press=0.028, curve=0.026, ended=0.028, engine=0.024, worker=0.100)


@dataclass
class Process:
    """One core's worth of work at most, shared by all jobs in it; `most` of them at a time, the others in line."""

    most: int = 10**9
    jobs: list[tuple[float, int, Callable[[], None]]] = field(default_factory=list)  # by the work done when they end
    line: deque[tuple[float, Callable[[], None]]] = field(default_factory=deque)
    done: float = 0.0  # for each job, since the beginning


class Machine:
    """Processes on some cores; `run` plays it through."""

    def __init__(self, cores: int, workers: int) -> None:
        self.cores, self.now, self.order = cores, 0.0, itertools.count()
        self.web, self.engine, self.generator = Process(), Process(), Process()
        self.workers = [Process(most=1) for _ in range(workers)]
        self.processes = [self.web, self.engine, self.generator, *self.workers]
        self.alarms: list[tuple[float, int, Callable[[], None]]] = []

    def at(self, moment: float, then: Callable[[], None]) -> None:
        heapq.heappush(self.alarms, (moment, next(self.order), then))

    def work(self, process: Process, seconds: float, then: Callable[[], None]) -> None:
        """Of CPU; `then` is called when it is done."""
        if len(process.jobs) < process.most:
            heapq.heappush(process.jobs, (process.done + seconds, next(self.order), then))
        else:
            process.line.append((seconds, then))

    def train(self, seconds: float, then: Callable[[], None]) -> None:
        """On the worker with the shortest line."""
        self.work(min(self.workers, key=lambda worker: len(worker.jobs) + len(worker.line)), seconds, then)

    def run(self, until: float) -> None:
        while self.now < until:
            busy = [process for process in self.processes if process.jobs]
            share = min(1.0, self.cores / len(busy)) if busy else 1.0
            ends = [(process.jobs[0][0] - process.done) * len(process.jobs) / share for process in busy]
            next_end = min(ends, default=float("inf"))
            next_alarm = self.alarms[0][0] - self.now if self.alarms else float("inf")
            step = max(0.0, min(next_end, next_alarm))
            self.now += step
            for process in busy:
                process.done += step * share / len(process.jobs)
            if next_alarm <= next_end:
                heapq.heappop(self.alarms)[2]()
                continue
            process = busy[ends.index(next_end)]
            _, _, then = heapq.heappop(process.jobs)
            if process.line:
                seconds, waited = process.line.popleft()
                self.work(process, seconds, waited)
            then()


def simulate(students: int, costs: Costs, *, cores: int, workers: int, seed: int = 0) -> tuple[list[float], list[float]]:
    """One server: seconds from press to curve, and of page runs."""
    machine, rng = Machine(cores, workers), random.Random(seed)
    curves: list[float] = []
    pages: list[float] = []

    def page(seconds: float, then: Callable[[], None]) -> None:
        began = machine.now

        def ended() -> None:
            if machine.now > WARM_UP:
                pages.append(machine.now - began)
            then()

        machine.work(machine.generator, costs.generator / 3, lambda: None)
        machine.work(machine.web, seconds, ended)

    def think() -> None:
        machine.at(machine.now + rng.uniform(*THINK), lambda: page(costs.slider, look))

    def look() -> None:
        machine.at(machine.now + rng.uniform(*LOOK), press)

    def press() -> None:
        began = machine.now

        def trained() -> None:
            machine.work(machine.web, costs.curve, drawn)

        def drawn() -> None:
            if machine.now > WARM_UP:
                curves.append(machine.now - began)
            page(costs.ended, think)

        def queued() -> None:
            machine.work(machine.engine, costs.engine, lambda: machine.train(rng.expovariate(1 / costs.worker), trained))

        page(costs.press, queued)

    def read() -> None:
        machine.at(machine.now + rng.uniform(*THINK), lambda: page(costs.slider, read))

    for i in range(students):
        machine.at(rng.uniform(0, 20.0), think if i < round(TRAINING * students) else read)
    machine.run(SECONDS)
    return curves, pages


def plan(people: int, servers: int, costs: Costs, *, cores: int, workers: int) -> tuple[list[float], list[float]]:
    """Of some of the servers: a sticky proxy gives everybody one at random, so some have more people than others."""
    rng = random.Random(servers)
    counts = [0] * servers
    for _ in range(people):
        counts[rng.randrange(servers)] += 1
    curves: list[float] = []
    pages: list[float] = []
    for i in rng.sample(range(servers), min(SAMPLED, servers)):
        found = simulate(counts[i], costs, cores=cores, workers=workers, seed=i)
        curves += found[0]
        pages += found[1]
    return curves, pages


def percentile(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))] if values else float("nan")


def main() -> str:
    lines = ["| students | press to curve, measured: p50 / p95, s | simulated |", "|---|---|---|"]
    for students, (median, worst) in MEASURED.items():
        found, _ = simulate(students, THEN, cores=2, workers=2)
        said = f"{percentile(found, 0.5):.2f} / {percentile(found, 0.95):.2f}"
        lines.append(f"| {students} | {median:.2f} / {worst:.2f} | {said} |")
    head = "| servers of 4 cores | people a server | press to curve p95, s | page p95, s |"
    lines += [f"\n{PEOPLE:,} people:\n", head, "|---|---|---|---|"]
    for servers in (40, 60, 80, 100, 125, 160, 200):
        curves, pages = plan(PEOPLE, servers, NOW, cores=4, workers=2)
        lines.append(f"| {servers} | {PEOPLE // servers} | {percentile(curves, 0.95):.2f} | {percentile(pages, 0.95):.2f} |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(main())
