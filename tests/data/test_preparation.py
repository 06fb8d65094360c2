"""Preparation equals scikit-learn's, sees fit rows only, and survives JSON."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

import tuning_core as tc
from tests.support.paths import INSURANCE
from tuning_core.data import Preparation, Table
from tuning_core.data.dataset.preparation import standardise


@pytest.fixture(scope="module")
def insurance():
    return tc.Dataset(tc.read_table(INSURANCE), "charges")


def gappy(rows: int = 300) -> Table:
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(
        {
            "n": np.where(rng.random(rows) < 0.2, np.nan, rng.normal(size=rows)),
            "c": rng.choice(["x", "y", "z", None], rows),
            "t": pd.date_range("2020-01-01", periods=rows, freq="31h"),
            "f": pd.array(rng.choice([True, False], rows), dtype="boolean"),
            "y": rng.normal(size=rows),
        }
    )
    return Table.from_frame(frame)


def test_equals_a_scikit_learn_pipeline(insurance):
    preparation = insurance.prepare()
    numbers, words = ["age", "bmi", "children"], ["sex", "smoker", "region"]
    oracle = make_column_transformer(
        (make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), numbers), (OneHotEncoder(sparse_output=False), words)
    )
    frame = insurance.frame
    oracle.fit(frame.iloc[insurance.rows.train])
    wanted = pd.DataFrame(
        oracle.transform(frame), columns=[n.split("__")[1].replace("_", "=", 1) for n in oracle.get_feature_names_out()]
    )
    X = preparation.transform(frame)
    assert sorted(wanted.columns) == sorted(preparation.feature_names)
    assert np.allclose(X, wanted[list(preparation.feature_names)], atol=1e-6)


def test_target_is_standardised_by_training_rows(insurance):
    preparation = insurance.prepare()
    y = insurance.target_values[insurance.rows.train]
    assert preparation.target_offset == pytest.approx(y.mean()) and preparation.target_scale == pytest.approx(y.std())
    y_test = insurance.target_values[insurance.rows.test]
    back = preparation.inverse_transform_target(preparation.transform_target(y_test))
    assert np.allclose(back, insurance.target_values[insurance.rows.test], rtol=1e-5)
    plain = insurance.prepare(scale_target=False)
    assert (plain.target_offset, plain.target_scale) == (0.0, 1.0)


@pytest.mark.parametrize("part", ["test", "validation"])
def test_poisoned_rows_outside_training_change_nothing(insurance, part):
    table = insurance.table
    frame = table.frame.copy()
    rows = getattr(insurance.rows, part)
    for name in ("age", "bmi", "children"):
        frame[name] = frame[name].astype(float)
        frame.loc[rows, name] = 1e12
    for name in ("sex", "smoker", "region"):
        frame.loc[rows, name] = "poison"
    frame.loc[rows, "charges"] = -1e12
    poisoned = tc.Dataset(Table(frame, table.columns, (), table.name, table.sha256, table.reading), "charges")
    assert poisoned.prepare().to_json() == insurance.prepare().to_json()
    train = insurance.rows.train
    assert np.array_equal(*(d.prepare().transform(d.frame, train) for d in (poisoned, insurance)))
    assert np.array_equal(*(d.prepare().transform_target(d.target_values[train]) for d in (poisoned, insurance)))


def test_json_gives_the_same_numbers_for_new_rows():
    dataset = tc.Dataset(gappy(), "y")
    preparation = dataset.prepare()
    loaded = Preparation.from_json(json.loads(json.dumps(preparation.to_json(), allow_nan=False)))
    raw = dataset.table.frame.drop(columns="y")
    assert np.array_equal(loaded.transform(raw), preparation.transform(raw))
    assert np.array_equal(loaded.transform(raw.iloc[dataset.rows.test]), preparation.transform(dataset.frame, dataset.rows.test))
    with pytest.raises(tc.DatasetError, match="'n'"):
        loaded.transform(raw.drop(columns="n"))


def test_unknown_levels_and_missing_cells_of_new_rows():
    dataset = tc.Dataset(gappy(), "y")
    preparation = dataset.prepare()
    names = preparation.feature_names
    new = pd.DataFrame(
        {"n": [np.nan, 1e300], "c": ["never seen", None], "t": [pd.NaT, pd.Timestamp("2031-05-05")], "f": [None, True]}
    )
    X = preparation.transform(new)
    assert np.isfinite(X).all()
    levels = [at for at, name in enumerate(names) if name.startswith("c=")]
    assert X[0, levels].sum() == 0 and X[1, names.index("c=(missing)")] == 1
    assert X[0, names.index("n (missing)")] == 1 and X[1, names.index("n (missing)")] == 0


def test_many_levels_share_one_feature():
    rng = np.random.default_rng(0)
    cells = [f"k{int(v)}" for v in rng.exponential(12, 2000)]
    dataset = tc.Dataset(Table.from_frame(pd.DataFrame({"c": cells, "y": rng.normal(size=2000)})), "y")
    preparation = dataset.prepare()
    oracle = OneHotEncoder(max_categories=50, handle_unknown="infrequent_if_exist", sparse_output=False)
    train = np.array(cells, dtype=object)[dataset.rows.train, None]
    wanted = oracle.fit_transform(train)
    X = preparation.transform(dataset.frame, dataset.rows.train)
    assert X.shape[1] == wanted.shape[1] == 50
    assert np.array_equal(X.sum(axis=1), np.ones(len(X)))
    assert sorted(X.sum(axis=0)) == sorted(wanted.sum(axis=0))


def test_encoded_names_never_clash():
    frame = pd.DataFrame(
        {"c": ["a", "b"] * 50, "c=a": np.arange(100.0) ** 0.5, "c (missing)": np.arange(100.0) % 7, "y": np.arange(100.0)}
    )
    names = tc.Dataset(Table.from_frame(frame), "y").prepare().feature_names
    assert len(set(names)) == len(names) == 4


@pytest.mark.parametrize("size", [1e-320, 1e-300, 1e-160, 1e-30, 1.0, 1e39, 1e160, 1e300])
def test_extreme_magnitudes_stay_finite(size):
    rng = np.random.default_rng(0)
    column = rng.normal(size=(500, 1)) * size
    median, mean, scale = standardise(column)
    scaled = (column - mean) / scale
    assert np.isfinite(scaled).all() and np.isfinite([median, mean, scale]).all()
    if size > 1e-300:
        assert np.std(scaled) == pytest.approx(1.0, rel=1e-6)


def test_a_feature_that_varies_elsewhere_only_is_dropped_and_said():
    frame = pd.DataFrame({"a": np.r_[np.zeros(80), np.ones(20)], "b": np.arange(100.0), "y": np.arange(100.0) ** 2})
    dataset = tc.Dataset(Table.from_frame(frame), "y", split=tc.Split(train=0.7, validation=0.2, test=0.1, method="ordered"))
    preparation = dataset.prepare()
    assert preparation.feature_names == ("b",) and "a" in preparation.dropped


def test_folds_with_one_layout_have_one_width():
    dataset = tc.Dataset(gappy(), "y")
    pool = np.concatenate([dataset.rows.train, dataset.rows.validation])
    widths = {dataset.prepare(fit_rows=pool[at::3], layout_rows=pool).transform(dataset.frame, pool).shape[1] for at in range(3)}
    assert len(widths) == 1


def test_statistics_come_from_fit_rows_only():
    dataset = tc.Dataset(gappy(), "y")
    fit = dataset.rows.train[:50]
    numbers = dataset.frame["n"].to_numpy()[fit]
    block = next(b for b in dataset.prepare(fit_rows=fit, layout_rows=dataset.rows.train).blocks if b.column == "n")
    filled = np.where(np.isnan(numbers), np.nanmedian(numbers), numbers)
    assert block.mean == pytest.approx(filled.mean()) and block.scale == pytest.approx(filled.std())
