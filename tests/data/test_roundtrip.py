"""For any frame written in any dialect: the same values come back, or a notice says what happened to them."""

from __future__ import annotations

import csv
import io

import numpy as np
import pandas as pd
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import tuning_core as tc

WORDS = st.text(alphabet="abcdefghijklmnopqrstuvwxyzABCXYZäöéßñøłž çшя東京 -'.,;|\t\"#/()&\n0123456789", min_size=1, max_size=12)
CELLS = {
    "integer": st.integers(-(10**9), 10**9),
    "decimal": st.floats(-1e9, 1e9, allow_nan=False, allow_subnormal=False),
    "word": WORDS,
    "level": st.sampled_from(["red", "green", "blue", "light blue"]),
    "date": st.dates(pd.Timestamp("1900-01-01").date(), pd.Timestamp("2100-12-31").date()),
    "flag": st.booleans(),
}
DIALECTS = st.fixed_dictionaries(
    {
        "delimiter": st.sampled_from([",", ";", "\t", "|"]),
        "quoting": st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
        "lineterminator": st.sampled_from(["\n", "\r\n", "\r"]),
    }
)
ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
LOSING = ("missing_values", "missing_marker_detected", "non_numeric_in_numeric_column", "unparseable_dates", "non_finite_values")
CHANGING = ("category_variants", "percent_parsed", "currency_parsed", "thousands_separator", "decimal_comma", "date_column")


@st.composite
def frames(draw: st.DrawFn) -> dict[str, list[object]]:
    n_rows = draw(st.integers(16, 30))
    kinds = draw(st.lists(st.sampled_from(sorted(CELLS)), min_size=2, max_size=6))
    columns: dict[str, list[object]] = {}
    for at, kind in enumerate(kinds):
        cells = draw(st.lists(CELLS[kind], min_size=n_rows, max_size=n_rows))
        if draw(st.booleans()):
            gaps = draw(st.sets(st.integers(0, n_rows - 1), max_size=n_rows // 3))
            cells = [None if row in gaps else cell for row, cell in enumerate(cells)]
        columns[f"{kind} {at}"] = cells
    return columns


def written(columns: dict[str, list[object]], dialect: dict, encoding: str, decimal: str) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, **dialect)
    writer.writerow(columns)
    for row in zip(*columns.values(), strict=True):
        writer.writerow([cell_text(cell, decimal) for cell in row])
    return text.getvalue().encode(encoding)


def cell_text(cell: object, decimal: str) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:.6f}".replace(".", decimal)
    return str(cell)


def differences(found: pd.Series, cells: list[object]) -> set[str]:
    """{"lost"} when a value became missing, {"changed"} when it became another one."""
    out = set()
    for value, cell in zip(found, cells, strict=True):
        blank = cell is None or not str(cell).strip()
        if blank and pd.isna(value):
            continue
        if pd.isna(value):
            out.add("lost")
        elif blank or not _equal(value, cell):
            out.add("changed")
    return out


def _equal(value: object, cell: object) -> bool:
    if isinstance(cell, float):
        return bool(np.isclose(float(value), round(cell, 6), rtol=1e-12, atol=1e-9))
    if isinstance(value, pd.Timestamp):
        return value == pd.Timestamp(str(cell))
    if isinstance(cell, int) and not isinstance(cell, bool):
        return float(value) == float(cell)
    if isinstance(value, (int, float, np.number)) and not isinstance(cell, bool):
        return _number(str(cell)) == value  # words that happen to be numbers
    return str(value) == str(cell).strip()


def _number(cell: str) -> float | None:
    try:
        return float(cell)
    except ValueError:
        return None


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(frames(), DIALECTS, ENCODINGS, st.sampled_from([".", ","]))
def test_same_values_or_a_notice(columns, dialect, encoding, decimal):
    kept = [row for row in range(len(next(iter(columns.values())))) if not _is_blank(columns, row)]
    assume(len(kept) >= 10)
    table = tc.read_table(written(columns, dialect, encoding, decimal))
    kinds = {notice.kind for notice in table.notices}
    if (
        "no_header_suspected" in kinds
        or "ragged_rows" in kinds
        or "preamble_skipped" in kinds
        or "comment_lines_skipped" in kinds
    ):
        return  # said aloud, and a person can put it right
    assert list(table.frame.columns) == list(columns)
    if any(notice.kind == "missing_values" and not notice.columns for notice in table.notices):
        return  # rows in which nothing could be read were left out, and counted
    assert len(table.frame) == len(kept)
    for name, cells in columns.items():
        wanted = [cells[row] for row in kept]
        said = {notice.kind for notice in table.notices if name in notice.columns}
        found = differences(table.frame[name], wanted)
        assert "lost" not in found or said & set(LOSING), (name, list(table.frame[name]), wanted, table.notices)
        assert "changed" not in found or said & set(CHANGING), (name, list(table.frame[name]), wanted, table.notices)


def _is_blank(columns: dict[str, list[object]], row: int) -> bool:
    return all(cells[row] is None or not str(cells[row]).strip() for cells in columns.values())
