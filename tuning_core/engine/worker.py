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

from tuning_core.engine.jobs import StackJob, StackResult, TableSource
from tuning_core.experiment import Hyperparameters
from tuning_core.training.fold import Fold, loss_name, make_fold

KEPT = 6  # datasets and folds that a worker keeps prepared

_stopping: set[str] = set()
_datasets: OrderedDict[tuple, Any] = OrderedDict()
_folds: OrderedDict[tuple, Fold] = OrderedDict()


def ask_to_stop(run_ids: list[str]) -> None:
    """Called on every worker while something is training: these runs end after their current chunk."""
    _stopping.update(run_ids)


def train(job: StackJob) -> StackResult:
    """Train one stack and return its trials; every chunk is logged to `job.topic` as it comes."""
    from tuning_core.training.stack import train_stack  # TensorFlow, which the engine itself never loads

    worker = get_worker()
    _stopping.discard(job.run_id)  # of an earlier attempt; a request that still holds is repeated by the engine
    folds = {0: prepared_fold(job.source, job.setup, job.tasks[0].hyperparameters)}
    worker.log_event(job.topic, {"run": job.run_id, "context": folds[0].context, "numbers": [t.number for t in job.tasks]})

    def report(news: list[tuple[int, int, np.ndarray]]) -> None:
        packed = [(number, first, values.shape[1], values.astype("<f8").tobytes()) for number, first, values in news]
        worker.log_event(job.topic, {"run": job.run_id, "news": packed})

    trials = train_stack(job.tasks, folds, report=report, should_stop=lambda: job.run_id in _stopping)
    return StackResult(tuple(trials), psutil.Process().memory_info().rss, worker.address)


def unpack(news: list[tuple[int, int, int, bytes]]) -> list[tuple[int, int, np.ndarray]]:
    """The other end of `report`: (number, first epoch, values (5, n))."""
    return [(number, first, np.frombuffer(data, "<f8").reshape(5, n)) for number, first, n, data in news]


def prepared_fold(source: TableSource, setup: dict[str, Any], hp: Hyperparameters) -> Fold:
    """Training and validation rows as arrays, from memory when this worker has prepared them before."""
    dataset = stored_dataset(source, setup)
    loss = loss_name(dataset.task, len(dataset.classes), hp)
    key = (source.dataset_id, dataset.fingerprint, loss, hp.scale_target)

    def make() -> Fold:
        preparation = dataset.prepare(scale_target=hp.scale_target)
        return make_fold(dataset, hp, preparation, dataset.rows.train, dataset.rows.validation)

    return _remember(_folds, key, make)


def stored_dataset(source: TableSource, setup: dict[str, Any]) -> Any:
    """The dataset of a setup, from memory when this worker has made it before."""
    from tuning_core.data import Dataset, Table

    key = (source.dataset_id, json.dumps(setup, sort_keys=True))
    return _remember(_datasets, key, lambda: Dataset.from_spec(_table(source, Table), setup))


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


def _remember(cache: OrderedDict[tuple, Any], key: tuple, make: Any) -> Any:
    if key not in cache:
        value = make()
        while len(cache) >= KEPT:
            cache.popitem(last=False)
        cache[key] = value
    cache.move_to_end(key)
    return cache[key]


def ready() -> str:
    """Import what training needs; answered by a worker that can train at once."""
    import tuning_core.data.dataset
    import tuning_core.training.stack  # noqa: F401

    return get_worker().address
