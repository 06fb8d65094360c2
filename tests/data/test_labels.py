"""Labels: spellings that are one and spellings that are not, words that may mean "no value", cells that hold several labels."""

from __future__ import annotations

import pytest

import tuning_core as tc
from tuning_core.data import ReadOptions


def read(cells, name="c", options=None):
    rows = "".join(f'"{cell}",{at}\n' for at, cell in enumerate(cells))
    return tc.read_table(f"{name},n\n{rows}".encode(), options=options)


def said(table):
    return {notice.kind: notice.message for notice in table.notices}


@pytest.mark.parametrize(
    ("cells", "distinct"),
    [
        (["hid", "hId", "had", "hAd", "hod", "hOd"] * 10, 6),
        (["AA", "Aa", "aa", "Aa"] * 10, 3),
        (["tSM0", "TsM0", "tsM0", "TSM0"] * 10, 4),
        (["Low", "low", "High", "high"] * 10, 4),  # a planned experiment: all of them equally often
        (["H", "h", "B"] * 8, 3),
    ],
)
def test_case_on_purpose_keeps_labels_apart(cells, distinct):
    table = read(cells)
    assert table.columns[0].distinct == distinct
    assert "case_variants_kept" in said(table) and "category_variants" not in said(table)


@pytest.mark.parametrize(
    ("cells", "distinct"),
    [
        (["Red"] * 30 + ["red"] * 9 + ["RED "] * 5 + ["blue"] * 20, 2),
        (["Yes"] * 20 + ["yes "] * 18 + ["no"] * 30 + ["No"] * 13, 2),
        (["Y", "y", "N", "n"] * 10, 2),
        (["Oslo", "Oslo ", "Bern"] * 10, 2),
        (["New York"] * 20 + ["New york"] * 3 + ["Bern"] * 9, 2),
    ],
)
def test_slips_of_case_and_blanks_are_joined(cells, distinct):
    table = read(cells)
    assert table.columns[0].distinct == distinct
    assert "category_variants" in said(table) and "case_variants_kept" not in said(table)


def test_equally_frequent_spellings_that_are_joined_are_asked_about():
    message = said(read(["Red", "red"] * 30))["category_variants"]
    assert "about equally frequent" in message and "reading options" in message


@pytest.mark.parametrize(("name", "word"), [("first", "Nan"), ("last_name", "Null"), ("author", "Nan")])
def test_names_that_look_like_missing_are_kept_and_asked_about(name, word):
    cells = [word, "Ann", "Bob"] * 8
    table = read(cells, name)
    assert table.columns[0].missing == 0 and table.reading["asked"] == {name: [word]}
    assert f"{word!r} (8 cells)" in said(table)["missing_marker_detected"]
    told = read(cells, name, ReadOptions(missing_in={name: (word,)}))
    assert told.columns[0].missing == 8 and not told.reading["asked"]


def test_such_words_among_other_labels_are_missing_as_before():
    assert read(["Null", "red", "blue"] * 8).columns[0].missing == 8
    assert read(["null", "Ann", "Bob"] * 8, "first").columns[0].missing == 8


@pytest.mark.parametrize("code", ["-1", "-999", "9999"])
def test_a_number_among_words_is_asked_about(code):
    table = read([code, "red", "blue", "green"] * 6)
    assert table.columns[0].missing == 0 and table.reading["asked"] == {"c": [code]}
    assert not read(["-1", "0", "1", "red"] * 6).reading["asked"]  # one number among others


def test_cells_with_several_labels_are_said():
    genres = ["Drama|Crime", "Drama", "Crime|Comedy", "Comedy", "Drama|Comedy", "Crime"]
    assert "'Drama|Crime'" in said(read(genres * 5))["multi_valued_column"]
    assert "multi_valued_column" not in said(read(["Drama", "Crime"] * 12))


def test_one_cause_has_one_notice_and_nothing_contradicts():
    table = read([f"K{at}" if at % 3 else str(at) for at in range(60)])  # words and numbers, nearly all different
    assert table.columns[0].kind == "id"
    assert "mixed_type_column" not in said(table) and "high_cardinality" not in said(table)
    assert "hardly repeat" in said(table)["id_like_column"] and "hardly repeat" in table.columns[0].reason
