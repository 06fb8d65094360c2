"""Trees as a baseline against scikit-learn fitted by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.metrics import accuracy_score, log_loss, mean_absolute_error, mean_squared_error

import tuning_core as tc
from tests.support.paths import SAMPLES
from tuning_core.data.dataset import tree_baseline
from tuning_core.data.dataset.tree_baseline import tree_facts, tree_scores


def parts_of(dataset, frame):
    rows = dataset.rows
    return frame.iloc[rows.train], frame.iloc[rows.validation]


def test_numbers_against_scikit_learn_on_the_raw_columns():
    dataset = tc.Dataset(tc.read_table(SAMPLES / "insurance.csv"), target="charges")
    raw = pd.read_csv(SAMPLES / "insurance.csv")
    train, validation = parts_of(dataset, pd.get_dummies(raw))
    model = HistGradientBoostingRegressor(random_state=0).fit(train.drop(columns="charges"), train["charges"])
    predicted = model.predict(validation.drop(columns="charges"))
    found = tree_scores(dataset)
    assert found["mse"] == pytest.approx(mean_squared_error(validation["charges"], predicted), rel=0.02)
    assert found["mae"] == found["metric"] == pytest.approx(mean_absolute_error(validation["charges"], predicted), rel=0.02)
    assert tree_facts(found, {"loss_name": "mae"}) == {"tree_loss": found["mae"], "tree_metric": found["metric"]}


@pytest.mark.parametrize(("file", "target", "loss"), [
    ("breast_cancer.csv", "diagnosis", "binary_crossentropy"),
    ("penguins.csv", "species", "sparse_categorical_crossentropy"),
])  # fmt: skip
def test_classes_against_scikit_learn_on_the_raw_columns(file, target, loss):
    dataset = tc.Dataset(tc.read_table(SAMPLES / file), target=target)
    raw = pd.read_csv(SAMPLES / file)
    X = pd.get_dummies(raw.drop(columns=target))
    X = X.fillna(X.iloc[dataset.rows.train].median())
    rows, y = dataset.rows, raw[target].astype(str)
    model = HistGradientBoostingClassifier(random_state=0).fit(X.iloc[rows.train], y.iloc[rows.train])
    shares = model.predict_proba(X.iloc[rows.validation])
    found = tree_scores(dataset)
    assert found["metric"] == pytest.approx(
        accuracy_score(y.iloc[rows.validation], model.classes_[shares.argmax(axis=1)]), abs=0.02
    )
    assert found[loss] == pytest.approx(log_loss(y.iloc[rows.validation], shares), abs=0.02)


def test_weights_and_the_logarithm_count_as_they_do_for_the_network():
    raw = pd.read_csv(SAMPLES / "insurance.csv").assign(w=lambda f: 1.0 + f["children"])
    dataset = tc.Dataset(tc.Table.from_frame(raw), target="charges", sample_weight="w", target_transform="log")
    train, validation = parts_of(dataset, pd.get_dummies(raw))
    X = [part.drop(columns=["charges", "w"]) for part in (train, validation)]
    model = HistGradientBoostingRegressor(random_state=0).fit(X[0], np.log(train["charges"]), train["w"])
    logs, w = model.predict(X[1]), validation["w"]
    found = tree_scores(dataset)
    assert found["mse"] == pytest.approx(mean_squared_error(np.log(validation["charges"]), logs, sample_weight=w), rel=0.03)
    assert found["metric"] == pytest.approx(mean_absolute_error(validation["charges"], np.exp(logs), sample_weight=w), rel=0.03)


def test_more_data_than_a_baseline_is_worth_has_none(monkeypatch):
    dataset = tc.Dataset(tc.read_table(SAMPLES / "moons.csv"), target="moon")
    monkeypatch.setattr(tree_baseline, "MAX_CELLS", 100)
    assert tree_scores(dataset) == {} and tree_facts({}, {"loss_name": "mse"}) == {"tree_loss": None, "tree_metric": None}
