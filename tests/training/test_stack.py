"""What a stack promises beside parity: nobody disturbs anybody, prefixes, divergence, stopping, compaction."""

from __future__ import annotations

import numpy as np
import pytest

from tests.support.folds import make_task_fold
from tuning_core.experiment import EarlyStopping, Hyperparameters
from tuning_core.training import stack as stack_module
from tuning_core.training.specs import TrialSpec
from tuning_core.training.stack import train_stack

BASE = Hyperparameters(hidden_units=(8,), epochs=30, batch_size=16, learning_rate=0.01)


@pytest.fixture(scope="module")
def fold():
    return make_task_fold("regression")


def assert_same(trial, other, epochs=None):
    np.testing.assert_allclose(trial.history.matrix()[:, :epochs], other.history.matrix()[:, :epochs], rtol=2e-5, atol=1e-7)


def test_alone_or_with_others_a_trial_is_the_same(fold):
    tasks = [TrialSpec(i, BASE.replace(learning_rate=0.002 * (i + 1)), seed=i) for i in range(5)]
    together = train_stack(tasks, {0: fold})
    alone = train_stack([tasks[3]], {0: fold})[0]
    assert_same(together[3], alone)
    for ours, theirs in zip(together[3].weights, alone.weights, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-6)


def test_the_same_seed_gives_the_same_curve_and_another_does_not(fold):
    first, again = (train_stack([TrialSpec(0, BASE.replace(dropout=0.3), seed=4)], {0: fold})[0] for _ in range(2))
    other = train_stack([TrialSpec(0, BASE.replace(dropout=0.3), seed=5)], {0: fold})[0]
    np.testing.assert_array_equal(first.history.matrix(), again.history.matrix())
    assert np.abs(first.history.val_loss - other.history.val_loss).max() > 1e-3


def test_chunk_sizes_change_nothing(fold, monkeypatch):
    whole = train_stack([TrialSpec(0, BASE, seed=0)], {0: fold})[0]
    monkeypatch.setattr(stack_module, "CHUNK_SECONDS", 1e-9)  # one epoch per chunk
    monkeypatch.setattr(stack_module, "AT_ONCE_SECONDS", 0.0)
    assert_same(train_stack([TrialSpec(0, BASE, seed=0)], {0: fold})[0], whole)


def test_a_diverging_trial_ends_alone(fold):
    wild = BASE.replace(optimizer="sgd", learning_rate=60.0)
    calm = BASE.replace(optimizer="sgd", learning_rate=0.01)
    trials = train_stack([TrialSpec(0, wild, 0), TrialSpec(1, calm, 0)], {0: fold})
    assert trials[0].status == "diverged"
    assert trials[0].diverged_epoch == len(trials[0].history) < 30
    assert not np.isfinite(trials[0].history.matrix()[:, -1]).all()
    assert np.isfinite(trials[0].history.matrix()[:, :-1]).all()
    assert trials[1].status == "finished"
    assert_same(trials[1], train_stack([TrialSpec(0, calm, 0)], {0: fold})[0])


def test_trials_that_differ_in_epochs_are_one_training(fold):
    stop = EarlyStopping(patience=2)
    base = BASE.replace(learning_rate=0.05, early_stopping=stop, epochs=60)
    tasks = [TrialSpec(0, base, 0), TrialSpec(1, base.replace(epochs=3), 0), TrialSpec(2, base.replace(epochs=7), 0)]
    longest, *prefixes = train_stack(tasks, {0: fold})
    assert longest.status == "stopped_early"
    for task, prefix in zip(tasks[1:], prefixes, strict=True):
        alone = train_stack([task], {0: fold})[0]
        assert (prefix.status, prefix.best_epoch, len(prefix.history)) == (alone.status, alone.best_epoch, len(alone.history))
        assert_same(prefix, alone)
        for ours, theirs in zip(prefix.weights, alone.weights, strict=True):
            np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-6)


def test_a_prefix_beyond_the_stop_ends_with_it(fold):
    base = BASE.replace(learning_rate=0.05, early_stopping=EarlyStopping(patience=2), epochs=500)
    long, shorter = train_stack([TrialSpec(0, base, 0), TrialSpec(1, base.replace(epochs=400), 0)], {0: fold})
    assert long.status == shorter.status == "stopped_early"
    assert long.stopped_epoch == shorter.stopped_epoch < 400


def test_news_come_in_order_and_are_complete(fold):
    got: dict[int, list] = {0: [], 1: []}

    def report(news):
        for number, first, values in news:
            assert first == sum(v.shape[1] for v in got[number])
            got[number].append(values)

    trials = train_stack([TrialSpec(0, BASE, 0), TrialSpec(1, BASE.replace(epochs=11), 1)], {0: fold}, report=report)
    for trial in trials:
        np.testing.assert_array_equal(np.concatenate(got[trial.number], axis=1), trial.history.matrix())


def test_a_stop_request_keeps_what_is_there(fold, monkeypatch):
    monkeypatch.setattr(stack_module, "CHUNK_SECONDS", 1e-9)
    monkeypatch.setattr(stack_module, "AT_ONCE_SECONDS", 0.0)
    chunks = []
    trials = train_stack(
        [TrialSpec(0, BASE, 0), TrialSpec(1, BASE, 1)], {0: fold}, report=chunks.append, should_stop=lambda: len(chunks) >= 4
    )
    whole = train_stack([TrialSpec(0, BASE, 0)], {0: fold})[0]
    for trial in trials:
        assert trial.status == "stopped"
        assert 4 <= len(trial.history) < 30
        assert trial.weights
    assert_same(trials[0], whole, len(trials[0].history))


def test_moving_into_a_smaller_program_changes_nothing(fold, monkeypatch):
    monkeypatch.setattr(stack_module, "COMPILE_SECONDS", 0.0)
    monkeypatch.setattr(stack_module, "CHUNK_SECONDS", 1e-3)
    monkeypatch.setattr(stack_module, "AT_ONCE_SECONDS", 0.0)
    entered = []
    enter = stack_module._Stack._enter
    monkeypatch.setattr(
        stack_module._Stack,
        "_enter",
        lambda self, program_key, carried: (entered.append(program_key.k), enter(self, program_key, carried))[1],
    )
    base = BASE.replace(optimizer="nadam", epochs=80)
    tasks = [TrialSpec(i, base.replace(epochs=5 + i, learning_rate=0.001 * (i + 1)), 0) for i in range(11)] + [
        TrialSpec(11, base, 0)
    ]
    trials = train_stack(tasks, {0: fold})
    assert entered[0] == 32 and entered[-1] == 1
    assert_same(trials[-1], train_stack([tasks[-1]], {0: fold})[0])


def test_folds_of_one_table_share_a_stack():
    first, second = make_task_fold("regression", seed=0), make_task_fold("regression", seed=1)
    together = train_stack([TrialSpec(0, BASE, 0, fold=0), TrialSpec(1, BASE, 0, fold=1)], {0: first, 1: second})
    assert_same(together[1], train_stack([TrialSpec(0, BASE, 0, fold=1)], {1: second})[0])


def test_units_are_the_targets_own():
    fold = make_task_fold("regression")
    scaled = type(fold)(**{**fold.__dict__, "target_scale": 1000.0})
    plain, big = (train_stack([TrialSpec(0, BASE, 0)], {0: f})[0].history for f in (fold, scaled))
    np.testing.assert_allclose(big.val_loss, 1e6 * plain.val_loss)
    np.testing.assert_allclose(big.val_metric, 1e3 * plain.val_metric)


def test_a_huge_unit_does_not_overflow():
    fold = make_task_fold("regression")
    scaled = type(fold)(**{**fold.__dict__, "target_scale": 1e30})
    trial = train_stack([TrialSpec(0, BASE, 0)], {0: scaled})[0]
    assert trial.status == "finished"
    assert np.isfinite(trial.history.matrix()).all()


def test_min_delta_is_in_the_targets_own_units():
    fold = make_task_fold("regression")
    scaled = type(fold)(**{**fold.__dict__, "target_scale": 1000.0})
    stop = EarlyStopping(patience=3, min_delta=0.02)
    hp = BASE.replace(epochs=200, learning_rate=0.003)
    plain = train_stack([TrialSpec(0, hp.replace(early_stopping=stop), 0)], {0: fold})[0]
    big = EarlyStopping(patience=3, min_delta=0.02 * 1e6)
    assert train_stack([TrialSpec(0, hp.replace(early_stopping=big), 0)], {0: scaled})[0].stopped_epoch == plain.stopped_epoch
