"""Rows by time, by a column of parts, copies and groups on one side; what is said where they are torn apart."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

import tuning_core as tc

N = 200


def a_frame(seed: int = 0) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    days = pd.Timestamp("2024-01-01") + pd.to_timedelta(random.permutation(N), unit="D")
    return pd.DataFrame({"day": days, "a": random.normal(size=N), "b": random.normal(size=N), "y": random.normal(size=N)})


def said(dataset: tc.Dataset) -> dict[str, tc.Notice]:
    return {notice.kind: notice for notice in dataset.own_notices}


# ---- time -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("as_read", [True, False])
def test_the_earliest_rows_train_and_the_latest_are_the_test(as_read):
    frame = a_frame()
    table = tc.read_table(frame.to_csv(index=False).encode()) if as_read else tc.Table.from_frame(frame)
    dataset = tc.Dataset(table, "y", split=tc.Split(method="time", column="day"))
    wanted = np.split(np.argsort(frame["day"].to_numpy(), kind="stable"), [140, 180])
    for (name, rows), expected in zip(dataset.rows.parts(), wanted, strict=True):
        np.testing.assert_array_equal(rows, expected, err_msg=name)
    days = [dataset.frame["day"].iloc[rows] for _, rows in dataset.rows.parts()]
    assert days[0].max() < days[1].min() and days[1].max() < days[2].min()
    assert "later_rows_train" not in said(dataset)


def test_years_may_say_when_and_rows_without_one_are_left_out():
    frame = a_frame().assign(year=np.r_[[np.nan, np.nan], np.tile(np.arange(1990.0, 2012), 9)])
    dataset = tc.Dataset(tc.Table.from_frame(frame), "y", split=tc.Split(method="time", column="year"))
    assert said(dataset)["rows_left_out"].count == 2 and len(dataset.frame) == N - 2
    assert dataset.frame["year"].iloc[dataset.rows.train].max() <= dataset.frame["year"].iloc[dataset.rows.validation].min()


@pytest.mark.parametrize("form", ["%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d", "%d-%b-%Y", "%Y%m%d", "%B %d, %Y"])
def test_dates_in_words_say_when_in_a_frame_as_in_a_file(form):
    frame = a_frame()
    words = frame.assign(day=frame["day"].dt.strftime(form))
    wanted = tc.Dataset(tc.Table.from_frame(frame), "y", split=tc.Split(method="time", column="day"))
    for table in (tc.Table.from_frame(words), tc.read_table(words.to_csv(index=False).encode())):
        dataset = tc.Dataset(table, "y", split=tc.Split(method="time", column="day"))
        for (_, rows), (_, expected) in zip(dataset.rows.parts(), wanted.rows.parts(), strict=True):
            np.testing.assert_array_equal(rows, expected)


def test_a_time_column_of_words_is_refused_with_what_it_holds():
    frame = a_frame().assign(when=["late", "early"] * (N // 2))
    with pytest.raises(tc.DatasetError, match=r"'when' holds 'late'.*dates or numbers"):
        tc.Dataset(tc.Table.from_frame(frame), "y", split=tc.Split(method="time", column="when"))
    with pytest.raises(tc.SettingsError, match="'time' alone goes by a column"):
        tc.Split(method="time")
    with pytest.raises(tc.SettingsError, match="'time' alone goes by a column"):
        tc.Split(method="random", column="day")


def test_a_split_without_a_column_is_written_as_before_there_were_any():
    assert "column" not in tc.Split().to_json()
    timely = tc.Split(method="time", column="day")
    assert tc.Split.from_json(json.loads(json.dumps(timely.to_json()))) == timely


def test_later_rows_that_train_are_said():
    frame = a_frame()
    notice = said(tc.Dataset(tc.Table.from_frame(frame), "y"))["later_rows_train"]
    dataset = tc.Dataset(tc.Table.from_frame(frame), "y")
    train, judge = (frame["day"].iloc[rows] for rows in (dataset.rows.train, dataset.rows.validation))
    assert notice.count == (judge < train.max()).sum() and notice.columns == ("day",)
    newest_first = frame.sort_values("day", ascending=False)
    backwards = tc.Dataset(tc.Table.from_frame(newest_first), "y", split=tc.Split(method="ordered"))
    assert said(backwards)["later_rows_train"].count == 40
    forwards = tc.Dataset(tc.Table.from_frame(frame.sort_values("day")), "y", split=tc.Split(method="ordered"))
    assert "later_rows_train" not in said(forwards)


# ---- own parts ------------------------------------------------------------------------------------------------------


def test_a_column_may_name_the_part_of_each_row():
    words = np.random.default_rng(1).choice(["Train", "val", "TEST"], N, p=[0.6, 0.2, 0.2])
    dataset = tc.Dataset(tc.Table.from_frame(a_frame().assign(fold=words)), "y", part="fold")
    for (_, rows), word in zip(dataset.rows.parts(), ("Train", "val", "TEST"), strict=True):
        np.testing.assert_array_equal(rows, np.flatnonzero(words == word))
    assert "fold" not in dataset.features and "part" in dataset.left_out["fold"]
    again = tc.Dataset.from_spec(dataset.table, json.loads(json.dumps(dataset.spec())))
    assert again.fingerprint == dataset.fingerprint and again.vault == dataset.vault
    np.testing.assert_array_equal(again.rows.test, dataset.rows.test)


def test_rows_in_no_part_are_left_out_and_other_words_are_refused():
    words = np.array(["train"] * 120 + ["validation"] * 40 + [None] * 40, dtype=object)
    dataset = tc.Dataset(tc.Table.from_frame(a_frame().assign(fold=words)), "y", part="fold")
    assert len(dataset.frame) == 160 and said(dataset)["rows_left_out"].count == 40 and not len(dataset.rows.test)
    with pytest.raises(tc.DatasetError, match=r"'fold' holds 'later'.*train, validation and test"):
        tc.Dataset(tc.Table.from_frame(a_frame().assign(fold=["train", "later"] * 100)), "y", part="fold")
    with pytest.raises(tc.DatasetError, match="0 validation"):
        tc.Dataset(tc.Table.from_frame(a_frame().assign(fold=["train", "test"] * 100)), "y", part="fold")


@pytest.mark.parametrize("office", [{"part": "a"}, {"sample_weight": "a"}])
def test_a_column_holds_one_office(office):
    table = tc.Table.from_frame(a_frame().assign(a=1.0 + np.arange(N)))
    with pytest.raises(tc.DatasetError, match="'a' is both"):
        tc.Dataset(table, "y", features=["a", "b"], **office)
    with pytest.raises(tc.DatasetError, match="'a' is both the target"):
        tc.Dataset(table, "a", **office)


# ---- copies and groups ----------------------------------------------------------------------------------------------


def test_copies_that_straddle_are_counted_and_kept_on_one_side():
    frame = pd.concat([a_frame().iloc[:50].drop(columns="day")] * 4, ignore_index=True)
    table = tc.Table.from_frame(frame)
    torn = tc.Dataset(table, "y")
    train = set(map(tuple, frame.iloc[torn.rows.train].to_numpy()))
    wanted = sum(tuple(row) in train for row in frame.iloc[torn.rows.validation].to_numpy())
    assert said(torn)["copies_straddle"].count == wanted > 30
    whole = tc.Dataset(table, "y", split=tc.Split(method="copies"))
    sides = [set(map(tuple, frame.iloc[rows].to_numpy())) for _, rows in whole.rows.parts()]
    assert not sides[0] & sides[1] and not sides[0] & sides[2] and not sides[1] & sides[2]
    assert "copies_straddle" not in said(whole)
    fewer = tc.Dataset(table, "y", features=["a"], split=tc.Split(method="copies"))
    np.testing.assert_array_equal(fewer.rows.test, whole.rows.test)  # the vault stays, whatever is chosen


def test_names_with_repeated_values_are_offered_as_groups():
    names = np.random.default_rng(3).permutation(np.repeat([f"p{i:02d}" for i in range(40)], 5))
    frame = a_frame().assign(patient=names, colour=np.tile(["red", "blue"], 100))
    dataset = tc.Dataset(tc.Table.from_frame(frame), "y")
    both = set(names[dataset.rows.train]) & set(names[dataset.rows.validation])
    offered = said(dataset)["possible_groups"]
    assert offered.columns == ("patient",) and offered.count == len(both)
    kept = tc.Dataset(tc.Table.from_frame(frame), "y", split=tc.Split(method="grouped", group="patient"))
    assert "possible_groups" not in said(kept)
    assert not set(names[kept.rows.train]) & set(names[kept.rows.validation])
