"""Words such as "None" in a target: a class or no value is asked, and no row goes without a word."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import tuning_core as tc


def csv(word: str, blanks: int = 0) -> bytes:
    kinds = [word] * 30 + ["flu"] * 40 + ["cold"] * 30 + [""] * blanks
    lines = [f"{i * 7 % 101},{i % 13},{kinds[i * 37 % len(kinds)]}" for i in range(len(kinds))]
    return "\n".join(["a,b,ill", *lines]).encode()


def said(dataset: tc.Dataset) -> dict[str, tc.Notice]:
    return {notice.kind: notice for notice in dataset.own_notices}


@pytest.mark.parametrize("word", ["None", "NA", "null", "N/A"])
def test_a_word_that_may_name_a_class_is_one_until_somebody_says_otherwise(word):
    table = tc.read_table(csv(word))
    dataset = tc.Dataset(table, "ill")
    assert set(dataset.classes) == {"cold", "flu", word} and len(dataset.frame) == 100
    assert np.bincount(dataset.target_values)[dataset.classes.index(word)] == 30
    notice = said(dataset)["class_word_kept"]
    assert notice.count == 30 and f"ReadOptions(missing_in={{'ill': ('{word}',)}})" in notice.message
    missing = tc.Dataset(tc.read_table(csv(word), options=tc.ReadOptions(missing_in={"ill": (word,)})), "ill")
    assert set(missing.classes) == {"cold", "flu"} and said(missing)["missing_target_rows_dropped"].count == 30
    assert table.frame["ill"].isna().sum() == 30  # as a feature it stays what it was


def test_a_minus_beside_plus_is_a_class():
    rows = "\n".join(f"{i % 7},{i % 5},{'+-'[i % 3 == 0]}" for i in range(60))
    dataset = tc.Dataset(tc.read_table(f"a,b,ill\n{rows}".encode()), "ill")
    assert dataset.classes == ("+", "-") and said(dataset)["class_word_kept"].count == 20


def test_beside_empty_cells_the_rows_are_dropped_with_the_question():
    dataset = tc.Dataset(tc.read_table(csv("None", blanks=10)), "ill")
    message = said(dataset)["missing_target_rows_dropped"].message
    assert set(dataset.classes) == {"cold", "flu"} and "'None' (30)" in message and "keep=('None',)" in message
    kept = tc.Dataset(tc.read_table(csv("None", blanks=10), options=tc.ReadOptions(keep=("None",))), "ill")
    assert set(kept.classes) == {"None", "cold", "flu"} and said(kept)["missing_target_rows_dropped"].count == 10


def test_a_date_target_is_sent_somewhere_else_whatever_the_task():
    days = "\n".join(f"{day:%Y-%m-%d},{i}" for i, day in enumerate(pd.date_range("2024-01-01", periods=200)))
    table = tc.read_table(f"day,n\n{days}".encode())
    for task in (None, "regression", "classification"):
        with pytest.raises(tc.DatasetError, match="holds dates") as error:
            tc.Dataset(table, "day", task=task)
        assert "lassification" not in str(error.value) and "egression" not in str(error.value) and "number" in error.value.remedy


@pytest.mark.parametrize("bad", [0.0, -3.0])
def test_a_logarithm_needs_numbers_above_zero(bad):
    frame = pd.DataFrame({"a": np.arange(60.0), "y": np.r_[bad, np.arange(1.0, 60)]})
    with pytest.raises(tc.DatasetError, match=f"'y' holds {bad:g} .1 cells are 0 or less"):
        tc.Dataset(tc.Table.from_frame(frame), "y", target_transform="log")
    with pytest.raises(tc.SettingsError, match="'sqrt'"):
        tc.Dataset(tc.Table.from_frame(frame), "y", target_transform="sqrt")
    with pytest.raises(tc.DatasetError, match="is a class"):
        tc.Dataset(tc.Table.from_frame(frame.assign(y=["u", "v"] * 30)), "y", target_transform="log")
