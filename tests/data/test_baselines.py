"""Baselines equal scikit-learn's in the target's units, and never stop a run."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.dummy import DummyClassifier
from sklearn.metrics import log_loss

import tuning_core as tc
from tests.support.paths import INSURANCE
from tuning_core.data import Table
from tuning_core.data.dataset.baselines import baselines


@pytest.fixture(scope="module")
def insurance():
    return tc.read_table(INSURANCE)


def test_regression(insurance):
    dataset = tc.Dataset(insurance, "charges")
    rows = dataset.rows
    y, y_new = dataset.target_values[rows.train], dataset.target_values[rows.validation]
    mse = baselines(dataset, dataset.prepare(), rows.train, rows.validation, "mse")
    mae = baselines(dataset, dataset.prepare(), rows.train, rows.validation, "mae")
    assert mse.dummy_loss == pytest.approx(np.mean((y_new - y.mean()) ** 2))
    assert mae.dummy_loss == mae.dummy_metric == pytest.approx(np.mean(np.abs(y_new - np.median(y))))
    assert mse.linear_metric == mae.linear_metric == pytest.approx(4242.44, abs=0.5)
    assert mse.linear_loss < mse.dummy_loss


def test_classification(insurance):
    dataset = tc.Dataset(insurance, "smoker", split=tc.Split(method="stratified"))
    rows = dataset.rows
    y, y_new = dataset.target_values[rows.train], dataset.target_values[rows.validation]
    found = baselines(dataset, dataset.prepare(), rows.train, rows.validation)
    dummy = DummyClassifier(strategy="prior").fit(y[:, None], y)
    assert found.dummy_loss == pytest.approx(log_loss(y_new, dummy.predict_proba(y_new[:, None])))
    assert found.dummy_metric == pytest.approx(dummy.score(y_new[:, None], y_new))
    assert found.linear_metric > 0.9 and found.linear_loss < found.dummy_loss


def test_the_lessons_linear_regression(insurance):
    split = tc.Split(train=0.536, validation=0.134, test=0.33, seed=42, keras_validation_split=True)
    dataset = tc.Dataset(insurance, "charges", split=split)
    rows = np.concatenate([dataset.rows.train, dataset.rows.validation])
    found = baselines(dataset, dataset.prepare(fit_rows=rows), rows, dataset.rows.test)
    assert found.linear_metric == pytest.approx(4193.46, abs=0.2)


@pytest.mark.parametrize("size", [1e-300, 1e-30, 1e30, 1e300])
def test_extreme_targets_give_finite_numbers_or_none(size):
    rng = np.random.default_rng(0)
    table = Table.from_frame(pd.DataFrame({"a": rng.normal(size=100), "y": rng.normal(size=100) * size}))
    try:
        dataset = tc.Dataset(table, "y")
    except tc.DatasetError as error:
        assert error.kind == "extreme_values"
        return
    found = baselines(dataset, dataset.prepare(), dataset.rows.train, dataset.rows.validation)
    assert all(value is None or np.isfinite(value) for value in found.to_json().values() if not isinstance(value, str))


def test_an_unknown_loss_is_refused(insurance):
    dataset = tc.Dataset(insurance, "charges")
    with pytest.raises(tc.SettingsError):
        baselines(dataset, dataset.prepare(), dataset.rows.train, dataset.rows.validation, "huber")
