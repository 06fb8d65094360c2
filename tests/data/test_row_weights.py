"""A weight column: checked, no feature, carried to every part; rows of weight 0 are as if they were not there."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import accuracy_score, log_loss, mean_absolute_error, mean_squared_error

import tuning_core as tc
from tuning_core.data.dataset.baselines import baselines
from tuning_core.data.dataset.tree_baseline import tree_scores

N = 240


def a_frame(task: str) -> pd.DataFrame:
    random = np.random.default_rng(5)
    frame = pd.DataFrame({"a": random.normal(size=N), "b": random.normal(size=N), "w": random.integers(0, 4, N).astype(float)})
    score = frame["a"] - 2 * frame["b"] + random.normal(size=N)
    return frame.assign(y=score if task == "regression" else np.where(score > 0.5, "up", "down"))


@pytest.mark.parametrize(
    ("cell", "words"), [(-1.0, "'-1.0'"), (np.nan, "an empty cell"), (np.inf, "an empty cell|'inf'"), ("much", "'much'")]
)
def test_a_bad_weight_names_column_value_rule_and_remedy(cell, words):
    frame = a_frame("regression").astype({"w": object})
    frame.loc[7, "w"] = cell
    with pytest.raises(tc.DatasetError, match=f"weight column 'w' holds ({words}) in row 8 .*finite number, 0 or more") as error:
        tc.Dataset(tc.Table.from_frame(frame), "y", sample_weight="w")
    assert error.value.kind == "bad_weight" and error.value.column == "w" and "0 leaves a row out" in error.value.remedy


def test_weights_that_are_all_zero_are_refused():
    with pytest.raises(tc.DatasetError, match="0 in every row"):
        tc.Dataset(tc.Table.from_frame(a_frame("regression").assign(w=0.0)), "y", sample_weight="w")


def test_rows_of_weight_zero_are_as_if_deleted():
    frame = a_frame("regression")
    weighted = tc.Dataset(tc.Table.from_frame(frame), "y", sample_weight="w")
    deleted = tc.Dataset(tc.Table.from_frame(frame[frame["w"] > 0]), "y", sample_weight="w")
    pd.testing.assert_frame_equal(weighted.frame, deleted.frame)
    for (_, rows), (_, others) in zip(weighted.rows.parts(), deleted.rows.parts(), strict=True):
        np.testing.assert_array_equal(rows, others)
    assert weighted.prepare().to_json() == deleted.prepare().to_json()
    assert "w" not in weighted.features and "weighs" in weighted.left_out["w"]
    np.testing.assert_array_equal(weighted.weights, weighted.frame["w"])


def test_a_weight_column_is_no_new_vault():
    frame = a_frame("regression").assign(w=1.0 + np.arange(N) % 3)
    assert (
        tc.Dataset(tc.Table.from_frame(frame), "y", sample_weight="w").vault == tc.Dataset(tc.Table.from_frame(frame), "y").vault
    )


def test_weighted_baselines_are_those_of_scikit_learn():
    dataset = tc.Dataset(tc.Table.from_frame(a_frame("regression")), "y", sample_weight="w")
    preparation, (train, judge) = dataset.prepare(), (dataset.rows.train, dataset.rows.validation)
    w, y, X = dataset.weights, dataset.target_values, preparation.transform(dataset.frame).astype(float)
    found = baselines(dataset, preparation, train, judge, "mse")
    mean = np.average(y[train], weights=w[train])
    np.testing.assert_allclose(found.dummy_loss, mean_squared_error(y[judge], np.full(len(judge), mean), sample_weight=w[judge]))
    line = LinearRegression().fit(X[train], y[train], sample_weight=w[train]).predict(X[judge])
    np.testing.assert_allclose(found.linear_loss, mean_squared_error(y[judge], line, sample_weight=w[judge]), rtol=1e-5)
    np.testing.assert_allclose(found.linear_metric, mean_absolute_error(y[judge], line, sample_weight=w[judge]), rtol=1e-5)
    median = np.median(np.repeat(y[train], w[train].astype(int)))
    found = baselines(dataset, preparation, train, judge, "mae")
    np.testing.assert_allclose(found.dummy_loss, np.average(np.abs(y[judge] - median), weights=w[judge]))


def test_weighted_baselines_of_classes_are_those_of_scikit_learn():
    dataset = tc.Dataset(tc.Table.from_frame(a_frame("classification")), "y", sample_weight="w")
    preparation, (train, judge) = dataset.prepare(), (dataset.rows.train, dataset.rows.validation)
    w, y, X = dataset.weights, dataset.target_values, preparation.transform(dataset.frame)
    found = baselines(dataset, preparation, train, judge)
    dummy = DummyClassifier(strategy="prior").fit(X[train], y[train], sample_weight=w[train])
    np.testing.assert_allclose(found.dummy_loss, log_loss(y[judge], dummy.predict_proba(X[judge]), sample_weight=w[judge]))
    model = LogisticRegression(max_iter=300).fit(X[train], y[train], sample_weight=w[train])
    np.testing.assert_allclose(
        found.linear_loss, log_loss(y[judge], model.predict_proba(X[judge]), sample_weight=w[judge]), rtol=1e-4
    )
    np.testing.assert_allclose(found.linear_metric, accuracy_score(y[judge], model.predict(X[judge]), sample_weight=w[judge]))


def test_the_scaled_target_has_weighted_mean_zero_and_variance_one():
    dataset = tc.Dataset(tc.Table.from_frame(a_frame("regression")), "y", sample_weight="w")
    train = dataset.rows.train
    scaled, w = dataset.prepare().transform_target(dataset.target_values[train]), dataset.weights[train]
    assert abs(np.average(scaled, weights=w)) < 1e-6
    np.testing.assert_allclose(np.average(scaled.astype(float) ** 2, weights=w), 1, rtol=1e-5)


def test_weighted_trees_are_those_of_scikit_learn():
    dataset = tc.Dataset(tc.Table.from_frame(a_frame("classification")), "y", sample_weight="w")
    train, judge, w, y = dataset.rows.train, dataset.rows.validation, dataset.weights, dataset.target_values
    X = dataset.prepare().transform(dataset.frame)
    model = HistGradientBoostingClassifier(random_state=0).fit(X[train], y[train], sample_weight=w[train])
    found = tree_scores(dataset)
    np.testing.assert_allclose(
        found["binary_crossentropy"], log_loss(y[judge], model.predict_proba(X[judge]), sample_weight=w[judge]), rtol=1e-6
    )
    np.testing.assert_allclose(found["metric"], accuracy_score(y[judge], model.predict(X[judge]), sample_weight=w[judge]))


def test_baselines_of_a_logarithm_are_fitted_to_it_and_judged_in_own_units():
    frame = a_frame("regression").assign(y=lambda f: np.exp(f["y"] + 5))
    dataset = tc.Dataset(tc.Table.from_frame(frame), "y", features=["a", "b"], target_transform="log")
    preparation, (train, judge) = dataset.prepare(), (dataset.rows.train, dataset.rows.validation)
    y, X = dataset.target_values, preparation.transform(dataset.frame).astype(float)
    found = baselines(dataset, preparation, train, judge, "mse")
    line = LinearRegression().fit(X[train], np.log(y[train])).predict(X[judge])
    np.testing.assert_allclose(found.linear_loss, mean_squared_error(np.log(y[judge]), line), rtol=1e-6)
    np.testing.assert_allclose(found.linear_metric, mean_absolute_error(y[judge], np.exp(line)), rtol=1e-6)
    middle = np.exp(np.log(y[train]).mean())
    np.testing.assert_allclose(found.dummy_metric, mean_absolute_error(y[judge], np.full(len(judge), middle)), rtol=1e-6)
    trees = HistGradientBoostingRegressor(random_state=0)
    scaled = (np.log(y[train]) - np.log(y[train]).mean()) / np.log(y[train]).std()
    grown = trees.fit(X[train].astype("float32"), scaled).predict(X[judge].astype("float32"))
    grown = np.exp(grown * np.log(y[train]).std() + np.log(y[train]).mean())
    np.testing.assert_allclose(tree_scores(dataset)["metric"], mean_absolute_error(y[judge], grown), rtol=1e-6)
