"""Exported CSVs hold no formula, and still read back as what they were."""

from __future__ import annotations

import pandas as pd
import pytest

from tuning_core.data.safe_csv import neutral, to_csv_bytes


@pytest.mark.parametrize(
    "cell", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1+1", "\ufeff=1", "-x"]
)
def test_formula_like_cells_get_an_apostrophe(cell):
    assert neutral(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["-2", "+3.5", "-1e-5", "a=b", "", "plain", "2024-01-01", "x@y.org"])
def test_other_cells_stay(cell):
    assert neutral(cell) == cell


def test_names_and_cells_of_a_frame():
    frame = pd.DataFrame(
        {"=x": [1.5, -2.0], "b": ["=HYPERLINK(1)", "größe"], "c": [None, "-7"], "d": pd.Categorical(["@a", "b"])}
    )
    text = to_csv_bytes(frame).decode("utf-8-sig")
    assert text == "'=x,b,c,d\r\n1.5,'=HYPERLINK(1),,'@a\r\n-2.0,größe,-7,b\r\n"
    assert list(frame.columns) == ["=x", "b", "c", "d"] and frame["b"].iloc[0] == "=HYPERLINK(1)"
