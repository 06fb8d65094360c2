"""Recorded examples: run files that come with the samples (`sample_data/record.py`), shown before anybody has trained.

Those of Tune and Compare are imported into the store, under the workspace of the samples: nobody's own, so they are in no
history, no comparison, no exam and no count. The others are read from their files, once per process.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from pages.state.database import database
from pages.state.samples import FOLDER, SAMPLES
from pages.state.view import View
from tuning_core.experiment import TrialStatus
from tuning_core.store import Database, datasets, runs
from tuning_core.store.imported_runs import import_run
from tuning_core.store.runs import StoredRun
from tuning_core.store.trials import get_trials

if TYPE_CHECKING:
    from tuning_core.export.run_file import RunFile

RECORDED = FOLDER / "recorded"
SAMPLE = SAMPLES[0]  # on which all but the curves of Tune are recorded
NOTE = "Recorded before, with the settings that Tune starts with."
PREFIX = "recorded-"  # of the ids


def add_recorded(db: Database) -> None:
    """Import the run files of Tune and Compare, again where a file or its table has changed."""
    wanted = {_identity(path): path for pattern in ("tune_*.json", "compare_*.json") for path in sorted(RECORDED.glob(pattern))}
    for run in runs.list_runs(db, datasets.SAMPLES, limit=1_000):
        if run.id not in wanted:
            runs.delete_run(db, run.id)
    for run_id, path in wanted.items():
        if _is_whole(db, run_id):
            continue
        runs.delete_run(db, run_id)  # what a server that was killed amid its import has left
        file = _read(path)
        table = next((sample.id for sample in SAMPLES if sample.file == file.dataset_name), "")
        dataset = datasets.get_dataset(db, table)
        if dataset is not None and not file.data_differs(dataset.sha256):
            import_run(db, datasets.SAMPLES, table, file.setup, file.trials, name=file.name, note=NOTE, run_id=run_id)


def _read(path: Path) -> RunFile:
    from tuning_core.export.run_file import read_run_file  # brings pandas, for which no start of the server should wait

    return read_run_file(path.read_bytes())


def _is_whole(db: Database, run_id: str) -> bool:
    trials = get_trials(db, run_id)
    return bool(trials) and all(trial.status != TrialStatus.QUEUED for trial in trials)


def is_recorded(run: StoredRun) -> bool:
    """Whether a run came with the samples: nobody's own."""
    return run.workspace == datasets.SAMPLES


def recorded_curve(view: View) -> StoredRun | None:
    """The start settings on the table in view; on the first sample where that is another table. None before it is imported."""
    own, first = (_stored(f"tune_{name}.json") for name in (view.dataset_id, SAMPLE.id))
    return own or first


def recorded_contenders() -> list[StoredRun]:
    """What Compare shows: the start settings and what differs from them, all on the first sample."""
    names = [f"tune_{SAMPLE.id}.json", *sorted(path.name for path in RECORDED.glob("compare_*.json"))]
    return [run for name in names if (run := _stored(name)) is not None]


@lru_cache(maxsize=8)
def recorded_file(name: str) -> RunFile:
    """A run file of the samples, by its name without ".json"."""
    return _read(RECORDED / f"{name}.json")


@lru_cache(maxsize=8)
def recorded_bytes(name: str) -> bytes:
    """Any other recorded file."""
    return (RECORDED / name).read_bytes()


def _stored(file: str) -> StoredRun | None:
    path = RECORDED / file
    return runs.get_run(database(), _identity(path)) if path.name in _names() else None


@lru_cache(maxsize=1)
def _names() -> frozenset[str]:
    return frozenset(path.name for path in RECORDED.glob("*.json"))


@lru_cache(maxsize=64)
def _identity(path: Path) -> str:
    """An id that changes with the file, so that a server keeps no stale example."""
    return f"{PREFIX}{path.stem}-{hashlib.sha256(path.read_bytes()).hexdigest()[:10]}"
