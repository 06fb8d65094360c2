"""Writes the quiz of the lessons: which of the trained runs become items, so that kinds, tables and verdicts are spread."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.doctor import quiz_many, quiz_misread
from benchmarks.doctor.bank import read_runs
from benchmarks.doctor.quiz_predict import predicted
from benchmarks.doctor.quiz_reading import tried
from tuning_core.diagnosis import diagnose
from tuning_core.lessons.quiz import FILE, KINDS, MISCONCEPTIONS, QuizItem, quiz_items
from tuning_core.lessons.quiz_writing import cure_item, point_item, verdict_item

WANTED = {"verdict": 28, "point": 10, "predict": 14, "cure": 16, "luck": 14, "report": 12}
MOST_ALIKE = {"verdict": 6, "point": 3, "predict": 5, "cure": 4, "luck": 5, "report": 6}  # items of a kind with the same answer
Writer = Callable[[], QuizItem | None]


def write_quiz(folder: Path | None, random: np.random.Generator, path: Path = FILE) -> list[QuizItem]:
    """Make items of all runs in a folder, choose, and write the file; without a folder its items stay, but for "predict"."""
    there = candidates(read_runs(folder)) if folder is not None else ((i.id, i) for i in quiz_items() if i.kind != "predict")
    items = choose([*there, *predicted(random)])
    with gzip.GzipFile(path, "wb", mtime=0) as file:  # no time stamp: the same runs give the same file
        file.write(json.dumps([item.to_json() for item in items], separators=(",", ":")).encode())
    return items


def candidates(runs: Sequence[dict[str, Any]]) -> Iterator[tuple[str, QuizItem]]:
    """(run, item): every item that can be made of the runs."""
    for name, run, before in _named(runs):
        for item in chain(*(_of(run, name, before))):
            if item is not None:
                yield name, item


def _named(runs: Sequence[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any], dict[str, Any] | None]]:
    """Every run with a name of its own and, of the family "rows", the calm run on the same rows."""
    seen: Counter[tuple[str, str]] = Counter()
    before = None
    for run in runs:
        kind = (run["table"], run["family"])
        seen[kind] += 1
        even = seen[kind] % 2 == 0
        yield f"{run['table']}-{run['family']}-{seen[kind]}", run, before if even and run["family"] == "rows" else None
        before = run


def _of(run: dict[str, Any], name: str, before: dict[str, Any] | None) -> Iterator[Sequence[QuizItem | None]]:
    family = run["family"]
    if family == "luck":
        yield [quiz_many.luck_item(run, name)]
        yield [quiz_many.one_run_item(run, name, misconception) for misconception in ("one_better_run", "lowest_point")]
    elif family == "looks":
        yield list(quiz_many.looks_items(run, name))
    elif family == "rows":
        yield [quiz_many.more_rows_item(run, name), quiz_many.more_data_item(run, before, name) if before else None]
    elif family == "sorted":
        yield [quiz_many.shuffle_item(run, name)]
    else:
        one = tried(run, name)
        yield [verdict_item(one), point_item(one), cure_item(one), quiz_misread.any_gap_item(one, name)]
        yield [
            write(run, one, name)
            for write in (
                quiz_misread.validation_below_item,
                quiz_misread.not_a_number_item,
                quiz_misread.accuracy_item,
                quiz_misread.kept_item,
                quiz_misread.report_item,
            )
        ]


def choose(found: Sequence[tuple[str, QuizItem]]) -> list[QuizItem]:
    """Two items of every misconception, then of every kind the wanted number; no run twice, rare tables and answers first.

    Of those to be named every second one is a near miss, so that half of them mislead.
    """
    tables: Counter[str] = Counter()
    used: set[str] = set()
    chosen: dict[str, list[QuizItem]] = defaultdict(list)
    alike: Counter[tuple[str, str]] = Counter()

    near_misses = {item.id for _, item in found if item.verdict and is_near_miss(item)}

    def rank(pair: tuple[str, QuizItem]) -> tuple:
        item = pair[1]
        few = alike[item.kind, _sort_of(item)]
        easy_next = bool(item.verdict) and few % 2 == int(item.id in near_misses)
        return few, easy_next, tables[item.table], _hash(item.id)

    def take(pool: Sequence[tuple[str, QuizItem]], count: int, most: int | None) -> None:
        for _ in range(count):
            free = [
                (run, item) for run, item in pool if run not in used and (most is None or alike[item.kind, _sort_of(item)] < most)
            ]
            if not free:
                return
            run, item = min(free, key=rank)
            used.add(run)
            tables[item.table] += 1
            alike[item.kind, _sort_of(item)] += 1
            chosen[item.kind].append(item)

    for misconception in MISCONCEPTIONS:
        take([pair for pair in found if pair[1].misconception == misconception], 2, None)
    for kind in KINDS:
        pool = [pair for pair in found if pair[1].kind == kind and not pair[1].misconception]
        take(pool, WANTED[kind] - len(chosen[kind]), MOST_ALIKE[kind])
    columns = [sorted(chosen[kind], key=lambda item: _hash(item.id)) for kind in KINDS]
    return [item for row in zip_longest(*columns) for item in row if item is not None]


def _sort_of(item: QuizItem) -> str:
    """What should differ among the items of a kind: the answer, but for letters and epochs what they stand for."""
    if item.kind == "predict":
        return item.question
    if item.kind == "point":
        return item.explanations[item.answer].partition(",")[2].partition(":")[0]
    return item.misconception or item.answer


def is_near_miss(item: QuizItem) -> bool:
    """Whether the curve looks like something else, so that the doctor names another verdict first or is not sure."""
    first = diagnose(item.history)[0]
    return first.kind != item.verdict or first.contested


def _hash(name: str) -> bytes:
    return hashlib.sha256(name.encode()).digest()
