"""Splits are scikit-learn's, the lesson's rows are the lesson's, and what cannot be learned is refused in words."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from sklearn.dummy import DummyRegressor
from sklearn.model_selection import train_test_split

import tuning_core as tc
from tests.support.paths import INSURANCE
from tuning_core.data import Table


@pytest.fixture(scope="module")
def insurance():
    return tc.read_table(INSURANCE)


def frame_table(rows: int = 200, **columns) -> Table:
    rng = np.random.default_rng(0)
    base = {"a": rng.normal(size=rows), "b": rng.normal(size=rows), "y": rng.normal(size=rows)}
    return Table.from_frame(pd.DataFrame(base | columns))


def all_rows(rows):
    return np.concatenate([part for _, part in rows.parts()])


def test_random_test_rows_are_those_of_train_test_split(insurance):
    dataset = tc.Dataset(insurance, "charges", split=tc.Split(train=0.5, validation=0.2, test=0.3, seed=7))
    rest, test = train_test_split(np.arange(1338), test_size=0.3, random_state=7)
    train, validation = train_test_split(rest, test_size=len(dataset.rows.validation), random_state=7)
    assert np.array_equal(dataset.rows.test, test)
    assert np.array_equal(dataset.rows.validation, validation)
    assert np.array_equal(dataset.rows.train, train)


def test_stratified_test_rows_are_those_of_train_test_split(insurance):
    dataset = tc.Dataset(insurance, "smoker", split=tc.Split(seed=3, method="stratified"))
    _, test = train_test_split(np.arange(1338), test_size=134, random_state=3, stratify=insurance.frame["smoker"])
    assert np.array_equal(dataset.rows.test, test)
    shares = [np.mean(dataset.target_values[rows]) for _, rows in dataset.rows.parts()]
    assert np.ptp(shares) < 0.01


def test_the_lessons_rows_and_baseline(insurance):
    split = tc.Split(train=0.536, validation=0.134, test=0.33, seed=42, keras_validation_split=True)
    dataset = tc.Dataset(insurance, "charges", split=split)
    rest, test = train_test_split(insurance.frame, test_size=0.33, random_state=42)
    rows = dataset.rows
    assert [len(part) for _, part in rows.parts()] == [716, 180, 442]
    assert np.array_equal(np.concatenate([rows.train, rows.validation]), rest.index)
    lesson_rows = np.concatenate([rows.train, rows.validation])
    dummy = DummyRegressor().fit(np.zeros((896, 1)), dataset.target_values[lesson_rows])
    mae = np.abs(dummy.predict(np.zeros((442, 1))) - dataset.target_values[rows.test]).mean()
    assert mae == pytest.approx(9190.331083088173, rel=1e-14)
    assert np.array_equal(rows.test, test.index)


@pytest.mark.parametrize("method", ["random", "stratified", "ordered", "grouped"])
@pytest.mark.parametrize("test", [0.0, 0.1, 0.33])
def test_no_row_is_in_two_of_them_and_none_is_lost(insurance, method, test):
    split = tc.Split(train=0.9 - test, validation=0.1, test=test, method=method, group="age" if method == "grouped" else None)
    rows = tc.Dataset(insurance, "charges", split=split).rows
    assert np.array_equal(np.sort(all_rows(rows)), np.arange(1338))
    assert all(part.dtype == np.int64 for _, part in rows.parts())


def test_ordered_keeps_file_order(insurance):
    rows = tc.Dataset(insurance, "charges", split=tc.Split(method="ordered")).rows
    assert np.array_equal(all_rows(rows), np.arange(1338))


def test_groups_stay_together(insurance):
    dataset = tc.Dataset(insurance, "charges", split=tc.Split(method="grouped", group="age"))
    ages = insurance.frame["age"].to_numpy()
    parts = [set(ages[part]) for _, part in dataset.rows.parts()]
    assert not (parts[0] & parts[1] or parts[0] & parts[2] or parts[1] & parts[2])
    assert "age" in dataset.left_out and dataset.groups is not None
    assert abs(len(dataset.rows.test) / 1338 - 0.1) < 0.05


def test_a_lone_class_is_moved_into_training_and_said():
    labels = ["x", "y"] * 99 + ["x", "z"]
    for method in ("random", "stratified"):
        for seed in range(8):
            dataset = tc.Dataset(frame_table(label=labels), "label", split=tc.Split(seed=seed, method=method))
            assert set(dataset.target_values[dataset.rows.train]) == {0, 1, 2}
            assert "rare_class" in {notice.kind for notice in dataset.own_notices}


def test_rows_without_a_target_are_dropped_and_counted():
    values = np.arange(200.0) ** 2
    values[[3, 77]] = np.nan
    dataset = tc.Dataset(frame_table(target=values), "target")
    assert len(dataset.frame) == 198 and len(all_rows(dataset.rows)) == 198
    assert next(n for n in dataset.notices if n.kind == "missing_target_rows_dropped").count == 2


@pytest.mark.parametrize(
    ("values", "task"),
    [
        ([0, 1] * 100, "classification"),
        ([-1, 1] * 100, "classification"),
        ([0.0, 1.0] * 100, "classification"),
        ([1, 2, 3, 4] * 50, "classification"),
        ([3, 4, 5, 6, 8] * 40, "regression"),
        (list(range(200)), "regression"),
        (["a", "b"] * 100, "classification"),
        ([True, False] * 100, "classification"),
        (list(np.linspace(0, 1, 200)), "regression"),
    ],
)
def test_the_task_follows_the_target_and_can_be_overridden(values, task):
    dataset = tc.Dataset(frame_table(t=values), "t")
    assert dataset.task == task
    if not isinstance(values[0], str):
        assert tc.Dataset(frame_table(t=[float(v) for v in values]), "t", task="regression").task == "regression"


def test_classes_are_in_the_order_of_their_numbers():
    dataset = tc.Dataset(frame_table(t=[2, 10, 9, 1] * 50), "t", task="classification")
    assert dataset.classes == ("1", "2", "9", "10")


def test_spec_gives_the_same_dataset_again(insurance):
    dataset = tc.Dataset(
        insurance, target="charges", features=("age", "children"), split=tc.Split(seed=5), kinds={"children": "categorical"}
    )
    again = tc.Dataset.from_spec(insurance, json.loads(json.dumps(dataset.spec())))
    assert again.fingerprint == dataset.fingerprint
    assert again.features == dataset.features == ("age", "children")
    assert np.array_equal(again.rows.test, dataset.rows.test)
    assert tc.Dataset(insurance, "charges").fingerprint != dataset.fingerprint
    json.dumps(dataset.summary(), allow_nan=False)


def test_kinds_override_what_the_reader_found(insurance):
    dataset = tc.Dataset(insurance, "charges", kinds={"children": "categorical", "region": "id"})
    names = dataset.prepare().feature_names
    assert "children=0" in names and "children" not in names
    assert dataset.left_out["region"] == "was marked as id"


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"target": "nothing"}, "unknown_column"),
        ({"features": ("age", "agee")}, "unknown_column"),
        ({"features": ("age", "charges")}, "target_is_feature"),
        ({"features": ()}, "no_usable_features"),
        ({"task": "ranking"}, "unknown_choice"),
        ({"kinds": {"age": "vector"}}, "unknown_choice"),
        ({"kinds": {"region": "numeric"}}, "impossible_kind"),
        ({"split": tc.Split(train=0.9998, validation=0.0002, test=0.0, keras_validation_split=True)}, None),
        ({"split": tc.Split(method="grouped", group="smoker")}, "too_few_groups"),
        ({"split": tc.Split(method="grouped", group="clan")}, "unknown_column"),
        ({"target": "region", "task": "regression"}, "non_numeric_in_numeric_column"),
    ],
)
def test_what_cannot_be_learned_is_refused_with_a_remedy(insurance, change, kind):
    settings = {"target": "charges", **change}
    if kind is None:
        assert len(tc.Dataset(insurance, **settings).rows.validation) == 1
        return
    with pytest.raises(tc.UserError) as caught:
        tc.Dataset(insurance, **settings)
    assert caught.value.kind == kind and caught.value.remedy and caught.value.message


def test_a_class_missing_from_training_is_refused():
    table = frame_table(label=["a"] * 60 + ["b"] * 80 + ["c"] * 60)
    with pytest.raises(tc.DatasetError) as caught:
        tc.Dataset(table, "label", split=tc.Split(method="ordered"))
    assert caught.value.kind == "class_missing_from_training" and "'c'" in caught.value.message


@pytest.mark.parametrize(
    ("split", "kind"),
    [
        (tc.Split(train=0.01, validation=0.98, test=0.01), "no_training_rows"),
        (tc.Split(train=0.99, validation=1e-12, test=0.01), "no_validation_rows"),
    ],
)
def test_an_empty_part_is_refused(split, kind):
    with pytest.raises(tc.DatasetError) as caught:
        tc.Dataset(frame_table(12), "y", split=split)
    assert caught.value.kind == kind and "12" in caught.value.message


def test_a_stratified_split_that_would_be_too_small_is_refused():
    labels = [f"k{at % 30}" for at in range(120)]
    with pytest.raises(tc.DatasetError) as caught:
        tc.Dataset(frame_table(120, label=labels), "label", split=tc.Split(method="stratified"))
    assert caught.value.kind == "rare_class"


def test_leaks_are_named():
    rng = np.random.default_rng(5)
    parts = {"p": rng.normal(size=200), "q": rng.normal(size=200)}
    summed = tc.Dataset(frame_table(**parts, total=parts["p"] + parts["q"]), "total")
    leak = next(n for n in summed.own_notices if n.kind == "leak_suspected")
    assert set(leak.columns) == {"p", "q"}
    copied = tc.Dataset(frame_table(**parts, total=3 * parts["p"] + 1), "total")
    assert next(n for n in copied.own_notices if n.kind == "leak_suspected").columns == ("p",)
    honest = tc.Dataset(frame_table(**parts, total=parts["p"] + rng.normal(size=200)), "total")
    assert not [n for n in honest.own_notices if n.kind == "leak_suspected"]


def test_a_nameless_table_takes_positions():
    table = tc.read_table("\n".join(f"{at},{at * 1.5},{at % 7}" for at in range(40)).encode())
    assert tc.Dataset(table, 1).target == tc.Dataset(table, "1").target == tc.Dataset(table, "column_2").target == "column_2"
