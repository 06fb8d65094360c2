"""Rows' own weights and the logarithm of the target, against plain Keras, NumPy and scikit-learn."""

from __future__ import annotations

import keras
import numpy as np
import pandas as pd
import pytest

import tuning_core as tc
from tuning_core.training.layers import build_keras, initial_weights
from tuning_core.training.row_orders import RowOrders

N = 150
HP = tc.Hyperparameters(epochs=7, hidden_units=(8,), batch_size=16, learning_rate=0.02, early_stopping=None)


def a_table(task: str, zeros: bool = False) -> tc.Table:
    random = np.random.default_rng(8)
    frame = pd.DataFrame({"a": random.normal(size=N), "b": random.normal(size=N)})
    score = frame["a"] - frame["b"] + random.normal(0, 0.5, N)
    frame["y"] = np.exp(2 * score + 6) if task == "regression" else np.where(score > 0.6, "rare", "usual")
    return tc.Table.from_frame(frame.assign(w=random.integers(0 if zeros else 1, 5, N) / 2.0))


def keras_run(dataset: tc.Dataset, hp: tc.Hyperparameters, seed: int, balanced: bool = False) -> dict[str, np.ndarray]:
    """The same training by `train_on_batch` with Keras's sample weights; scores by NumPy, in the dataset's own units."""
    train, judge = dataset.rows.train, dataset.rows.validation
    preparation, log = dataset.prepare(), dataset.target_transform == "log"
    X = preparation.transform(dataset.frame)
    w = np.ones(len(X)) if dataset.weights is None else dataset.weights
    y = dataset.target_values.astype(float)
    learned = np.log(y) if log else y
    if dataset.task == "regression":
        mean = np.average(learned[train], weights=w[train])
        scale = np.sqrt(np.average((learned[train] - mean) ** 2, weights=w[train]))
    else:
        mean, scale = 0.0, 1.0
    target = ((learned - mean) / scale).astype("float32")
    counted = w.copy()  # in the loss
    if balanced:
        shares = np.bincount(dataset.target_values[train], weights=w[train]) / w[train].sum()
        counted /= len(shares) * shares[dataset.target_values]
    row_weight = counted[train] / w[train].mean()
    model = build_keras(hp, X.shape[1], 1, dataset.task)
    loss = hp.loss if hp.loss != "auto" else "mse"
    model.compile(keras.optimizers.Adam(hp.learning_rate), loss=loss if dataset.task == "regression" else "binary_crossentropy")
    model.set_weights(initial_weights(seed, X.shape[1], hp.hidden_units, 1))
    orders, found = RowOrders(seed, 0, len(train), True), {"train_loss": [], "val_loss": [], "metric": [], "val_metric": []}
    for _ in range(hp.epochs):
        order = orders.next(1)[0]
        for first in range(0, len(train), hp.batch_size):
            at = order[first : first + hp.batch_size]
            model.train_on_batch(X[train[at]], target[train[at], None], sample_weight=row_weight[at])
        for rows, names in ((train, ("train_loss", "metric")), (judge, ("val_loss", "val_metric"))):
            out = model.predict(X[rows], verbose=0)[:, 0].astype(float)
            if dataset.task == "regression":
                error = (out - target[rows]) * scale
                losses = np.abs(error) if hp.loss == "mae" else error**2
                own = out * scale + mean
                metrics = np.abs((np.exp(own) if log else own) - y[rows])
            else:
                losses = -np.log(np.where(y[rows] == 1, out, 1 - out))
                metrics = (out > 0.5) == y[rows]
            for name, values, weights in zip(names, (losses, metrics), (counted, w), strict=True):
                found[name].append(np.average(values, weights=weights[rows]))
    return {name: np.array(values) for name, values in found.items()}


@pytest.mark.parametrize(
    ("task", "settings", "hp"),
    [
        ("regression", {"sample_weight": "w"}, HP),
        ("regression", {"sample_weight": "w"}, HP.replace(loss="mae")),
        ("regression", {"target_transform": "log"}, HP),
        ("regression", {"target_transform": "log", "sample_weight": "w"}, HP.replace(loss="mae")),
        ("classification", {"sample_weight": "w"}, HP),
        ("classification", {"sample_weight": "w"}, HP.replace(class_weight="balanced")),
    ],
)
def test_curves_are_those_of_keras_with_sample_weights(task, settings, hp):
    dataset = tc.Dataset(a_table(task, zeros=True), "y", **settings)
    trial = tc.train(dataset, hp, seeds=(3,)).trials[0]
    wanted = keras_run(dataset, hp, 3, balanced=hp.class_weight is not None)
    for name, values in wanted.items():
        np.testing.assert_allclose(getattr(trial.history, name), values, rtol=2e-4, err_msg=name)


def test_the_kept_model_predicts_in_the_targets_own_units():
    dataset = tc.Dataset(a_table("regression"), "y", target_transform="log", sample_weight="w")
    trial = tc.train(dataset, HP.replace(early_stopping=tc.EarlyStopping(patience=3))).best_trial
    rows = dataset.rows.validation
    predicted = tc.to_keras(trial).predict(trial.preparation.transform(dataset.frame, rows), verbose=0)[:, 0]
    mae = np.average(np.abs(predicted - dataset.target_values[rows]), weights=dataset.weights[rows])
    np.testing.assert_allclose(mae, trial.history.val_metric[trial.kept_epoch - 1], rtol=1e-3)
    shown = tc.predict(trial, dataset.frame.iloc[rows]).values
    np.testing.assert_allclose(shown, predicted, rtol=1e-4)


def test_rows_of_weight_zero_train_as_if_deleted():
    table = a_table("regression", zeros=True)
    kept = tc.Table.from_frame(table.frame[table.frame["w"] > 0])
    runs = [tc.train(tc.Dataset(t, "y", sample_weight="w"), HP, seeds=(0,)).trials[0] for t in (table, kept)]
    for name in ("loss", "train_loss", "val_loss", "metric", "val_metric"):
        np.testing.assert_array_equal(*(getattr(trial.history, name) for trial in runs))


def test_equal_weights_change_nothing_but_rounding():
    table = a_table("regression")
    frame = table.frame.assign(w=3.0)
    weighted = tc.train(tc.Dataset(tc.Table.from_frame(frame), "y", sample_weight="w"), HP).trials[0]
    plain = tc.train(tc.Dataset(tc.Table.from_frame(frame), "y", features=["a", "b"]), HP).trials[0]
    np.testing.assert_allclose(weighted.history.val_loss, plain.history.val_loss, rtol=1e-4)


def test_early_stopping_watches_the_weighted_loss():
    """Where weights turn the order of two epochs round, the better one by weights is kept."""
    dataset = tc.Dataset(a_table("regression", zeros=True), "y", sample_weight="w")
    hp = HP.replace(epochs=40, learning_rate=0.05, early_stopping=tc.EarlyStopping(patience=40))
    trial = tc.train(dataset, hp).best_trial
    assert trial.best_epoch == 1 + int(np.argmin(trial.history.val_loss))
    rows = dataset.rows.validation
    predicted = tc.to_keras(trial).predict(trial.preparation.transform(dataset.frame, rows), verbose=0)[:, 0]
    squared = (predicted - dataset.target_values[rows]) ** 2
    np.testing.assert_allclose(np.average(squared, weights=dataset.weights[rows]), trial.history.val_loss.min(), rtol=1e-3)
    assert abs(squared.mean() / trial.history.val_loss.min() - 1) > 0.01  # the weights matter


def test_weighted_and_balanced_trials_share_a_search():
    dataset = tc.Dataset(a_table("classification", zeros=True), "y", sample_weight="w")
    run = tc.search(dataset, tc.grid(base=HP, class_weight=[None, "balanced"]))
    alone = [tc.train(dataset, setting.hyperparameters).trials[0] for setting in run.settings]
    for setting, trial in zip(run.settings, alone, strict=True):
        np.testing.assert_allclose(setting.trials[0].history.val_loss, trial.history.val_loss, rtol=1e-5)
    assert not np.allclose(alone[0].history.val_loss, alone[1].history.val_loss, rtol=1e-2)
