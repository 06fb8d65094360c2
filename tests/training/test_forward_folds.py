"""Cross-validation in time: folds train on the past only, as scikit-learn's TimeSeriesSplit, and the latest rows watch."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.model_selection import KFold, TimeSeriesSplit

import tuning_core as tc
from tuning_core.training.row_splits import cross_validation_splits, with_inner_validation

N = 180
HP = tc.Hyperparameters(epochs=6, hidden_units=(8,), early_stopping=tc.EarlyStopping(patience=2))


def a_dataset(method: str, task: str = "regression") -> tc.Dataset:
    random = np.random.default_rng(4)
    days = pd.Timestamp("2024-01-01") + pd.to_timedelta(random.permutation(N), unit="D")
    frame = pd.DataFrame({"day": days, "a": random.normal(size=N), "b": random.normal(size=N)})
    score = frame["a"] + random.normal(0, 0.3, N)
    frame["y"] = score if task == "regression" else np.where(score > 0, "up", "down")
    if method == "ordered":
        frame = frame.sort_values("day")
    split = tc.Split(method="time", column="day") if method == "time" else tc.Split(method=method)
    return tc.Dataset(tc.Table.from_frame(frame), "y", split=split)


@pytest.mark.parametrize("task", ["regression", "classification"])
@pytest.mark.parametrize("method", ["time", "ordered"])
def test_folds_are_those_of_time_series_split(method, task):
    dataset = a_dataset(method, task)
    in_time = np.argsort(dataset.frame["day"].to_numpy())[: N - len(dataset.rows.test)]
    found = cross_validation_splits(dataset, 4)
    for split, (train, held) in zip(found, TimeSeriesSplit(4).split(in_time), strict=True):
        np.testing.assert_array_equal(split.train, in_time[train])
        np.testing.assert_array_equal(split.validation, in_time[held])


@pytest.mark.parametrize("method", ["time", "ordered"])
def test_no_day_of_the_future_trains_or_watches(method):
    dataset = a_dataset(method)
    days = dataset.frame["day"].to_numpy()
    for split in cross_validation_splits(dataset, 4):
        inner = with_inner_validation(dataset, split)
        assert days[inner.train].max() < days[inner.validation].min() <= days[inner.validation].max() < days[inner.score].min()
        assert len(inner.validation) == round(0.2 * len(split.train))


def test_a_search_in_time_scores_each_fold_by_a_model_of_its_past():
    dataset = a_dataset("time")
    run = tc.search(dataset, tc.grid(base=HP, learning_rate=[0.01, 0.03]), cv=3)
    for setting in run.settings:
        assert len(setting.trials) == 3
        for trial, split in zip(setting.trials, cross_validation_splits(dataset, 3), strict=True):
            inner = with_inner_validation(dataset, split, dataset.split.seed)
            x = trial.preparation.transform(dataset.frame, inner.score)
            predicted = tc.to_keras(trial).predict(x, verbose=0)[:, 0]
            mae = np.abs(predicted - dataset.target_values[inner.score]).mean()
            assert mae == pytest.approx(setting.metrics[trial.fold], rel=1e-4)
            assert trial.history.context["n_train"] == len(inner.train)


def test_who_asks_for_other_folds_gets_them():
    dataset = a_dataset("time")
    rows = np.concatenate([dataset.rows.train, dataset.rows.validation])
    for split, (train, _) in zip(
        cross_validation_splits(dataset, tc.CrossValidation(4, method="kfold")), KFold(4).split(rows), strict=True
    ):
        np.testing.assert_array_equal(split.train, rows[train])


def test_what_cannot_be_is_refused():
    with pytest.raises(tc.SettingsError, match="neither shuffled nor repeated"):
        cross_validation_splits(a_dataset("time"), tc.CrossValidation(4, repeats=2))
    with pytest.raises(tc.SettingsError, match="in no order"):
        cross_validation_splits(a_dataset("random"), tc.CrossValidation(4, method="forward"))
