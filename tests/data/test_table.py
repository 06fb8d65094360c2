"""A table keeps everything it said through a folder, without pickles; its profile is plain JSON."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

import tuning_core as tc
from tests.support.csv_files import base, text, with_column
from tuning_core.data import Table
from tuning_core.data.profile import profile


@pytest.fixture(scope="module")
def table():
    rows = text(base())
    return tc.read_table(
        with_column("when", lambda at: "" if at == 3 else f"2024-01-{at % 28 + 1:02d}").encode(), filename="a/b.csv"
    ), rows


def test_save_and_load_keep_everything(table, tmp_path):
    table = table[0]
    table.save(tmp_path / "t")
    again = Table.load(tmp_path / "t")
    pd.testing.assert_frame_equal(again.frame, table.frame)
    assert again.columns == table.columns and again.notices == table.notices
    assert (again.name, again.sha256, again.reading) == (table.name, table.sha256, table.reading)
    assert {path.name for path in (tmp_path / "t").iterdir()} == {"frame.parquet", "table.json"}
    assert profile(again) == profile(table)


def test_loading_a_damaged_folder_says_so(tmp_path):
    with pytest.raises(tc.TableError, match="stored table"):
        Table.load(tmp_path)
    (tmp_path / "table.json").write_text("{")
    with pytest.raises(tc.TableError):
        Table.load(tmp_path)


def test_the_profile_says_what_a_page_needs(table):
    facts = json.loads(json.dumps(profile(table[0]), allow_nan=False))
    columns = {column["name"]: column for column in facts["columns"]}
    assert facts["rows"] == 120 and len(facts["preview"]) == 50 and facts["name"] == "b.csv" and len(facts["sha256"]) == 64
    assert columns["age"]["min"] == table[0].frame["age"].min() and sum(columns["age"]["histogram"]["counts"]) == 120
    assert columns["city"]["top"][0][1] == table[0].frame["city"].value_counts().iloc[0]
    assert columns["when"]["missing"] == 1 and columns["when"]["missing_share"] == pytest.approx(1 / 120)
    assert columns["when"]["role"] == "feature" and facts["preview"][3][0] == ""
    assert {notice["kind"] for notice in facts["notices"]} == {notice.kind for notice in table[0].notices}


@pytest.mark.parametrize("cell", ["1e308", "-1e308", "1e-320", "0", "5"])
def test_the_profile_bears_any_number(cell):
    data = text([[cell if at % 2 else "1", str(at)] for at in range(30)], ["x", "y"])
    json.dumps(profile(tc.read_table(data.encode())), allow_nan=False)


def test_from_frame_takes_kinds_from_dtypes():
    frame = pd.DataFrame(
        {
            "i": [1, 2, 3],
            "f": [0.5, np.nan, 2.5],
            "s": ["a", None, "b"],
            "b": [True, False, True],
            "c": pd.Categorical(["u", "v", "u"]),
            "t": pd.date_range("2020-01-01", periods=3),
            "e": [np.nan] * 3,
            "k": [7] * 3,
        }
    )
    table = Table.from_frame(frame, kinds={"i": "categorical"})
    assert {c.name: c.kind for c in table.columns} == {
        "i": "categorical", "f": "numeric", "s": "categorical", "b": "boolean", "c": "categorical", "t": "datetime", "e": "empty",
        "k": "constant",
    }  # fmt: skip
    assert [c.missing for c in table.columns] == [0, 1, 1, 0, 0, 0, 3, 0]
    assert table.sha256 == Table.from_frame(frame).sha256 != Table.from_frame(frame.assign(i=0)).sha256


def test_an_unknown_column_is_named(table):
    with pytest.raises(tc.TableError, match="'agee'"):
        table[0].column("agee")
