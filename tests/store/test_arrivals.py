"""A run file is written on one server and read on another: the same curves there, and nothing for its engine to do."""

from __future__ import annotations

import json

import numpy as np

import tuning_core as tc
from tuning_core.experiment import History, Trial
from tuning_core.export import read_run_file, write_run_file
from tuning_core.store import Database, arrivals, curves, datasets, runs
from tuning_core.store.trials import get_trials

SETUP = {"target": "y", "features": None, "split": tc.Split().to_json(), "task": None, "kinds": {}}


def test_a_run_travels(tmp_path):
    curve = np.array([3.0, 2.0, np.nan])
    history = History.from_arrays(loss=curve, val_loss=curve, context={"task": "regression"})
    hp = tc.Hyperparameters(epochs=3)
    sent = [Trial(n, hp.replace(learning_rate=0.1 / (n + 1)), 7, history, "diverged", 2, diverged_epoch=3) for n in range(2)]
    data = write_run_file(sent, dataset_name="a.csv", sha256="ab" * 32, setup=SETUP, name="mine")
    db = Database(tmp_path)
    datasets.add_dataset(db, "you", "b.csv", b"x,y\n1,2\n", dataset_id="d")
    found = read_run_file(data)
    differs = found.data_differs(db.row("SELECT sha256 FROM datasets")["sha256"])
    assert "not the file" in differs
    run_id = arrivals.keep_run(db, "you", "d", found.trials, setup=found.setup, name=found.name, note=differs)
    run = runs.get_run(db, run_id)
    assert (run.status, run.name, run.note, run.setup) == ("finished", "mine", differs, json.loads(json.dumps(SETUP)))
    assert not runs.queued_runs(db) and not runs.settle_orphans(db, requeue=True, note="")
    kept = curves.histories(db, run_id)
    np.testing.assert_array_equal(kept[1].matrix(), sent[1].history.matrix())
    assert [t.diverged_epoch for t in get_trials(db, run_id)] == [3, 3]
