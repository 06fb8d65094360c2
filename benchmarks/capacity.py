"""What a press costs, by process, what a visit holds, and what 1, 2 and 4 workers train: the constants of docs/scaling.md.

    python -m benchmarks capacity

CPU seconds, which other work on the machine changes little (a fifth, where both threads of a core are busy); times do change.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from collections import Counter
from pathlib import Path

import psutil

from benchmarks.students.record import Book, Sampler
from benchmarks.students.student import Student
from pages.state.tune_settings import START, START_SEEDS
from tests.support.engine import LiveEngine
from tests.support.server import App

PRESSES, SLIDERS, VISITS = 30, 60, 30
WORKERS, RUNS = (1, 2, 4), 48


def main() -> str:
    return "\n".join([_of_presses(), "", _of_workers()])


def _of_presses() -> str:
    with tempfile.TemporaryDirectory(prefix="tunescope-capacity-") as home:
        app = App(Path(home))
        app.wait_ready()
        try:
            return asyncio.run(_visits(app))
        finally:
            app.close()


async def _visits(app: App) -> str:
    sampler = Sampler(app.home, app.process.pid)
    web = psutil.Process(app.process.pid)
    first = await _visitor(app, 0)
    for _ in range(3):  # programs are compiled, modules loaded
        await first.train()
    before = _cpu(sampler)
    for i in range(SLIDERS):
        slider = first.tab.widget("slider", "Learning rate")
        rate = slider.options[i % len(slider.options)]
        await first.tab.rerun({slider.id: lambda w, rate=rate: w.string_array_value.data.append(rate)})
    moved = _cpu(sampler)
    for _ in range(PRESSES):
        await first.train()
    pressed = _cpu(sampler)
    began = web.memory_info().rss
    others = [await _visitor(app, i + 1) for i in range(VISITS)]
    for one in others:
        await one.train()
    held = web.memory_info().rss - began
    for one in (first, *others):
        await one.tab.close()
    lines = ["| CPU, ms | a slider moved | Train to the whole curve |", "|---|---|---|"]
    for role in ("web", "engine", "workers", "generator"):
        slid, ran = (moved[role] - before[role]) / SLIDERS, (pressed[role] - moved[role]) / PRESSES
        lines.append(f"| {role} | {1000 * slid:.1f} | {1000 * ran:.1f} |")
    more = held / VISITS / 2**20
    lines.append(f"\nThe web process holds {began / 2**20:.0f} MB with one visit, and {more:.2f} MB more with each.")
    return "\n".join(lines)


async def _visitor(app: App, number: int) -> Student:
    student = Student(number, "tune", app.port, Book(), (0.0, 0.0), False)
    await student.tab.open(False)
    await student.tab.rerun()
    await student.tab.settle()
    return student


def _cpu(sampler: Sampler) -> Counter[str]:
    """Seconds by role."""
    used: Counter[str] = Counter()
    for role, process in sampler.roles():
        used[role] += sum(process.cpu_times()[:2])
    return used


def _of_workers() -> str:
    lines = [
        f"{RUNS} runs of {RUNS} people at once, as the sliders start, on {os.cpu_count()} cores:\n",
        "| workers | seconds | runs a second | CPU of workers, ms a run | CPU of the engine, ms a run | memory of a worker, MB |",
        "|---|---|---|---|---|---|",
    ]
    return "\n".join(lines + [_with_workers(number) for number in WORKERS])


def _with_workers(number: int) -> str:
    hyperparameters = START.to_json()
    with tempfile.TemporaryDirectory(prefix="tunescope-capacity-") as home:
        engine = LiveEngine(Path(home), {"TUNESCOPE_WORKERS": str(number)}).ready()
        try:
            warm = [engine.run(START_SEEDS, workspace=f"first {i}", **hyperparameters) for i in range(RUNS)]  # so many wake all
            for run_id in warm:
                engine.wait_ended(run_id)
            members = engine.workers()
            before = sum(sum(one.cpu_times()[:2]) for one in members), sum(psutil.Process(engine.process.pid).cpu_times()[:2])
            began = time.perf_counter()
            ids = [engine.run(START_SEEDS, workspace=f"student {i}", **hyperparameters) for i in range(RUNS)]
            for run_id in ids:
                if engine.wait_ended(run_id).status != "finished":
                    raise SystemExit(f"run {run_id} did not finish")
            took = time.perf_counter() - began
            after = sum(sum(one.cpu_times()[:2]) for one in members), sum(psutil.Process(engine.process.pid).cpu_times()[:2])
            memory = max(one.memory_info().rss for one in members) / 2**20
        finally:
            engine.end()
    worked, engaged = (1000 * (b - a) / RUNS for a, b in zip(before, after, strict=True))
    return f"| {number} | {took:.1f} | {RUNS / took:.1f} | {worked:.0f} | {engaged:.0f} | {memory:.0f} |"


if __name__ == "__main__":
    print(main())
