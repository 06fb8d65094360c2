"""The gradient noise scale against brute force: one Keras gradient a row."""

from __future__ import annotations

import keras
import numpy as np
import pytest
import tensorflow as tf

import tuning_core as tc
from tests.support.folds import make_task_fold
from tuning_core.training.layers import initial_weights
from tuning_core.training.noise_scale import noise_scale, noise_scales


def brute_force(weights, fold, hp):
    """tr(Sigma) / |G|^2 from every row's own gradient, by Keras's losses on a plain model that gives logits."""
    layers = [keras.layers.Dense(w.shape[1], activation=hp.activation) for w in weights[:-2:2]]
    model = keras.Sequential([keras.Input((fold.x_train.shape[1],)), *layers, keras.layers.Dense(weights[-1].shape[0])])
    model.set_weights(weights)
    losses = {0: keras.losses.MeanSquaredError(), 2: keras.losses.BinaryCrossentropy(from_logits=True)}
    loss = losses.get(fold.n_classes, keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    row_weight = fold.row_weights(hp.class_weight is not None)
    gradients = []
    for x, y, weight in zip(fold.x_train, fold.y_train, row_weight, strict=True):
        with tf.GradientTape() as tape:
            value = weight * loss(np.array([[y]]), model(x[None]))
        gradients.append(np.concatenate([np.ravel(g) for g in tape.gradient(value, model.trainable_variables)]))
    g = np.array(gradients, np.float64)
    trace = np.trace(np.cov(g, rowvar=False, bias=True))
    penalty = np.concatenate([np.ravel(2 * hp.l2 * w) if w.ndim == 2 else np.zeros(w.size) for w in weights])
    return trace / np.square(g.mean(axis=0) + penalty).sum()


CASES = [
    ("regression", {}),
    ("regression", {"activation": "tanh", "l2": 0.05}),
    ("regression", {"hidden_units": ()}),
    ("two classes", {"activation": "gelu", "class_weight": "balanced"}),
    ("three classes", {"hidden_units": (6, 4), "activation": "elu"}),
]


@pytest.mark.parametrize(("task", "changes"), CASES)
def test_equals_one_gradient_a_row(task, changes):
    fold = make_task_fold(task)
    hp = tc.Hyperparameters(hidden_units=(8,), epochs=3).replace(**changes)
    weights = initial_weights(0, fold.x_train.shape[1], hp.hidden_units, fold.n_outputs)
    assert noise_scale(weights, fold, hp) == pytest.approx(brute_force(weights, fold, hp), rel=1e-4)


def test_large_tables_are_taken_in_pieces(monkeypatch):
    fold = make_task_fold("regression")
    hp = tc.Hyperparameters(hidden_units=(8,))
    weights = initial_weights(0, fold.x_train.shape[1], hp.hidden_units, fold.n_outputs)
    whole = noise_scale(weights, fold, hp)
    monkeypatch.setattr("tuning_core.training.noise_scale.ROWS_AT_ONCE", 32)
    assert noise_scale(weights, fold, hp) == pytest.approx(whole, rel=1e-5)


def test_along_a_training_it_grows_and_is_that_of_the_trained_weights():
    fold = make_task_fold("regression")
    hp = tc.Hyperparameters(hidden_units=(8,), epochs=40, early_stopping=tc.EarlyStopping(patience=1))
    found = noise_scales(fold, hp, seed=3)
    assert found.epochs[0] == 0 and found.epochs[-1] == 40
    assert found.scales[0] == pytest.approx(noise_scale(initial_weights(3, 5, (8,), 1), fold, hp))
    assert found.scales[-1] > 5 * found.scales[0], "near a minimum the signal fades and the noise stays"
    assert min(found.scales) <= found.typical <= max(found.scales)


def test_a_training_that_explodes_is_measured_as_far_as_it_goes():
    fold = make_task_fold("regression")
    hp = tc.Hyperparameters(hidden_units=(8,), epochs=40, optimizer="sgd", learning_rate=50.0)
    found = noise_scales(fold, hp)
    assert found.epochs[0] == 0 and np.isfinite(found.scales).all() and np.isfinite(found.typical)
