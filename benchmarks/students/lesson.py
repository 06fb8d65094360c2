"""So many students for so long, and what it was like."""

from __future__ import annotations

import asyncio
import os
import random
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.students.record import Book, Sampler
from benchmarks.students.student import Student
from benchmarks.students.tab import PATIENCE

MIX = {"tune": 0.76, "look": 0.10, "search": 0.08, "upload": 0.06}


@dataclass(frozen=True)
class Lesson:
    """
    Attributes
    ----------
    students : how many; `kinds` says which, in place of the usual `MIX`.
    seconds : until nobody begins anything new.
    rounds : what a student does at most, such as one training; None for as much as there is time for.
    arrive : seconds in which they all come.
    think : between two things that a student does, from so many seconds to so many.
    assets : whether browsers load the scripts, as at a first visit.
    linger : seconds after the end in which they finish what they have begun; who is busy still is an error.
    name : in a table of several.
    """

    students: int
    seconds: float = 150.0
    rounds: int | None = None
    arrive: float = 20.0
    think: tuple[float, float] = (3.0, 8.0)
    assets: bool = True
    kinds: tuple[str, ...] = ()
    linger: float = PATIENCE
    name: str = ""


async def hold(lesson: Lesson, port: int, home: Path, pid: int) -> dict[str, Any]:
    """The lesson on a server that is ready; `home` is its store and `pid` its web process, looked at once a second.

    Returns
    -------
    dict with `times` (seconds by what was done: n, p50, p95, max), `errors` (how often, by kind) and `server`.
    """
    book, rng = Book(), random.Random(lesson.students)
    sampler = Sampler(home, pid)
    sampler.start()
    kinds = list(lesson.kinds) or _mixed(lesson.students, rng)
    until = time.perf_counter() + lesson.seconds
    everybody = [Student(i, kind, port, book, lesson.think, lesson.assets, lesson.rounds) for i, kind in enumerate(kinds)]
    arrive = min(lesson.arrive, lesson.seconds / 3)
    tasks = [asyncio.create_task(student.live(rng.uniform(0, arrive), until)) for student in everybody]
    _, late = await asyncio.wait(tasks, timeout=lesson.seconds + lesson.linger)
    for task in late:
        task.cancel()
        book.errors["student still busy long after the lesson"] += 1
    await asyncio.gather(*tasks, return_exceptions=True)
    sampler.going = False
    sampler.join()
    return {
        "name": lesson.name or f"{lesson.students} students",
        "students": lesson.students,
        "kinds": dict(Counter(kinds)),
        "seconds": lesson.seconds,
        **measured(book, sampler),
    }


def measured(book: Book, sampler: Sampler) -> dict[str, Any]:
    """What students and server were seen to do, of any kind of lesson."""
    return {
        "times": book.table(),
        "errors": dict(book.errors),
        "megabytes": {name: round(size / 2**20, 1) for name, size in book.bytes.items()},
        "server": sampler.facts(),
        "load_average": os.getloadavg()[0],
    }


def _mixed(students: int, rng: random.Random) -> list[str]:
    kinds = [kind for kind, share in MIX.items() for _ in range(round(share * students))][:students]
    kinds += ["tune"] * (students - len(kinds))
    rng.shuffle(kinds)
    return kinds


def in_words(result: dict[str, Any]) -> str:
    """As text, a line for each thing that students did."""
    lines = [
        f"### {result['students']} students for {result['seconds']:g} s: {result['kinds']}",
        "",
        "| | n | p50, s | p95, s | longest, s |",
        "|---|---|---|---|---|",
        *(f"| {name} | {row['n']} | {row['p50']} | {row['p95']} | {row['max']} |" for name, row in result["times"].items()),
        "",
        f"Errors: {result['errors'] or 'none'}. Megabytes: {result['megabytes']}. Load average at the end: "
        f"{result['load_average']:.1f}.",
        *(f"- {name}: {value}" for name, value in result["server"].items()),
    ]
    return "\n".join(lines)
