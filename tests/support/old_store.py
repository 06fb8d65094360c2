"""`python -m tests.support.old_store ZIP`: a small store as this program writes it, for the tests of upgrades to come.

Whoever adds a step to the schema makes the file of that step (tests/store/stores/<step>.zip); the tests of upgrades ask for it as
soon as there is a next one. A zip holds the database as SQL and the tables' folders.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import tuning_core as tc
from tests.support.engine import LiveEngine
from tests.support.paths import INSURANCE, ROOT
from tests.support.waiting import wait_for
from tuning_core.store import answers, datasets, runs, test_set_looks, workspaces

STORES = ROOT / "tests" / "store" / "stores"
DUMP = "tunescope.sql"
SPLIT = tc.Split(train=0.6, validation=0.2, test=0.2).to_json()
SETUP = {"target": "charges", "features": None, "split": SPLIT, "task": None, "kinds": {}}
SETTINGS = {"learning_rate": 0.01, "epochs": 6, "hidden_units": [4], "batch_size": 8, "early_stopping": None}


def fill(engine: LiveEngine) -> None:
    """A table of 40 rows of "me", two runs and a search on it, a look, an answer."""
    db = engine.db
    rows = INSURANCE.read_bytes().splitlines(keepends=True)[:41]
    datasets.delete_dataset(db, "insurance")
    datasets.add_dataset(db, "me", "insurance.csv", b"".join(rows), dataset_id="mine")
    wait_for(lambda: datasets.get_dataset(db, "mine").status == "ready")
    datasets.request_setup(db, "mine", SETUP)
    space = tc.grid(base=tc.Hyperparameters.from_json(SETTINGS), learning_rate=[0.01, 0.1]).to_json()
    both = [{"hyperparameters": SETTINGS, "seeds": [0, 1]}, {"space": space, "cv": None, "seeds": [0]}]
    for kind, spec in zip(("manual", "search"), both, strict=True):
        run_id = runs.add_run(db, "me", "mine", SETUP, kind, spec)
        engine.wait_ended(run_id)
    test_set_looks.add_look(db, "look1", runs.list_runs(db, "me")[-1], 0, "vault1", "to know")
    workspaces.remember(db, "me", {"page": "tune"})
    answers.add_answer(db, "me", "lesson", "q1", {"choice": 1})


def write_zip(home: Path, target: Path) -> None:
    with closing(sqlite3.connect(home / "tunescope.sqlite")) as store, ZipFile(target, "w", ZIP_DEFLATED) as packed:
        packed.writestr(DUMP, "\n".join(store.iterdump()))
        for path in sorted((home / "datasets").rglob("*")):
            if path.is_file():
                packed.write(path, path.relative_to(home))


def unpack(packed: Path, home: Path) -> None:
    """The store of a zip, in an empty folder."""
    with ZipFile(packed) as stored, closing(sqlite3.connect(home / "tunescope.sqlite")) as store:
        store.executescript(stored.read(DUMP).decode())
        stored.extractall(home, [name for name in stored.namelist() if name != DUMP])


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        engine = LiveEngine(Path(folder)).ready()
        fill(engine)
        engine.end()
        write_zip(Path(folder), Path(sys.argv[1]))


if __name__ == "__main__":
    main()
