"""A search by a named score, as the engine drives it: stored, ranked and analysed as `tc.search` does."""

from __future__ import annotations

import numpy as np
import pytest

import tuning_core as tc
from tests.support.datasets import SETUP
from tests.support.search_driver import HP, RATES, assert_as_in_this_process, work_on
from tuning_core.engine.questions import search_analysis
from tuning_core.experiment.scores import SCORES
from tuning_core.search_analysis.winners_curse import winners_curse
from tuning_core.store import runs, search_configurations
from tuning_core.store.search_configurations import FINAL
from tuning_core.store.trials import get_trials
from tuning_core.training.row_facts import row_facts, score_of_facts
from tuning_core.training.score_values import score_value


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


def test_luck_of_a_score_that_is_no_mean_over_rows(db, dataset):
    space = tc.grid(base=HP, learning_rate=[0.1, 0.01, 1e-5])
    run_id = request(db, space, "median_absolute_error")
    work_on(db, run_id, dataset)
    answer = search_analysis.answer(db, {"run_id": run_id})
    luck, run = answer["winners_curse"], tc.search(dataset, space, score="median_absolute_error")
    assert luck["reported"] == pytest.approx(run.ranking[0].mean, rel=1e-4)
    assert (luck["n_settings"], luck["n_rows"]) == (3, len(dataset.rows.validation))
    assert luck["low"] < luck["corrected"] < luck["high"] and luck["corrected"] >= luck["reported"]


@pytest.mark.parametrize(("name", "classes"), [("macro_f1", 3), ("roc_auc", 2), ("average_precision", 3)])
def test_facts_of_rows_give_the_score_of_any_rows(name, classes):
    random = np.random.default_rng(0)
    y, weights = random.integers(0, classes, 60).astype(float), random.integers(1, 4, 60).astype(float)
    shares = random.dirichlet(np.ones(classes), 60)
    times = random.multinomial(60, np.full(60, 1 / 60))
    often = np.repeat(np.arange(60), times)
    facts = row_facts(SCORES[name], y, shares, weights)
    nothing = lambda: (None, None, None)  # noqa: E731
    wanted = score_value(SCORES[name], y[often], shares[often], nothing, weights[often])
    assert score_of_facts(SCORES[name], facts, times) == pytest.approx(wanted, rel=1e-5)


def test_a_score_of_another_task_fails_the_search_in_words(db, dataset):
    run_id = request(db, tc.grid(base=HP, learning_rate=[0.1]), "macro_f1")
    with pytest.raises(tc.UserError, match="macro_f1"):
        work_on(db, run_id, dataset)
