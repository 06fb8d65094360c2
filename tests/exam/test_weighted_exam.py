"""The exam of weighted rows and of a learned logarithm: scikit-learn's weighted scores of the predictions themselves."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import (
    accuracy_score,
    confusion_matrix,
    f1_score,
    log_loss,
    mean_absolute_error,
    mean_squared_error,
    precision_recall_fscore_support,
    r2_score,
    roc_auc_score,
)
from sklearn.model_selection import StratifiedKFold

import tuning_core as tc

HP = tc.Hyperparameters(epochs=10, hidden_units=(8,))


def a_dataset(task: str, **settings) -> tc.Dataset:
    random = np.random.default_rng(11)
    n = 300
    frame = pd.DataFrame({"a": random.normal(size=n), "b": random.normal(size=n), "w": random.integers(0, 5, n)})
    score = frame["a"] + frame["b"] + random.normal(0, 0.5, n)
    frame["y"] = np.exp(score + 4) if task == "regression" else np.where(score > 0, "yes", "no")
    return tc.Dataset(tc.Table.from_frame(frame), "y", sample_weight="w", **settings)


@pytest.mark.parametrize("transform", [None, "log"])
def test_numbers_are_scored_by_weight_in_their_own_units(transform):
    dataset = a_dataset("regression", target_transform=transform)
    trial = tc.train(dataset, HP).best_trial
    report = tc.final_exam(trial)
    test, w = dataset.rows.test, dataset.weights[dataset.rows.test]
    y = dataset.target_values[test]
    predicted = tc.to_keras(trial).predict(trial.preparation.transform(dataset.frame, test), verbose=0)[:, 0]
    wanted = {
        "mae": mean_absolute_error(y, predicted, sample_weight=w),
        "rmse": np.sqrt(mean_squared_error(y, predicted, sample_weight=w)),
        "r2": r2_score(y, predicted, sample_weight=w),
    }
    for name, value in wanted.items():
        assert report.scores[name].value == pytest.approx(value, rel=1e-3), name
        assert report.scores[name].low < value < report.scores[name].high
    assert report.ledger[-1].value == pytest.approx(wanted["mae"], rel=1e-3)
    assert report.ledger[2].value == pytest.approx(trial.history.val_metric[trial.kept_epoch - 1], rel=1e-4)
    assert report.loss_ledger[2].value == pytest.approx(trial.history.val_loss[trial.kept_epoch - 1], rel=1e-4)
    train = dataset.rows.train
    learned = np.log(dataset.target_values) if transform else dataset.target_values
    mean = np.average(learned[train], weights=dataset.weights[train])
    assert report.loss_ledger[0].value == pytest.approx(
        np.average((learned[train] - mean) ** 2, weights=dataset.weights[train]), rel=1e-4
    )


def test_classes_are_scored_by_weight():
    dataset = a_dataset("classification")
    trial = tc.train(dataset, HP).best_trial
    report = tc.final_exam(trial)
    test, w = dataset.rows.test, dataset.weights[dataset.rows.test]
    y, shares = dataset.target_values[test], report.predicted
    guess = shares.argmax(axis=1)
    wanted = {
        "accuracy": accuracy_score(y, guess, sample_weight=w),
        "cross_entropy": log_loss(y, shares, sample_weight=w),
        "macro_f1": f1_score(y, guess, average="macro", sample_weight=w),
        "roc_auc": roc_auc_score(y, shares[:, 1], sample_weight=w),
    }
    for name, value in wanted.items():
        assert report.scores[name].value == pytest.approx(value, rel=1e-5), name
    assert report.weighted
    np.testing.assert_allclose(report.confusion, confusion_matrix(y, guess, sample_weight=w))
    assert np.trace(report.confusion) / report.confusion.sum() == pytest.approx(report.scores["accuracy"].value)
    precision, recall, _, support = precision_recall_fscore_support(y, guess, sample_weight=w)
    assert [s.precision for s in report.class_scores] == pytest.approx(precision.tolist())
    assert [s.recall for s in report.class_scores] == pytest.approx(recall.tolist())
    assert [s.support for s in report.class_scores] == pytest.approx(support.tolist())
    assert report.roc[0].area == pytest.approx(report.scores["roc_auc"].value)
    # ten bins by hand: each row as often as it weighs
    often = np.repeat(np.arange(len(y)), w.astype(int))
    stated, true = shares[often, 1], y[often] == 1
    place = np.minimum((stated * 10).astype(int), 9)
    gaps = [abs(stated[place == k].sum() - true[place == k].sum()) for k in np.unique(place)]
    assert report.calibration_error == pytest.approx(sum(gaps) / len(often))
    assert tc.ExamReport.from_json(report.to_json()).weighted


def test_folds_are_scored_by_weight():
    dataset = a_dataset("regression", target_transform="log")
    run = tc.search(dataset, tc.grid(base=HP.replace(early_stopping=tc.EarlyStopping(patience=3)), learning_rate=[0.01]), cv=3)
    rows = np.concatenate([dataset.rows.train, dataset.rows.validation])
    from sklearn.model_selection import KFold

    for trial, (_, held) in zip(run.settings[0].trials, KFold(3).split(rows), strict=True):
        at = rows[held]
        predicted = tc.to_keras(trial).predict(trial.preparation.transform(dataset.frame, at), verbose=0)[:, 0]
        mae = mean_absolute_error(dataset.target_values[at], predicted, sample_weight=dataset.weights[at])
        assert run.settings[0].metrics[trial.fold] == pytest.approx(mae, rel=1e-3)


def test_scores_of_folds_never_count_rows_by_their_class():
    dataset = a_dataset("classification")
    base = HP.replace(epochs=4, class_weight="balanced")
    run = tc.search(dataset, tc.grid(base=base, learning_rate=[0.01]), cv=2, score="cross_entropy")
    for trial, value, hits in zip(run.settings[0].trials, run.settings[0].scores, run.settings[0].metrics, strict=True):
        rows = np.concatenate([dataset.rows.train, dataset.rows.validation])
        _, held = list(StratifiedKFold(2).split(rows, dataset.target_values[rows]))[trial.fold]
        at = rows[held]
        y, w = dataset.target_values[at], dataset.weights[at]
        shares = tc.to_keras(trial).predict(trial.preparation.transform(dataset.frame, at), verbose=0)[:, 0].astype(float)
        assert value == pytest.approx(log_loss(y, shares, sample_weight=w), rel=1e-4)
        assert hits == pytest.approx(accuracy_score(y, shares > 0.5, sample_weight=w))
