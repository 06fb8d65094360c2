"""A search by a named score, as the engine drives it: stored, ranked and analysed as `tc.search` does."""

from __future__ import annotations

import pytest

import tuning_core as tc
from tests.support.datasets import SETUP
from tests.support.search_driver import HP, RATES, assert_as_in_this_process, work_on
from tuning_core.engine.questions import search_analysis
from tuning_core.search_analysis.winners_curse import winners_curse
from tuning_core.store import runs, search_configurations
from tuning_core.store.search_configurations import FINAL
from tuning_core.store.trials import get_trials


def request(db, space, score, cv=None):
    spec = {"space": space.to_json(), "cv": cv.to_json() if cv else None, "seeds": [0], "score": score}
    return runs.add_run(db, "me", "d", SETUP, "search", spec)


def test_a_score_of_which_greater_is_better(db, dataset):
    space, cv = tc.grid(base=HP, learning_rate=[0.0003, 0.1, 0.01]), tc.CrossValidation(2)
    run_id = request(db, space, "r2", cv)
    work_on(db, run_id, dataset)
    expected = tc.search(dataset, space, cv=cv, score="r2")
    assert_as_in_this_process(db, run_id, expected)
    best = search_configurations.best_setting(db, run_id)
    assert best.number == expected.ranking[0].number
    assert best.mean == max(setting.mean for setting in search_configurations.list_settings(db, run_id))
    final = next(trial for trial in get_trials(db, run_id) if trial.number >= FINAL)
    assert tc.Hyperparameters.from_json(final.hyperparameters) == expected.final_trial.hyperparameters
    luck = winners_curse(expected.row_losses)
    answer = search_analysis.answer(db, {"run_id": run_id})
    assert answer["winners_curse"]["reported"] == pytest.approx(luck.reported, rel=1e-4)
    assert luck.reported == pytest.approx(1 - expected.ranking[0].mean, abs=0.02), "folds of other variances, pooled"


def test_halving_drops_the_lowest(db, dataset):
    space = tc.halving(base=HP.replace(epochs=9), n_iter=9, learning_rate=RATES)
    run_id = request(db, space, "r2")
    work_on(db, run_id, dataset)
    assert_as_in_this_process(db, run_id, tc.search(dataset, space, score="r2"))


def test_luck_of_a_score_that_is_no_mean_over_rows_is_refused_in_words(db, dataset):
    run_id = request(db, tc.grid(base=HP, learning_rate=[0.1, 0.01]), "median_absolute_error")
    work_on(db, run_id, dataset)
    answer = search_analysis.answer(db, {"run_id": run_id})
    assert answer["winners_curse"] is None and "means over rows" in answer["errors"]["winners_curse"]["message"]


def test_a_score_of_another_task_fails_the_search_in_words(db, dataset):
    run_id = request(db, tc.grid(base=HP, learning_rate=[0.1]), "macro_f1")
    with pytest.raises(tc.UserError, match="macro_f1"):
        work_on(db, run_id, dataset)
