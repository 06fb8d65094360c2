"""Searches in the store: settings and scores come back as they were written; extending keeps what is there."""

from __future__ import annotations

import numpy as np
import pytest

import tuning_core as tc
from tuning_core.store import Database, datasets, runs, search_configurations
from tuning_core.store.trials import add_trials, get_trials


@pytest.fixture
def db(tmp_path):
    return Database(tmp_path)


@pytest.fixture
def run_id(db):
    datasets.add_dataset(db, "me", "a.csv", b"x,y\n1,2\n", dataset_id="d")
    spec = {"space": tc.grid(learning_rate=[0.1, 0.01]).to_json(), "cv": None, "seeds": [0, 1]}
    run_id = runs.add_run(db, "me", "d", {"target": "y"}, "search", spec)
    assert runs.claim(db, run_id)
    space = tc.grid(learning_rate=[0.1, 0.01, 0.001], hidden_units=[(64,), (8, 8)])
    search_configurations.add_settings(db, run_id, [(i, values, hp) for i, (values, hp) in enumerate(space.grid())][:3])
    hp = tc.Hyperparameters().to_json()
    add_trials(db, run_id, [(i, hp, i % 2, None, i // 2) for i in range(6)])
    return run_id


def test_settings_and_scores_come_back(db, run_id):
    search_configurations.set_running(db, run_id, [0])
    search_configurations.score_setting(db, run_id, 0, "finished", [2.0, 4.0], [0.5, 0.25])
    search_configurations.score_setting(db, run_id, 1, "diverged", [1.0, float("nan")], [1.0, float("nan")], error="why")
    first, second, third = search_configurations.list_settings(db, run_id)
    assert (first.status, first.mean, first.metric_mean, first.scores) == ("finished", 3.0, 0.375, (2.0, 4.0))
    assert first.spread == pytest.approx(np.std([2, 4], ddof=1))
    assert (second.status, second.mean, second.scores, second.error) == ("diverged", None, (1.0, None), "why")
    assert (third.status, third.ended) == ("queued", False)
    assert first.values == {"hidden_units": [64], "learning_rate": 0.1}
    assert tc.Hyperparameters.from_json(first.hyperparameters).hidden_units == (64,)
    assert search_configurations.best_setting(db, run_id) == first
    search_configurations.score_setting(db, run_id, 2, "finished", [1.0, 2.0], [0.5, 0.5])
    assert [setting.number for setting in search_configurations.ranked_settings(db, run_id)] == [2, 0]


def test_rungs_are_kept_beside_the_last_score(db, run_id):
    search_configurations.score_setting(db, run_id, 0, "running", [2.0, 4.0], [1.0, 1.0], until=3)
    search_configurations.score_setting(db, run_id, 0, "running", [1.0, float("inf")], [1.0, 1.0], until=9)
    assert search_configurations.list_settings(db, run_id)[0].rungs == {3: 3.0, 9: None}


def test_trials_have_scores_and_row_losses(db, run_id):
    losses = np.array([0.5, 1.5], np.float32)
    search_configurations.score_trials(
        db, run_id, [(1, 1.0, 0.5, np.array([4, 9]), losses), (2, np.nan, np.nan, losses[:0], losses[:0])]
    )
    assert [(t.score, t.metric) for t in get_trials(db, run_id)[:3]] == [(None, None), (1.0, 0.5), (None, None)]
    found = search_configurations.row_losses(db, run_id)
    assert found[1][0].tolist() == [4, 9] and found[1][1].tolist() == [0.5, 1.5] and not len(found[2][0])


def test_extending_keeps_settings_and_says_where_new_ones_begin(db, run_id):
    wider = tc.grid(learning_rate=[0.1, 0.01, 1.0]).to_json()
    assert not runs.extend_search(db, run_id, wider), "it is still going"
    runs.finish(db, run_id, "finished")
    assert {s.status for s in search_configurations.list_settings(db, run_id)} == {"finished"}
    assert runs.extend_search(db, run_id, wider)
    run = runs.get_run(db, run_id)
    assert (run.status, run.spec["first"], run.spec["space"], run.spec["seeds"]) == ("queued", 3, wider, [0, 1])
    assert len(search_configurations.list_settings(db, run_id)) == 3
    manual = runs.add_run(db, "me", "d", {"target": "y"}, "manual", {})
    runs.finish(db, manual, "finished")
    assert not runs.extend_search(db, manual, wider), "it is no search"


def test_nothing_is_written_for_a_deleted_run(db, run_id):
    runs.delete_run(db, run_id)
    search_configurations.add_settings(db, run_id, [(0, {}, tc.Hyperparameters())])
    search_configurations.score_trials(db, run_id, [(0, 1.0, 1.0, np.zeros(0), np.zeros(0))])
    assert search_configurations.list_settings(db, run_id) == [] and search_configurations.row_losses(db, run_id) == {}
