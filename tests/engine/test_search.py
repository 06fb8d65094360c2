"""Searches as the engine drives them, worker by worker in this process: the same results as `tc.search`, whatever happens."""

from __future__ import annotations

import numpy as np
import pytest

import tuning_core as tc
from tests.support.search_driver import HP, RATES, assert_as_in_this_process, request, work_on
from tuning_core.engine.runs.search_execution import SearchExecution
from tuning_core.engine.worker.messages import Stack
from tuning_core.engine.worker.tasks import train
from tuning_core.errors import UserError
from tuning_core.store import curves, runs, search_configurations
from tuning_core.store.search_configurations import FINAL
from tuning_core.store.trials import get_trials
from tuning_core.training.fold_cache import FoldCache


def test_a_grid_with_folds_and_seeds(db, dataset):
    space = tc.grid(base=HP, learning_rate=[0.1, 0.01], batch_size=[16, 32], epochs=[3, 6])
    cv = tc.CrossValidation(3)
    run_id = request(db, space, cv, (0, 4))
    work_on(db, run_id, dataset)
    expected = tc.search(dataset, space, cv=cv, seeds=(0, 4))
    assert_as_in_this_process(db, run_id, expected)
    assert runs.get_run(db, run_id).status == "finished"
    final = [t for t in get_trials(db, run_id) if t.number >= FINAL]
    assert [(t.number - FINAL, t.setting, t.fold, t.seed) for t in final] == [
        (search_configurations.best_setting(db, run_id).number, search_configurations.best_setting(db, run_id).number, None, 0)
    ]
    ours = curves.histories(db, run_id)[final[0].number]
    np.testing.assert_allclose(ours.matrix(), expected.final_trial.history.matrix(), rtol=2e-4)
    assert curves.weights(db, run_id, final[0].number) and not curves.weights(db, run_id, 0)
    positions, losses = search_configurations.row_losses(db, run_id)[0]
    book = FoldCache(dataset, cv)
    assert positions.tolist() == book.divisions[0].validation.tolist()
    assert losses.mean() == pytest.approx(search_configurations.list_settings(db, run_id)[0].scores[0], rel=1e-5)


def test_successive_halving_goes_on_from_where_it_paused(db, dataset):
    space = tc.halving(base=HP.replace(epochs=9), n_iter=9, learning_rate=RATES)
    run_id = request(db, space)
    work_on(db, run_id, dataset)
    assert_as_in_this_process(db, run_id, tc.search(dataset, space))
    found = search_configurations.list_settings(db, run_id)
    assert sorted(tuple(s.rungs) for s in found) == [(1,)] * 6 + [(1, 3)] * 3
    assert [s.status for s in found].count("finished") == 1


@pytest.mark.parametrize(("cv", "stacks"), [(None, 3), (tc.CrossValidation(2), 2), (tc.CrossValidation(2), 4)])
def test_what_a_killed_engine_left_is_gone_on_with(db, dataset, cv, stacks):
    """The strategy is made anew and told what is in the store; nothing that ended is trained again."""
    for space in (
        tc.halving(base=HP.replace(epochs=9), n_iter=9, learning_rate=RATES),
        tc.random(base=HP, n_iter=4, seed=1, learning_rate=RATES, batch_size=[16, 32, 64]),
    ):
        run_id = request(db, space, cv)
        work_on(db, run_id, dataset, stacks)
        before = {t.number for t in get_trials(db, run_id) if t.status.complete}
        again = work_on(db, run_id, dataset)
        assert before <= again.outcomes.keys()
        assert_as_in_this_process(db, run_id, tc.search(dataset, space, cv=cv))


@pytest.mark.parametrize("make", [tc.halving, tc.random])
def test_stacks_that_make_room_go_on_from_where_they_were(db, dataset, make, monkeypatch):
    """Asked to pause after every chunk of epochs, a search ends as it does undisturbed."""
    monkeypatch.setattr("tuning_core.training.stack._Stack._chunk_length", lambda self: 1)
    hp = HP.replace(epochs=18, early_stopping=tc.EarlyStopping(patience=8))
    space = make(base=hp, n_iter=9, learning_rate=RATES)
    run_id = request(db, space, tc.CrossValidation(2))
    asked = []
    work_on(db, run_id, dataset, pause=lambda: asked.append(1) or True)
    assert len(asked) > 15
    assert_as_in_this_process(db, run_id, tc.search(dataset, space, cv=tc.CrossValidation(2)))


def test_bayesian_keeps_its_budget_over_faults(db, dataset):
    space = tc.bayesian(base=HP, n_iter=12, learning_rate=tc.loguniform(1e-4, 1), batch_size=[16, 64])
    run_id = request(db, space)
    work_on(db, run_id, dataset, 3)
    work_on(db, run_id, dataset, 2)
    work_on(db, run_id, dataset)
    found = search_configurations.list_settings(db, run_id)
    assert len(found) == 12 and {s.status for s in found} <= {"finished", "diverged"}
    assert all(set(s.values) == {"learning_rate", "batch_size"} for s in found)


def test_extending_tries_only_what_is_new(db, dataset):
    space = tc.grid(base=HP, learning_rate=[0.1, 0.01])
    run_id = request(db, space)
    work_on(db, run_id, dataset)
    wider = space.extended(learning_rate=[0.1, 0.01, 0.001], batch_size=[32, 64])
    assert runs.extend_search(db, run_id, wider.to_json())
    before = curves.since(db, run_id)[-1].cursor
    work_on(db, run_id, dataset)
    assert {chunk.number for chunk in curves.since(db, run_id, before)} == {2, 3, 4, 5}
    first = tc.search(dataset, space)
    assert_as_in_this_process(db, run_id, tc.search(dataset, wider, extends=first))


def test_a_failed_stack_fails_its_own_trials_only(db, dataset):
    run_id = request(db, tc.grid(base=HP, batch_size=[16, 64]), seeds=(0, 1))
    runs.claim(db, run_id)
    execution = SearchExecution(db, runs.get_run(db, run_id))
    execution.begin()
    execution.take()
    book = FoldCache(dataset)
    execution.outlined(book.outline(False))
    execution.add(execution.think())
    bad, good = execution.take(), execution.take()
    execution.failed(bad, {"kind": "internal", "message": "It broke.", "remedy": ""})
    execution.done(good, train(good, book, lambda news: None, lambda: False))
    execution.add(execution.think())
    assert execution.complete
    execution.finish(stopped=False)
    first, second = search_configurations.list_settings(db, run_id)
    assert (first.status, first.mean, first.error) == ("failed", None, "It broke.")
    assert second.status == "finished" and second.mean > 0
    assert [t.status for t in get_trials(db, run_id)] == ["failed", "failed", "finished", "finished"]
    assert runs.get_run(db, run_id).status == "finished" and runs.get_run(db, run_id).error["message"] == "It broke."


def test_a_time_budget_ends_the_search_and_keeps_what_is_there(db, dataset):
    space = tc.random(base=HP, n_iter=None, seconds=0.5, learning_rate=tc.loguniform(1e-4, 1))
    run_id = request(db, space, tc.CrossValidation(2))
    work_on(db, run_id, dataset)
    found = search_configurations.list_settings(db, run_id)
    run = runs.get_run(db, run_id)
    assert (run.status, run.error) == ("finished", None)
    assert any(s.mean is not None for s in found)
    assert [t.status for t in get_trials(db, run_id) if t.number >= FINAL] == ["finished"]


def test_too_much_is_refused_with_a_way_out(db):
    space = tc.random(base=HP, n_iter=2000, learning_rate=tc.loguniform(1e-4, 1))
    run_id = request(db, space, tc.CrossValidation(10))
    runs.claim(db, run_id)
    with pytest.raises(UserError, match="2,000 settings with 10 trainings each"):
        SearchExecution(db, runs.get_run(db, run_id)).begin()


def test_stacks_are_short_enough_to_share(db, dataset):
    run_id = request(db, tc.random(base=HP, n_iter=100, learning_rate=tc.loguniform(1e-4, 1)))
    runs.claim(db, run_id)
    execution = SearchExecution(db, runs.get_run(db, run_id))
    execution.begin()
    execution.take()
    execution.outlined(FoldCache(dataset).outline(False))
    works = execution.think()
    assert [len(work.tasks) for work in works if isinstance(work, Stack)] == [32, 32, 32, 4]
