"""`tc.train` and `tc.to_keras` on a real table."""

from __future__ import annotations

import numpy as np
import pytest

import tuning_core as tc
from tests.support.paths import SAMPLES

FAST = tc.Hyperparameters(epochs=15, hidden_units=(16,), early_stopping=tc.EarlyStopping(patience=5))


@pytest.mark.parametrize(("file", "target"), [("insurance.csv", "charges"), ("moons.csv", "moon"), ("penguins.csv", "species")])
def test_keras_model_predicts_what_the_stack_measured(file, target):
    dataset = tc.Dataset(tc.read_table(SAMPLES / file), target=target)
    run = tc.train(dataset, FAST, seeds=(0, 1))
    trial = run.best_trial
    rows = dataset.rows.validation
    predicted = tc.to_keras(trial).predict(trial.preparation.transform(dataset.frame, rows), verbose=0)
    kept = trial.best_epoch - 1
    truth = dataset.target_values[rows]
    if dataset.task == "regression":
        measured = np.abs(predicted[:, 0] - truth).mean()
    elif len(dataset.classes) == 2:
        measured = np.mean((predicted[:, 0] > 0.5) == truth)
    else:
        measured = np.mean(predicted.argmax(axis=1) == truth)
        np.testing.assert_allclose(predicted.sum(axis=1), 1, rtol=1e-5)
    np.testing.assert_allclose(measured, trial.history.val_metric[kept], rtol=1e-4)


def test_learning_beats_the_baselines():
    dataset = tc.Dataset(tc.read_table(SAMPLES / "insurance.csv"), target="charges")
    hp = tc.Hyperparameters(epochs=100, early_stopping=tc.EarlyStopping(patience=20))
    trial = tc.train(dataset, hp, seeds=0).best_trial
    context = trial.history.context
    assert trial.history.val_metric[trial.best_epoch - 1] < context["linear_metric"] < context["dummy_metric"]
    assert context["n_train"] == 936 and context["n_validation"] == 268 and context["n_features"] == 11


def test_test_rows_change_nothing():
    """Poison in the test rows reaches no curve, no baseline and no weight."""
    table = tc.read_table(SAMPLES / "insurance.csv")
    dataset = tc.Dataset(table, target="charges")
    poisoned = tc.Dataset(table, target="charges")
    rows = poisoned.rows.test
    frame = poisoned.frame.copy()
    frame.loc[rows, ["age", "children"]] = 10**6
    frame.loc[rows, "bmi"] = np.nan
    frame.loc[rows, "region"] = "a region of the test rows only"
    object.__setattr__(poisoned, "frame", frame)
    values = poisoned.target_values.copy()
    values[rows] = 1e12
    object.__setattr__(poisoned, "target_values", values)
    clean, dirty = (tc.train(d, FAST, seeds=0).trials[0] for d in (dataset, poisoned))
    np.testing.assert_array_equal(clean.history.matrix(), dirty.history.matrix())
    assert clean.history.context == dirty.history.context


@pytest.mark.parametrize("seeds", [(), (0, 0), (-1,), (1.5,), "ab"])
def test_bad_seeds(seeds):
    dataset = tc.Dataset(tc.read_table(SAMPLES / "moons.csv"), target="moon")
    with pytest.raises(tc.SettingsError, match="seeds is"):
        tc.train(dataset, FAST, seeds=seeds)
