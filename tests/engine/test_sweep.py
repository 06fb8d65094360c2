"""A real engine with two workers: settings side by side, in as many stacks as they need."""

from __future__ import annotations

import numpy as np
import pytest

import tuning_core as tc
from tests.support.datasets import SETUP
from tests.support.paths import INSURANCE
from tests.support.waiting import wait_for
from tuning_core.store import curves, runs
from tuning_core.store.trials import get_trials

pytestmark = [pytest.mark.process]


def test_settings_times_seeds_in_several_stacks(engine):
    settings = [{"learning_rate": r, "hidden_units": [32], "batch_size": b, "epochs": 6} for b in (16, 64) for r in (0.1, 0.01)]
    run_id = engine.sweep(settings, [3, 7])
    run = engine.wait_ended(run_id)
    assert (run.status, run.error, run.epochs_total) == ("finished", None, 48)
    trials = get_trials(engine.db, run_id)
    assert [(t.number, t.setting, t.seed) for t in trials] == [(i, i // 2, (3, 7)[i % 2]) for i in range(8)]
    stored = curves.histories(engine.db, run_id)
    dataset = tc.Dataset.from_spec(tc.read_table(INSURANCE), SETUP)
    for i, values in enumerate(settings):
        alone = tc.train(dataset, tc.Hyperparameters.from_json(values), seeds=(3, 7))
        for j, trial in enumerate(alone.trials):
            np.testing.assert_allclose(stored[2 * i + j].matrix(), trial.history.matrix(), rtol=1e-5)


def test_a_bad_setting_fails_before_anything_is_trained(engine):
    run = engine.wait_ended(engine.sweep([{"epochs": 3}, {"batch_size": -1}], [0], "gallery"))
    assert run.status == "failed" and "batch_size" in run.error["message"]
    run = engine.wait_ended(engine.sweep([], [0]))
    assert run.status == "failed" and run.error["remedy"]
    run = engine.wait_ended(runs.add_run(engine.db, "me", "insurance", SETUP, "sweep", {"nonsense": 1}))
    assert run.status == "failed" and run.error["kind"] == "internal"


def test_a_stopped_sweep_goes_on_with_what_is_missing(engine):
    settings = [{"hidden_units": [32], "batch_size": 16, "epochs": e} for e in (5, 1500)]
    run_id = engine.sweep([*settings, settings[1] | {"batch_size": 32}], [0, 1])
    wait_for(lambda: (t := get_trials(engine.db, run_id)) and t[2].epochs >= 20)
    runs.request_stop(engine.db, run_id)
    assert engine.wait_ended(run_id).status == "stopped"
    statuses = [t.status for t in get_trials(engine.db, run_id)]
    assert statuses[:2] == ["finished"] * 2 and set(statuses[2:]) == {"stopped"}
    runs.request_continue(engine.db, run_id)
    assert engine.wait_ended(run_id).status == "finished"
    assert [t.epochs for t in get_trials(engine.db, run_id)] == [5, 5, 1500, 1500, 1500, 1500]
