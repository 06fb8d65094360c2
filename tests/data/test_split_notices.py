"""What is said before training about the parts: one class only, or a class that nothing there measures."""

from __future__ import annotations

import numpy as np
import pandas as pd

import tuning_core as tc

RANDOM = np.random.default_rng(0)


def dataset_of(labels: list[str], **split) -> tc.Dataset:
    frame = pd.DataFrame({"a": RANDOM.normal(size=len(labels)), "kind": labels})
    return tc.Dataset(tc.Table.from_frame(frame), "kind", split=tc.Split(method="ordered", **split))


def said(dataset: tc.Dataset) -> dict[str, str]:
    return {notice.kind: notice.message for notice in dataset.own_notices}


def test_a_part_with_one_class_is_said_before_training():
    dataset = dataset_of(["yes", "no"] * 70 + ["no"] * 40 + ["yes", "no"] * 10)
    assert set(dataset.target_values[dataset.rows.validation]) == {dataset.classes.index("no")}
    found = said(dataset)
    assert "All 40 validation rows are 'no'" in found["single_class_part"]
    assert "class_missing_from_part" not in found


def test_a_part_without_a_class_names_it_and_the_part():
    dataset = dataset_of(["red", "blue", "green"] * 60 + ["red", "green", "red"] * 8)
    absent = set(dataset.classes) - {dataset.classes[k] for k in dataset.target_values[dataset.rows.test]}
    assert absent == {"blue"}
    assert "No test row has 'blue'" in said(dataset)["class_missing_from_part"]


def test_whole_splits_are_not_talked_about():
    assert not {"single_class_part", "class_missing_from_part"} & set(said(dataset_of(["yes", "no"] * 100)))
    assert not {"single_class_part", "class_missing_from_part"} & set(said(dataset_of(["a", "b"] * 99, train=0.8, test=0)))
