"""A search as the engine drives it, worker by worker in this process."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

import tuning_core as tc
from tests.support.datasets import SETUP
from tuning_core.engine.runs.run_execution import Execution
from tuning_core.engine.runs.search_execution import SearchExecution
from tuning_core.engine.worker.messages import PlanFolds
from tuning_core.engine.worker.tasks import train
from tuning_core.store import curves, runs, search_configurations
from tuning_core.store.search_configurations import FINAL
from tuning_core.store.trials import get_trials
from tuning_core.training.fold_cache import FoldCache

HP = tc.Hyperparameters(epochs=6, hidden_units=(4,), batch_size=32)
RATES = [1.0, 0.1, 0.03, 0.01, 0.003, 0.001, 0.3, 0.0003, 3.0]


def request(db, space, cv=None, seeds=(0,)):
    spec = {"space": space.to_json(), "cv": cv.to_json() if cv else None, "seeds": list(seeds)}
    return runs.add_run(db, "me", "d", SETUP, "search", spec)


def work_on(db, run_id, dataset, stacks=None, *, workers=2, pause=lambda: False):
    """What the service does, with workers that take stacks in turn; ends after a number of stacks, as if it were killed."""
    assert runs.claim(db, run_id)
    run = runs.get_run(db, run_id)
    execution: Execution = SearchExecution(db, run)
    execution.begin()
    books = {None: FoldCache(dataset)}
    if run.spec["cv"]:
        books[""] = FoldCache(dataset, tc.CrossValidation.from_json(run.spec["cv"]))
    left = itertools.count() if stacks is None else range(stacks)
    on_workers: list = []
    for _ in left:
        while len(on_workers) < workers and (execution.waiting or execution.wants_to_think):
            if execution.waiting:
                on_workers.append(execution.take())
            else:
                execution.add(execution.think())
        if not on_workers:
            break
        work = on_workers.pop(0)
        if isinstance(work, PlanFolds):
            execution.outlined(books.get("", books[None]).outline(work.early_stopping))
            continue
        book = books[None] if work.dataset_split else books.get("", books[None])
        execution.done(work, train(work, book, lambda news: None, lambda: False, pause))
    else:
        runs.settle_orphans(db, requeue=True, note="again")
        return execution
    if execution.complete:
        execution.finish(stopped=False)
    return execution


def assert_as_in_this_process(db, run_id, expected):
    """Settings, scores, curves, row losses and the final trial are those of `tc.search`."""
    found = search_configurations.list_settings(db, run_id)
    assert [tc.Hyperparameters.from_json(s.hyperparameters) for s in found] == [s.hyperparameters for s in expected.settings]
    for ours, theirs in zip(found, expected.settings, strict=True):
        np.testing.assert_allclose(np.array(ours.scores, float), theirs.scores, rtol=2e-4)
        np.testing.assert_allclose(np.array(ours.metrics, float), theirs.metrics, rtol=2e-4)
        assert ours.mean == pytest.approx(theirs.mean, rel=2e-4) if np.isfinite(theirs.mean) else ours.mean is None
    histories = curves.histories(db, run_id)
    for trial in expected.trials:
        np.testing.assert_allclose(histories[trial.number].matrix(), trial.history.matrix(), rtol=2e-4)
    stored = {trial.number: trial for trial in get_trials(db, run_id) if trial.number < FINAL}
    assert {n: (t.seed, t.fold, t.status) for n, t in stored.items()} == {
        t.number: (t.seed, t.fold, t.status) for t in expected.trials
    }
