"""What runs inside a Dask worker: preparing rows, training a stack, saying what is new."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from distributed import get_worker

from tuning_core.engine.jobs import FoldSource, Stack, StackResult, TableSource, Work
from tuning_core.experiment import CrossValidation
from tuning_core.training.divisions import FoldBook, Outline

KEPT = 6  # datasets that a worker keeps prepared

_stopping: set[str] = set()
_books: OrderedDict[tuple[str, str], FoldBook] = OrderedDict()


def ask_to_stop(run_ids: list[str]) -> None:
    """Called on every worker while something is training: these runs end after their current chunk."""
    _stopping.update(run_ids)


def do(run_id: str, source: FoldSource, work: Work, topic: str) -> Outline | StackResult:
    """Do a piece of work of a run; whatever comes while it lasts is logged to `topic`."""
    _stopping.discard(run_id)  # of an earlier attempt; a request that still holds is repeated by the engine
    book = fold_book(source)
    return train(run_id, book, work, topic) if isinstance(work, Stack) else book.outline(work.early_stopping)


def train(run_id: str, book: FoldBook, stack: Stack, topic: str) -> StackResult:
    """Train one stack and return its trials; every chunk is logged as it comes."""
    from tuning_core.training.stack import train_stack  # TensorFlow, which the engine itself never loads

    worker = get_worker()
    for fold in {task.fold for task in stack.tasks}:
        numbers = [task.number for task in stack.tasks if task.fold == fold]
        worker.log_event(topic, {"run": run_id, "context": book[fold].context, "numbers": numbers})

    def report(news: list[tuple[int, int, np.ndarray]]) -> None:
        packed = [(number, first, values.shape[1], values.astype("<f8").tobytes()) for number, first, values in news]
        worker.log_event(topic, {"run": run_id, "news": packed})

    trials = train_stack(stack.tasks, book, report=report, should_stop=lambda: run_id in _stopping)
    return StackResult(tuple(trials), psutil.Process().memory_info().rss)


def unpack(news: list[tuple[int, int, int, bytes]]) -> list[tuple[int, int, np.ndarray]]:
    """The other end of `report`: (number, first epoch, values (5, n))."""
    return [(number, first, np.frombuffer(data, "<f8").reshape(5, n)) for number, first, n, data in news]


def fold_book(source: FoldSource) -> FoldBook:
    """The rows of a run, from memory when this worker has prepared them before."""
    from tuning_core.data import Dataset, Table

    key = (source.table.dataset_id, json.dumps([source.setup, source.cv], sort_keys=True))

    def make() -> FoldBook:
        dataset = Dataset.from_spec(_table(source.table, Table), source.setup)
        return FoldBook(dataset, CrossValidation.from_json(source.cv) if source.cv else None)

    if key not in _books:
        book = make()
        while len(_books) >= KEPT:
            _books.popitem(last=False)
        _books[key] = book
    _books.move_to_end(key)
    return _books[key]


def _table(source: TableSource, table: Any) -> Any:
    if source.files is None:
        return table.load(source.folder / "table")
    folder = Path(tempfile.mkdtemp(prefix="tunescope-"))
    try:
        for name, data in source.files.items():
            (folder / Path(name).name).write_bytes(data)
        return table.load(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def ready() -> str:
    """Import what training needs; answered by a worker that can train at once."""
    import tuning_core.data.dataset
    import tuning_core.training.stack  # noqa: F401

    return get_worker().address
