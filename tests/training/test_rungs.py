"""A training that pauses, and goes on in another stack, is the one that did not."""

from __future__ import annotations

import numpy as np
import pytest

from tests.support.folds import make_task_fold
from tuning_core.experiment import EarlyStopping, Hyperparameters
from tuning_core.training.specs import TrialSpec
from tuning_core.training.stack import train_stack, train_until


@pytest.mark.parametrize("optimizer", ["adam", "sgd", "nadam"])
def test_rungs_give_the_curves_and_weights_of_one_training(optimizer):
    fold = make_task_fold("regression")
    base = Hyperparameters(
        epochs=18,
        hidden_units=(5,),
        batch_size=16,
        optimizer=optimizer,
        momentum=0.9 if optimizer == "sgd" else 0.0,
        dropout=0.2,
        early_stopping=EarlyStopping(patience=9),
    )
    tasks = [TrialSpec(i, base.replace(learning_rate=0.002 * (i + 1)), seed=i % 2) for i in range(5)]
    whole = train_stack(tasks, {0: fold})

    news = []
    trials, paused = train_until(tasks, {0: fold}, until=4)
    assert [t.status for t in trials] == ["stopped"] * 5
    assert [len(t.history) for t in trials] == [4] * 5
    assert sorted(paused) == [0, 1, 2, 3, 4]
    some = [tasks[3], tasks[1]]  # fewer, and in another order
    trials, paused = train_until(some, {0: fold}, until=11, paused=paused, report=news.extend)
    assert {first for _, first, _ in news} >= {4}
    assert min(first for _, first, _ in news) == 4
    trials, paused = train_until(some, {0: fold}, paused=paused)
    assert paused == {}
    for trial, expected in zip(trials, (whole[3], whole[1]), strict=True):
        assert trial.status == expected.status
        np.testing.assert_allclose(trial.history.matrix(), expected.history.matrix(), rtol=2e-4, atol=1e-6)
        for a, b in zip(trial.weights, expected.weights, strict=True):
            np.testing.assert_allclose(a, b, rtol=2e-3, atol=1e-5)


def test_what_has_ended_before_the_rung_does_not_pause():
    fold = make_task_fold("regression")
    hp = Hyperparameters(epochs=30, hidden_units=(5,), batch_size=16)
    tasks = [TrialSpec(0, hp, 0), TrialSpec(1, hp.replace(early_stopping=EarlyStopping(patience=0, min_delta=10.0)), 0)]
    trials, paused = train_until(tasks, {0: fold}, until=6)
    assert [t.status for t in trials] == ["stopped", "stopped_early"]
    assert list(paused) == [0]
