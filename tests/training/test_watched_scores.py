"""Early stopping that watches a score: Keras's own callback, fed scikit-learn's score after each epoch, decides the same."""

from __future__ import annotations

import keras
import numpy as np
import pandas as pd
import pytest
from sklearn import metrics

import tuning_core as tc
from tuning_core.experiment.score_names import GREATER_IS_BETTER, SCORE_NAMES
from tuning_core.experiment.scores import SCORES
from tuning_core.training import program_pool
from tuning_core.training.layers import build_keras, initial_weights

HP = tc.Hyperparameters(epochs=14, hidden_units=(8,), batch_size=16, learning_rate=0.05, shuffle=False)
LABELS = {
    "accuracy": metrics.accuracy_score,
    "balanced_accuracy": metrics.balanced_accuracy_score,
    "macro_f1": lambda *args, **more: metrics.f1_score(*args, average="macro", **more),
}
OTHERS = {
    "cross_entropy": metrics.log_loss,
    "roc_auc": metrics.roc_auc_score,
    "average_precision": metrics.average_precision_score,
    "mse": metrics.mean_squared_error,
    "rmse": metrics.root_mean_squared_error,
    "mae": metrics.mean_absolute_error,
    "median_absolute_error": metrics.median_absolute_error,
    "r2": metrics.r2_score,
}


def a_dataset(task: str, **settings) -> tc.Dataset:
    random = np.random.default_rng(5)
    n = 200
    frame = pd.DataFrame({"a": random.normal(size=n), "b": random.normal(size=n), "w": random.integers(1, 4, n)})
    score = frame["a"] - frame["b"] ** 2 + random.normal(0, 0.8, n)
    frame["y"] = np.exp(score / 2 + 3) if task == "regression" else np.where(score > 0.8, "rare", "usual")
    return tc.Dataset(tc.Table.from_frame(frame), "y", features=["a", "b"], **settings)


class Watch(keras.callbacks.Callback):
    """Puts scikit-learn's score of the validation rows into the logs."""

    def __init__(self, name, x, y, weights, undo):
        super().__init__()
        self.name, self.x, self.y, self.weights, self.undo, self.values = name, x, y, weights, undo, []

    def on_epoch_end(self, epoch, logs=None):
        found = self.undo(self.model(self.x).numpy()[:, 0].astype(float))
        found = found > 0.5 if self.name in LABELS else found
        logs["val_score"] = {**LABELS, **OTHERS}[self.name](self.y, found, sample_weight=self.weights)
        self.values.append(logs["val_score"])


def with_keras(trial: tc.Trial) -> tuple[list[float], int, int, list[np.ndarray]]:
    """Its scores, best and last epoch (from 1), and weights, by `keras.Model.fit`."""
    dataset, hp, prepare = trial.dataset, trial.hyperparameters, trial.preparation
    stop, (train, val) = hp.early_stopping, (dataset.rows.train, dataset.rows.validation)
    x, y = prepare.transform(dataset.frame), dataset.target_values
    target = prepare.transform_target(y).astype(np.float32)
    model = build_keras(hp, x.shape[1], 1, dataset.task)
    model.set_weights(initial_weights(trial.seed, x.shape[1], hp.hidden_units, 1))
    model.compile(keras.optimizers.Adam(hp.learning_rate), "mse" if dataset.task == "regression" else "binary_crossentropy")
    weights = None if dataset.weights is None else dataset.weights
    undo = prepare.inverse_transform_target if dataset.task == "regression" else np.asarray
    watch = Watch(stop.monitor, x[val], y[val], None if weights is None else weights[val], undo)
    stopping = keras.callbacks.EarlyStopping(
        "val_score", stop.min_delta, stop.patience, mode="max" if stop.monitor in GREATER_IS_BETTER else "min",
        restore_best_weights=True, start_from_epoch=stop.start_from_epoch,
    )  # fmt: skip
    own = {} if weights is None else {"sample_weight": weights[train] / weights[train].mean()}
    model.fit(x[train], target[train], epochs=hp.epochs, batch_size=hp.batch_size, shuffle=False, verbose=0, callbacks=[watch, stopping], **own)  # fmt: skip  # noqa: E501
    return watch.values, stopping.best_epoch + 1, len(watch.values), model.get_weights()


CASES = {
    "macro_f1": {"sample_weight": "w"},
    "average_precision": {},
    "r2": {"target_transform": "log"},
    "rmse": {"sample_weight": "w", "target_transform": "log"},
}


@pytest.mark.parametrize("name", CASES)
def test_it_stops_and_keeps_as_keras_does_with_that_score(name):
    dataset = a_dataset(SCORES[name].task, **CASES[name])
    stop = tc.EarlyStopping(
        patience=2, start_from_epoch=1, min_delta=1e-3 if SCORES[name].greater_is_better else 0.02, monitor=name
    )
    trial = tc.train(dataset, HP.replace(early_stopping=stop)).trials[0]
    assert {program._chunk.experimental_get_tracing_count() for program in program_pool._idle} == {1}, (
        "compiled once, not per epoch"
    )
    values, best, last, weights = with_keras(trial)
    np.testing.assert_allclose(trial.history.val_score, values, rtol=2e-3)
    assert (trial.kept_epoch, len(trial.history)) == (best, last)
    for ours, theirs in zip(trial.weights, weights, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=2e-3)
    assert tc.stop_point(trial.history, stop).kept_epoch == best


def test_a_search_ranks_by_the_score_that_was_watched():
    dataset = a_dataset("classification")
    base = HP.replace(epochs=6, early_stopping=tc.EarlyStopping(patience=1, monitor="macro_f1"))
    run = tc.search(dataset, tc.grid(base=base, learning_rate=[0.01, 0.05]), score="macro_f1")
    for setting in run.settings:
        trial = setting.trials[0]
        assert setting.scores[0] == trial.history.val_score[trial.kept_epoch - 1]
        assert setting.scores[0] == max(trial.history.val_score)
        assert trial.history.context["tree_loss"] > 0 and 0 < trial.history.context["tree_metric"] <= 1


def test_what_cannot_be_watched_is_said():
    assert set(SCORE_NAMES) == set(SCORES)
    assert set(GREATER_IS_BETTER) == {name for name, score in SCORES.items() if score.greater_is_better}
    with pytest.raises(tc.SettingsError, match="A scorer of scikit-learn asks for a table"):
        tc.EarlyStopping(monitor="neg_max_error")
    hp = HP.replace(early_stopping=tc.EarlyStopping(monitor="r2"))
    for attempt in (
        lambda d: tc.train(d, hp),
        lambda d: tc.search(d, tc.grid(base=HP, monitor=["val_loss", "r2"], patience=[3])),
    ):
        with pytest.raises(tc.SettingsError, match="'r2', which is a score for regression") as refused:
            attempt(a_dataset("classification"))
        assert "macro_f1" in refused.value.remedy
    history = tc.train(a_dataset("classification"), HP.replace(epochs=2)).trials[0].history
    with pytest.raises(tc.SettingsError, match="no such score of each epoch"):
        tc.stop_point(history, tc.EarlyStopping(monitor="macro_f1"))
