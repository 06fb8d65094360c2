"""`tc.final_exam` on real tables: what it finds, what it counts, what it refuses."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import HistGradientBoostingRegressor

import tuning_core as tc
from tests.support.paths import SAMPLES
from tuning_core.exam import looks

FAST = tc.Hyperparameters(epochs=12, hidden_units=(16,), early_stopping=tc.EarlyStopping(patience=3))


@pytest.fixture(autouse=True)
def nothing_seen(monkeypatch):
    monkeypatch.setattr(looks, "_looks", type(looks._looks)(dict))


@pytest.fixture(scope="module")
def insurance():
    return tc.Dataset(tc.read_table(SAMPLES / "insurance.csv"), target="charges")


@pytest.fixture(scope="module")
def run(insurance):
    return tc.train(insurance, FAST, seeds=(0, 1))


@pytest.mark.parametrize(("file", "target"), [("insurance.csv", "charges"), ("moons.csv", "moon"), ("penguins.csv", "species")])
def test_a_report_scores_the_kept_weights_and_survives_json(file, target):
    dataset = tc.Dataset(tc.read_table(SAMPLES / file), target=target)
    trial = tc.train(dataset, FAST, seeds=(0, 1)).best_trial
    report = tc.final_exam(trial, reason="to know")
    truth = dataset.target_values[dataset.rows.test]
    keras = tc.to_keras(trial).predict(trial.preparation.transform(dataset.frame, dataset.rows.test), verbose=0)
    if dataset.task == "regression":
        np.testing.assert_allclose(report.predicted, keras[:, 0], rtol=1e-4)
        assert report.scores["mae"].value == pytest.approx(np.abs(keras[:, 0] - truth).mean(), rel=1e-4)
        assert np.abs(report.residuals).mean() == pytest.approx(report.scores["mae"].value)
    else:
        np.testing.assert_allclose(report.predicted[:, -1], keras[:, -1], atol=1e-5)
        assert report.confusion.sum() == report.n_rows == len(truth)
        assert report.scores["accuracy"].value == pytest.approx(np.trace(report.confusion) / len(truth))
        assert report.roc and report.calibration and len(report.class_scores) == len(dataset.classes)
    kept = trial.best_epoch - 1
    values = {step.name: step.value for step in report.ledger}
    assert values["train"] == pytest.approx(trial.history.metric[kept], rel=1e-4)
    assert values["validation"] == pytest.approx(trial.history.val_metric[kept], rel=1e-4)
    assert values["test"] == pytest.approx(report.scores[report.metric_name].value, rel=1e-4)
    assert [model.name for model in report.models] == ["model", "constant", "linear", "trees"]
    for model in report.models:
        assert all(e.low <= e.value <= e.high for e in model.scores.values())
    text = json.dumps(report.to_json(), allow_nan=False)
    again = tc.ExamReport.from_json(json.loads(text))
    assert json.dumps(again.to_json()) == text and again.stamp == "test set used once" and again.tried == 2


def test_every_look_is_counted_and_another_split_is_another_vault(insurance, run):
    assert tc.final_exam(run.trials[0]).stamp == "test set used once"
    second = tc.final_exam(run.trials[1], reason="the other seed")
    assert second.stamp == "test set used 2 times" and second.looks[-1].reason == "the other seed"
    fewer = tc.Dataset(insurance.table, target="charges", features=["age", "bmi"])
    assert fewer.vault == insurance.vault  # the same rows: what was seen was seen
    other = tc.Dataset(insurance.table, target="charges", split=tc.Split(seed=1))
    report = tc.final_exam(tc.train(other, FAST).best_trial)
    assert report.stamp == "test set used once; test rows of other splits of this file used 2 times"


def test_weights_that_were_not_kept_are_trained_again(run):
    trial = run.trials[1]
    again = tc.final_exam(replace(trial, weights=()))
    np.testing.assert_allclose(again.predicted, tc.final_exam(trial).predicted, rtol=1e-4)


def test_the_best_of_a_search_says_what_it_was_chosen_from(insurance):
    found = tc.search(insurance, tc.grid(base=FAST, learning_rate=[0.1, 0.01, 0.001]), cv=2)
    assert found.best_trial.chosen_from == 3 and tc.final_exam(found.best_trial).tried == 3
    with pytest.raises(tc.SettingsError, match="one fold") as refusal:
        tc.final_exam(found.trials[0])
    assert refusal.value.kind == "fold_trial"
    assert len(tc.final_exam(found.best_trial).looks) == 2, "the refused one is no look"


def test_test_rows_of_one_class_have_sentences_in_place_of_scores():
    """A perfect guess of the one class that is there would be an F1 of 1.00 for scikit-learn."""
    random = np.random.default_rng(0)
    words = np.array(["no", "yes"])[(np.arange(200) % 2) | (np.arange(200) >= 160)]
    table = tc.Table.from_frame(pd.DataFrame({"x": (words == "yes") + random.normal(0, 0.01, 200), "late": words}))
    dataset = tc.Dataset(table, "late", split=tc.Split(0.7, 0.2, 0.1, method="ordered"))
    assert set(dataset.target_values[dataset.rows.test]) == {1}
    report = tc.final_exam(tc.train(dataset, FAST).best_trial)
    assert report.scores["accuracy"].value == np.mean(report.predicted.argmax(axis=1) == 1)
    for metric in ("macro_f1", "roc_auc"):
        assert np.isnan(report.scores[metric].value) and '"no"' in report.unknown[metric]
    assert report.roc == () and report.class_scores[0].support == 0
    again = tc.ExamReport.from_json(json.loads(json.dumps(report.to_json(), allow_nan=False)))
    assert again.unknown == report.unknown and np.isnan(again.scores["macro_f1"].value)


def test_trees_are_fitted_on_what_the_model_was_fitted_on(run):
    """Against scikit-learn by hand, before and after refitting on both parts."""
    trial = run.best_trial
    for model in (trial, tc.refit(trial)):
        dataset, rows = trial.dataset, trial.dataset.rows
        fitted = np.concatenate([rows.train, rows.validation]) if model.refitted else rows.train
        X, y = model.preparation.transform(dataset.frame), dataset.target_values
        trees = HistGradientBoostingRegressor(random_state=0).fit(X[fitted], y[fitted])
        report = tc.final_exam(model)
        mae = {part: np.abs(trees.predict(X[at]) - y[at]).mean() for part, at in rows.parts()}
        beside = {step.name: step.trees for step in report.ledger}
        assert report.models[3].scores["mae"].value == pytest.approx(mae["test"], rel=1e-3)
        assert beside["test"] == pytest.approx(mae["test"], rel=1e-3) and np.isnan(beside["baseline"])
        lead = report.models[3].lead["mae"]
        assert lead.value == pytest.approx(mae["test"] - report.scores["mae"].value, rel=1e-3)
        assert (report.n_fit, report.refitted, report.seed) == (len(fitted), model.refitted, model.seed)
        if not model.refitted:
            assert beside["validation"] == pytest.approx(trial.history.context["tree_metric"], rel=1e-6)


def test_of_a_logarithm_the_metric_is_in_the_targets_units_and_the_loss_is_not():
    dataset = tc.Dataset(tc.read_table(SAMPLES / "insurance.csv"), target="charges", target_transform="log")
    preparation, rows, y = dataset.prepare(), dataset.rows, dataset.target_values
    kernel = np.random.default_rng(0).normal(0, 0.2, (len(preparation.feature_names), 1)).astype(np.float32)
    history = tc.History.from_arrays([1.0], context={"loss_name": "mse", "task": "regression"})
    model = {"weights": (kernel, np.zeros(1, np.float32)), "dataset": dataset, "preparation": preparation}
    trial = tc.Trial(0, tc.Hyperparameters(hidden_units=(), epochs=1), 0, history, "finished", best_epoch=1, **model)
    report = tc.final_exam(trial)
    scaled = preparation.transform(dataset.frame) @ kernel[:, 0]
    predicted = np.exp(scaled * np.log(y[rows.train]).std() + np.log(y[rows.train]).mean())
    metric, loss = ({step.name: step.value for step in steps} for steps in (report.ledger, report.loss_ledger))
    for part, at in rows.parts():
        assert metric[part] == pytest.approx(np.abs(predicted[at] - y[at]).mean(), rel=1e-4)
        assert loss[part] == pytest.approx(np.mean((np.log(predicted[at]) - np.log(y[at])) ** 2), rel=1e-4)
    assert report.scores["mae"].value == pytest.approx(metric["test"])
    geometric = np.exp(np.log(y[rows.train]).mean())
    assert metric["baseline"] == pytest.approx(np.abs(y[rows.train] - geometric).mean(), rel=1e-6)


def test_what_cannot_be_examined_is_no_look(insurance, run):
    nothing = tc.Dataset(insurance.table, target="charges", split=tc.Split(0.8, 0.2, 0.0))
    with pytest.raises(tc.DatasetError, match="no test rows"):
        tc.final_exam(replace(run.trials[0], dataset=nothing))
    for change, kind in (({"status": "diverged"}, "no_model"), ({"dataset": None}, "no_dataset")):
        with pytest.raises(tc.SettingsError) as refusal:
            tc.final_exam(replace(run.trials[0], **change))
        assert refusal.value.kind == kind
    assert len(tc.final_exam(run.trials[0]).looks) == 1, "the first one counted"
