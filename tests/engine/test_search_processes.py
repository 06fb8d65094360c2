"""Searches on real processes: kill -9 of a worker and of the engine, stop and continue, and a search that lets others pass."""

from __future__ import annotations

import numpy as np
import psutil
import pytest

import tuning_core as tc
from tests.support.datasets import SETUP
from tests.support.paths import INSURANCE
from tests.support.waiting import wait_for
from tuning_core.store import curves, runs, search_configurations
from tuning_core.store.search_configurations import FINAL
from tuning_core.store.trials import get_trials

pytestmark = [pytest.mark.process]
HP = tc.Hyperparameters(hidden_units=(32,), epochs=200, batch_size=32)
RATES = [0.1, 0.03, 0.01, 0.003]


def test_killing_a_worker_and_then_the_engine(engine):
    space, cv = tc.grid(base=HP, learning_rate=RATES, batch_size=[32, 64]), tc.CrossValidation(3)
    run_id = engine.search(space, cv)
    engine.wait_recorded(run_id, 200)
    engine.workers()[0].kill()
    engine.wait_recorded(run_id, 1000)
    children = psutil.Process(engine.process.pid).children(recursive=True)
    engine.kill()
    wait_for(lambda: not any(child.is_running() and child.status() != "zombie" for child in children))
    before = curves.histories(engine.db, run_id)
    engine.start()
    run = engine.wait_ended(run_id)
    assert (run.status, run.error) == ("finished", None)
    after = curves.histories(engine.db, run_id)
    for number, history in before.items():
        np.testing.assert_array_equal(after[number].matrix()[:, : len(history)], history.matrix())
    dataset = tc.Dataset.from_spec(tc.read_table(INSURANCE), SETUP)
    expected = tc.search(dataset, space, cv=cv)
    for trial in (*expected.trials, expected.final_trial):
        number = trial.number if trial.fold is not None else FINAL + expected.ranking[0].number
        np.testing.assert_allclose(after[number].matrix(), trial.history.matrix(), rtol=1e-4)
    found = search_configurations.list_settings(engine.db, run_id)
    np.testing.assert_allclose([s.mean for s in found], [s.mean for s in expected.settings], rtol=1e-4)


def test_a_long_search_makes_room_for_a_single_run_and_keeps_what_it_has_when_stopped(engine):
    space = tc.random(base=HP.replace(epochs=10_000), n_iter=64, learning_rate=tc.loguniform(1e-4, 0.1))
    run_id = engine.search(space)
    wait_for(lambda: sum(t.epochs > 5 for t in get_trials(engine.db, run_id)) == 64)  # both workers train it
    quick = engine.run(1, workspace="somebody else", hidden_units=[32], epochs=5)
    assert engine.wait_ended(quick).status == "finished"
    before = {t.number: t.epochs for t in get_trials(engine.db, run_id)}
    assert max(before.values()) < 10_000, "nobody had to wait for the end of a stack"
    wait_for(lambda: all(t.epochs > before[t.number] for t in get_trials(engine.db, run_id)))
    runs.request_stop(engine.db, run_id)
    assert engine.wait_ended(run_id).status == "stopped"
    found = search_configurations.list_settings(engine.db, run_id)
    assert len(found) == 64 and {s.status for s in found} == {"stopped"} and all(s.mean is not None for s in found)
    assert runs.extend_search(engine.db, run_id, tc.grid(base=HP, learning_rate=[0.02]).to_json())
    assert engine.wait_ended(run_id).status == "finished"
    assert [s.status for s in search_configurations.list_settings(engine.db, run_id) if s.number >= 64] == ["finished"]
