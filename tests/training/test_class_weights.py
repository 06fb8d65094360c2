"""Balanced class weights: curves, baselines and verdict under the same weights, against scikit-learn's weighted log loss."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.utils.class_weight import compute_class_weight

import tuning_core as tc
from tuning_core.training.scoring import forward, probabilities


def frame_of(rare=0.03, rows=1600, classes=2, seed=0):
    """Few rows of the first class, which two columns tell apart but for some overlap."""
    random = np.random.default_rng(seed)
    shares = [rare, *np.full(classes - 1, (1 - rare) / (classes - 1))]
    y = random.choice(classes, rows, p=shares)
    x = random.normal(size=(rows, 5))
    x[:, 0] += 1.6 * (y == 0)
    x[:, 1] -= 1.2 * (y == classes - 1)
    return pd.DataFrame(x, columns=list("abcde")).assign(kind=[f"k{v}" for v in y])


def table(**settings):
    return tc.Dataset(tc.read_table(frame_of(**settings).to_csv(index=False).encode(), filename="rare.csv"), target="kind")


def weights_of(dataset, rows):
    """By scikit-learn, from the training rows."""
    y = dataset.target_values
    trained = y[dataset.rows.train]
    per_class = compute_class_weight("balanced", classes=np.unique(trained), y=trained)
    return per_class[y[rows]]


def expected_loss(dataset, trial, rows):
    x = trial.preparation.transform(dataset.frame, rows)
    shares = probabilities(forward(trial.weights, x, trial.hyperparameters.activation))
    labels = np.arange(len(dataset.classes))
    return log_loss(dataset.target_values[rows], shares, sample_weight=weights_of(dataset, rows), labels=labels)


CALM = tc.Hyperparameters(
    hidden_units=(16,), learning_rate=0.003, batch_size=32, epochs=40, class_weight="balanced", early_stopping=None
)


@pytest.mark.parametrize("classes", [2, 3])
def test_curves_are_the_weighted_log_loss_of_scikit_learn(classes):
    dataset = table(classes=classes)
    hp = CALM.replace(epochs=6, early_stopping=tc.EarlyStopping(patience=50, restore_best_weights=False))
    trial = tc.train(dataset, hp).trials[0]
    history, rows = trial.history, dataset.rows
    assert history.train_loss[-1] == pytest.approx(expected_loss(dataset, trial, rows.train), rel=1e-4)
    assert history.val_loss[-1] == pytest.approx(expected_loss(dataset, trial, rows.validation), rel=1e-4)


@pytest.mark.parametrize("classes", [2, 3])
def test_baselines_are_under_the_same_weights(classes):
    dataset = table(classes=classes)
    context = tc.train(dataset, CALM.replace(epochs=2)).trials[0].history.context
    assert context["dummy_loss"] == pytest.approx(np.log(classes), rel=1e-5)
    prepare, rows, y = dataset.prepare(), dataset.rows, dataset.target_values
    x, x_new = (prepare.transform(dataset.frame, part) for part in (rows.train, rows.validation))
    shares = LogisticRegression(max_iter=300, class_weight="balanced").fit(x, y[rows.train]).predict_proba(x_new)
    expected = log_loss(y[rows.validation], shares, sample_weight=weights_of(dataset, rows.validation))
    assert context["linear_loss"] == pytest.approx(expected, rel=1e-4)
    plain = tc.train(dataset, CALM.replace(epochs=2, class_weight=None)).trials[0].history.context
    counts = np.bincount(y[rows.train]) / len(rows.train)
    alike = log_loss(y[rows.validation], np.tile(counts, (len(rows.validation), 1)), labels=np.arange(classes))
    assert plain["dummy_loss"] == pytest.approx(alike, rel=1e-5)
    assert context["dummy_metric"] == plain["dummy_metric"], "accuracies count every row alike"
    assert context["tree_metric"] == plain["tree_metric"]
    trees = HistGradientBoostingClassifier(random_state=0).fit(x, y[rows.train]).predict_proba(x_new)
    weighed = trees / np.bincount(y[rows.train])
    weighed /= weighed.sum(axis=1, keepdims=True)
    expected = log_loss(y[rows.validation], weighed, sample_weight=weights_of(dataset, rows.validation))
    assert context["tree_loss"] == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_calm_trainings_of_rare_classes_have_not_diverged(seed):
    dataset = table(seed=seed)
    for changes in ({}, {"learning_rate": 0.001}, {"learning_rate": 0.01, "epochs": 25}, {"batch_size": 128}):
        (trial,) = tc.train(dataset, CALM.replace(**changes)).trials
        assert not {"diverged", "oscillating"} & {finding.kind for finding in tc.diagnose(trial.history)}


@pytest.mark.parametrize("l2", [0.0, 0.01])
def test_the_exported_script_trains_and_watches_under_the_same_weights(tmp_path, monkeypatch, l2):
    """All rows a step in their own order: the script then repeats the recorded curve."""
    data = frame_of().to_csv(index=False).encode()
    (tmp_path / "rare.csv").write_bytes(data)
    dataset = tc.Dataset(tc.read_table(data, filename="rare.csv"), target="kind")
    trial = tc.train(dataset, CALM.replace(epochs=4, l2=l2, batch_size=4000, shuffle=False)).trials[0]
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["train.py", "rare.csv"])
    space = {"__name__": "__main__"}
    exec(tc.export_script(trial, source=data), space)
    watched = "val_pure_loss" if l2 else "val_loss"
    np.testing.assert_allclose(space["history"][watched], trial.history.val_loss, rtol=1e-3)
