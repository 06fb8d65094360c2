"""Stores of every schema since the first, each written by the program of its time, opened by this one; one of a newer program."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from pages.server.curve_feed import curve_payload
from pages.server.verdict_payload import verdict_facts
from pages.state import database
from tests.support.app_test import slider
from tests.support.engine_answers import answer_setups
from tests.support.old_store import STORES, unpack
from tests.support.paths import ROOT, ROUTER
from tuning_core.data import Dataset, Table
from tuning_core.diagnosis import LiveReading
from tuning_core.store import Database, curves, datasets, runs
from tuning_core.store.backups import backups
from tuning_core.store.free_space import DiskFull
from tuning_core.store.migrations import MIGRATIONS
from tuning_core.store.opening import open_or_exit
from tuning_core.store.run_state import run_state
from tuning_core.store.search_configurations import list_settings
from tuning_core.store.trials import get_trials
from tuning_core.store.upgrading import NewerStore

STEPS = [name for name, _ in MIGRATIONS]


def told(file: Path) -> dict[str, list[tuple]]:
    """Every row of every table."""
    with closing(sqlite3.connect(file)) as store:
        names = [name for (name,) in store.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: store.execute(f"SELECT * FROM {name}").fetchall() for name in names}


@pytest.mark.parametrize("step", [step for step in STEPS if step != STEPS[-1] or (STORES / f"{step}.zip").exists()])
def test_a_store_of_each_schema_keeps_everything_and_is_read(step, tmp_path):
    unpack(STORES / f"{step}.zip", tmp_path)
    before = told(tmp_path / "tunescope.sqlite")
    assert [name for (name,) in before["migrations"]] == STEPS[: STEPS.index(step) + 1]
    db = Database(tmp_path)
    after = told(db.file)
    assert [name for (name,) in after["migrations"]] == STEPS
    assert {name: len(rows) for name, rows in before.items()} | {"migrations": len(STEPS)} == {
        name: len(after[name]) for name in before
    }
    copies = [path.name for path in (tmp_path / "backups").glob("*")] if step != STEPS[-1] else []
    assert copies == [f"before-{missing}.sqlite" for missing in STEPS[STEPS.index(step) + 1 :][:1]] and not backups(db.file)
    assert all(told(tmp_path / "backups" / name) == before for name in copies)
    assert_read(db, step)


def assert_read(db: Database, step: str) -> None:
    """What pages ask of a store."""
    table = Table.load(datasets.folder(db, "mine") / "table")
    dataset = datasets.get_dataset(db, "mine")
    assert dataset.status == "ready" and len(table.frame) == 40
    mine = runs.list_runs(db, "me")
    assert {run.kind for run in mine} == ({"manual", "search"} if step >= "0004" else {"manual"})
    manual = next(run for run in mine if run.kind == "manual")
    assert len(Dataset.from_spec(table, manual.setup).summary()) > 3
    assert [(trial.epochs, trial.status) for trial in get_trials(db, manual.id)] == [(6, "finished")] * 2
    assert all(np.isfinite(history.val_loss).all() for history in curves.histories(db, manual.id).values())
    assert all(len(curves.weights(db, manual.id, number)) == 4 for number in (0, 1))
    payload = json.loads(curve_payload(db, manual.id, 0, 0, run_state(db, manual.id)))
    assert payload["run"]["status"] == "finished" and verdict_facts(db, manual, None, LiveReading())[0]["epochs"] == 6
    for search in (run for run in mine if run.kind == "search"):
        assert sorted(round(setting.values["learning_rate"], 3) for setting in list_settings(db, search.id)) == [0.01, 0.1]
    if step < "0009":  # links went to anybody then, and go on working
        assert {run.shared for run in mine} == {"view"} and dataset.shared == "work", "'you' had trained on it"
    if step < "0003":
        assert {setup.status for setup in datasets.queued_setups(db)} == {"queued"}, "its vault is to be named"


def test_a_run_of_the_first_schema_is_shown_on_its_page(tmp_path, monkeypatch):
    unpack(STORES / f"{STEPS[0]}.zip", tmp_path)
    monkeypatch.setenv("TUNESCOPE_HOME", str(tmp_path))
    database.database.cache_clear()
    try:
        app = AppTest.from_file(ROUTER, default_timeout=300)
        db = Database(tmp_path)
        answer_setups(db)  # as the engine does with what the third step queues again
        app.query_params["run"] = run_id = runs.list_runs(db, "me")[0].id
        app.session_state["workspace"] = "me"
        app.run()
        assert not app.exception and not app.error and app.query_params["run"] == run_id
        assert (slider(app, "Epochs").value, slider(app, "Batch size").value) == (6, 8), "its settings are on the sliders"
    finally:
        database.database.cache_clear()


def test_a_newer_store_is_refused_in_one_sentence_and_not_written_to(tmp_path):
    db = Database(tmp_path)
    db.write("INSERT INTO migrations (name) VALUES ('9999_later')")
    db.close()
    before = db.file.read_bytes()
    with pytest.raises(NewerStore) as refusal:
        Database(tmp_path)
    assert refusal.value.kind == "newer_store" and "'9999_later'" in refusal.value.message and STEPS[-1] in refusal.value.message
    assert refusal.value.remedy == "Upgrade Tunescope, or set TUNESCOPE_HOME to another folder."
    (tmp_path / "backups").mkdir()
    (tmp_path / "backups" / "before-9999_later.sqlite").touch()
    with pytest.raises(SystemExit, match=r"tuning_core\.store\.restore before-9999_later\.sqlite"):
        open_or_exit(tmp_path)
    environment = os.environ | {"TUNESCOPE_HOME": str(tmp_path)}
    engine = subprocess.run(
        [sys.executable, "-m", "tuning_core.engine"], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert engine.returncode == 1 and engine.stderr.count("\n") == 1 and "made by a newer Tunescope" in engine.stderr
    assert db.file.read_bytes() == before


def test_without_room_for_the_copy_nothing_is_changed(tmp_path, monkeypatch):
    unpack(STORES / f"{STEPS[1]}.zip", tmp_path)
    before = told(tmp_path / "tunescope.sqlite")
    monkeypatch.setattr("tuning_core.store.whole_copy.is_full", lambda home, wanted=0: True)
    with pytest.raises(DiskFull):
        Database(tmp_path)
    assert told(tmp_path / "tunescope.sqlite") == before
