"""The stack against the oracle: one `keras.Model.fit` with the same weights on the same batches."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.support.folds import make_task_fold
from tests.support.keras_oracle import fit_with_keras
from tuning_core.experiment import EarlyStopping, Hyperparameters
from tuning_core.training.layers import initial_weights
from tuning_core.training.specs import TrialSpec
from tuning_core.training.stack import train_stack

TASKS = ("regression", "two classes", "three classes")  # each optimizer is tried on the first and on one of the others
# where training is not chaotic, so that rounding stays rounding
RATES = {"sgd": 0.02, "adam": 0.003, "adamw": 0.003, "rmsprop": 0.002, "adagrad": 0.02, "nadam": 0.003}
ACTIVATIONS = {"sgd": "tanh", "adam": "relu", "adamw": "gelu", "rmsprop": "elu", "adagrad": "sigmoid", "nadam": "linear"}
BASE = Hyperparameters(hidden_units=(12, 7), activation="tanh", epochs=12, batch_size=16, learning_rate=0.003, keep="last")


def assert_equal_to_fit(trial, fold, rtol=1e-4):
    oracle = fit_with_keras(trial.hyperparameters, fold, trial.seed)
    assert len(trial.history) == len(oracle.loss)
    for name in ("loss", "train_loss", "val_loss", "metric", "val_metric"):
        np.testing.assert_allclose(getattr(trial.history, name), getattr(oracle, name), rtol=rtol, atol=1e-6, err_msg=name)
    for ours, theirs in zip(trial.weights, oracle.weights, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=2e-3, atol=2e-5)
    return oracle


def mixed(base, **changes):
    """Three trials of one stack that differ in learning rate, seed and epochs; `changes` go to the second."""
    return [
        TrialSpec(0, base, seed=0),
        TrialSpec(1, base.replace(learning_rate=base.learning_rate / 7, **changes), seed=1),
        TrialSpec(2, base.replace(epochs=5), seed=2),
    ]


@pytest.mark.parametrize(
    ("optimizer", "task"),
    [(optimizer, task) for i, optimizer in enumerate(RATES) for task in (TASKS[0], TASKS[1 + i % 2])],
)
def test_every_epoch_equals_keras_fit(task, optimizer):
    fold = make_task_fold(task, n_train=75)  # 75 = 4 * 16 + 11: the last batch is partial
    momentum = 0.9 if optimizer == "sgd" else 0.0
    activation = ACTIVATIONS[optimizer] if task == "regression" else "tanh"  # each is tried once
    base = BASE.replace(learning_rate=RATES[optimizer], optimizer=optimizer, momentum=momentum, activation=activation)
    trials = train_stack(mixed(base), {0: fold})
    assert [t.status for t in trials] == ["finished"] * 3
    assert [len(t.history) for t in trials] == [12, 12, 5]
    assert_equal_to_fit(trials[0], fold)
    if task == "regression":  # the other trials of the stack as well: another learning rate, seed and length
        assert_equal_to_fit(trials[1], fold)
        assert_equal_to_fit(trials[2], fold)


@pytest.mark.parametrize(
    ("settings", "task"),
    [
        ({"loss": "mae"}, "regression"),
        ({"l2": 0.02}, "regression"),
        ({"class_weight": "balanced"}, "two classes"),
        ({"class_weight": "balanced"}, "three classes"),
        ({"hidden_units": ()}, "three classes"),
        ({"hidden_units": (9, 8, 7, 6, 5, 4)}, "regression"),
        ({"batch_size": 1}, "regression"),
        ({"batch_size": 4000}, "regression"),  # full batch
        ({"shuffle": False}, "two classes"),
    ],
)
def test_settings(settings, task):
    fold = make_task_fold(task)
    trials = train_stack(mixed(BASE.replace(**settings)), {0: fold})
    assert_equal_to_fit(trials[1], fold)


@pytest.mark.parametrize("task", ["regression", "two classes"])
def test_early_stopping_is_keras_early_stopping(task):
    """Each trial of one stack stops by rules of its own."""
    fold = make_task_fold(task, n_train=40, n_val=25)
    soon = EarlyStopping(patience=4, min_delta=0.001, start_from_epoch=2)
    later = EarlyStopping(patience=9)
    rules = [
        replace(rule, monitor=monitor, restore_best_weights=restore)
        for rule, monitor, restore in [
            (soon, "val_loss", True),
            (later, "val_loss", False),
            (soon, "val_metric", False),
            (later, "val_metric", True),
        ]
    ]
    base = BASE.replace(learning_rate=0.02, epochs=60)
    trials = train_stack([TrialSpec(i, base.replace(early_stopping=rule), seed=i) for i, rule in enumerate(rules)], {0: fold})
    for trial in trials if task == "regression" else trials[2:]:  # an accuracy is watched the other way round
        assert_equal_to_fit(trial, fold, rtol=5e-4)
    for trial in trials:
        assert len(trial.history) == (trial.stopped_epoch or 60)
    assert trials[0].status == trials[2].status == "stopped_early"


@pytest.mark.parametrize("task", ["regression", "three classes"])
def test_the_best_epoch_is_kept_without_early_stopping(task):
    """As Keras's EarlyStopping restores it that never stops, among trials that keep the last weights, and of a prefix."""
    fold = make_task_fold(task, n_train=40, n_val=25)
    best = BASE.replace(learning_rate=0.05, epochs=40, keep="best")
    wanted = [best, best.replace(epochs=12), best.replace(keep="last"), best.replace(learning_rate=0.02)]
    trials = train_stack([TrialSpec(i, hp, seed=3) for i, hp in enumerate(wanted)], {0: fold})
    for trial in trials:
        assert_equal_to_fit(trial, fold, rtol=1e-3)
        assert trial.stopped_epoch is None and len(trial.history) == trial.hyperparameters.epochs
    assert trials[0].kept_epoch == int(np.argmin(trials[0].history.val_loss)) + 1 < 40, "it overfits, or nothing is shown"
    assert trials[2].kept_epoch == 40 and np.abs(trials[2].weights[0] - trials[0].weights[0]).max() > 1e-3


def test_early_stopping_that_never_starts_keeps_the_last_weights():
    fold = make_task_fold("regression")
    stop = EarlyStopping(patience=1, start_from_epoch=50)
    trials = train_stack(mixed(BASE.replace(early_stopping=stop)), {0: fold})
    assert trials[0].status == "finished"
    assert trials[0].best_epoch is None and trials[0].kept_epoch == 12
    assert_equal_to_fit(trials[0], fold)


def test_first_steps_equal_in_the_chaotic_zone():
    fold = make_task_fold("regression")
    trials = train_stack(mixed(BASE.replace(learning_rate=0.5, epochs=2)), {0: fold})
    assert_equal_to_fit(trials[0], fold, rtol=1e-3)


def test_dropout_agrees_with_keras_on_average():
    fold = make_task_fold("regression", n_train=200)
    hp = BASE.replace(dropout=0.3, epochs=10, hidden_units=(24,), activation="relu")
    ours = train_stack([TrialSpec(i, hp, seed=i) for i in range(32)], {0: fold})
    theirs = [fit_with_keras(hp, fold, seed) for seed in range(8)]
    for name in ("loss", "train_loss", "val_loss"):
        a = np.array([getattr(t.history, name)[-1] for t in ours])
        b = np.array([getattr(o, name)[-1] for o in theirs])
        error = np.hypot(a.std(ddof=1) / len(a) ** 0.5, b.std(ddof=1) / len(b) ** 0.5)
        assert abs(a.mean() - b.mean()) < 4 * error, name


def test_initial_weights_are_seeded_keras_initializers():
    import keras

    from tuning_core.training.layers import layer_seed

    kernel, bias, *_ = initial_weights(7, 5, (12,), 1)
    np.testing.assert_array_equal(kernel, np.asarray(keras.initializers.GlorotUniform(seed=layer_seed(7, 0))((5, 12))))
    assert not bias.any()
    assert np.abs(kernel - initial_weights(8, 5, (12,), 1)[0]).max() > 0.1
