"""Runs from elsewhere: finished from the start, with their curves, under numbers of our own."""

from __future__ import annotations

import numpy as np
import pytest

from tuning_core.experiment import History, Hyperparameters, Trial
from tuning_core.store import Database, curves, datasets, runs
from tuning_core.store.imported_runs import import_run
from tuning_core.store.trials import get_trials

SETUP = {"target": "y", "features": None, "split": {}, "task": None, "kinds": {}}


@pytest.fixture
def db(tmp_path):
    db = Database(tmp_path)
    datasets.add_dataset(db, "me", "a.csv", b"x,y\n1,2\n", dataset_id="d")
    return db


def trial(number, seed, **settings):
    curve = np.array([3.0, 2.0 + number])
    history = History.from_arrays(curve, curve, curve, curve, curve, {"task": "regression"})
    return Trial(number, Hyperparameters(**settings), seed, history, "stopped_early", best_epoch=2, stopped_epoch=2)


def test_one_setting_becomes_a_manual_run_that_no_engine_takes(db):
    run_id = import_run(db, "me", "d", SETUP, [trial(7, 3), trial(900, 1)], name="n" * 200, note="from elsewhere")
    run = runs.get_run(db, run_id)
    assert (run.kind, run.status, run.live, run.note, len(run.name)) == ("manual", "finished", False, "from elsewhere", 80)
    assert run.spec == {"hyperparameters": Hyperparameters().to_json(), "seeds": [1, 3]}
    assert runs.queued_runs(db) == []
    stored = get_trials(db, run_id)
    assert [(t.number, t.seed, t.status, t.epochs, t.best_epoch) for t in stored] == [
        (0, 3, "stopped_early", 2, 2),
        (1, 1, "stopped_early", 2, 2),
    ]
    assert curves.histories(db, run_id)[1].val_loss.tolist() == [3.0, 902.0]


def test_several_settings_become_a_sweep(db):
    trials = [trial(0, 0), trial(1, 0, learning_rate=0.5), trial(2, 1), trial(3, 1, learning_rate=0.5)]
    run = runs.get_run(db, import_run(db, "me", "d", SETUP, trials))
    assert run.kind == "sweep" and len(run.spec["settings"]) == 2 and run.spec["seeds"] == [0, 1]
    found = [(t.setting, t.seed, t.hyperparameters["learning_rate"]) for t in get_trials(db, run.id)]
    assert found == [(0, 0, 0.01), (0, 1, 0.01), (1, 0, 0.5), (1, 1, 0.5)]
