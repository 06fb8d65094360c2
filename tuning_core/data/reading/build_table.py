"""Typed columns to a Table: kinds are settled, rows without any value dropped, everything said once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from tuning_core.data import limits
from tuning_core.data.inference.column_checks import count_duplicates, judge
from tuning_core.data.inference.column_notices import group
from tuning_core.data.inference.typed_column import Context, Remark, Typed
from tuning_core.data.notices import Notice, counted
from tuning_core.data.table import Column, Table
from tuning_core.errors import TableError


def assemble(
    typed: list[Typed],
    names: Sequence[str],
    raw_names: Sequence[str],
    context: Context,
    notices: list[Notice],
    name: str,
    sha256: str,
    size: int,
    reading: dict[str, Any],
) -> Table:
    """The Table; TableError when rows are too few."""
    typed, rows = _without_blank_rows(typed, context.rows, notices)
    _check_rows(rows, len(names))
    context = replace(context, rows=rows)
    columns, remarks, repairs = [], [], {}
    asked: dict[str, list[str]] = {}
    for at, (column, column_name, raw) in enumerate(zip(typed, names, raw_names, strict=True)):
        kind, reason, more = judge(column, column_name, at, context, not raw.strip())
        columns.append(Column(column_name, kind, column.missing, column.distinct, reason, raw))
        remarks += [(column_name, remark) for remark in _relevant([*column.remarks, *more], kind)]
        asked.update((column_name, list(remark.asked)) for remark in more if remark.asked)
        if column.repairs:
            repairs[column_name] = column.repairs
    notices = [*notices, *group(remarks), *_table_notices(typed, rows, size)]
    frame = pd.DataFrame({column_name: column.values for column_name, column in zip(names, typed, strict=True)}, copy=False)
    return Table(frame, tuple(columns), tuple(notices), name, sha256, {**reading, "repairs": repairs, "asked": asked})


def _relevant(remarks: Sequence[Remark], kind: str) -> list[Remark]:
    """Missing cells of a column that is left out need no filling, but are counted all the same."""
    return [remark for remark in remarks if not (kind == "empty" and remark.kind == "missing_values")]


def _without_blank_rows(typed: list[Typed], rows: int, notices: list[Notice]) -> tuple[list[Typed], int]:
    """Rows that hold delimiters only, as spreadsheets append them, are no rows."""
    blank = np.ones(rows, dtype=bool)
    for column in typed:
        if not column.missing:
            return typed, rows
        blank &= np.asarray(pd.isna(column.values))
        if not blank.any():
            return typed, rows
    count = int(blank.sum())
    message = f"Left out: {counted(count, 'row')} without any value."
    notices.append(Notice("missing_values", message, (), count))
    kept = ~blank
    out = []
    for column in typed:
        values = column.values[kept]
        if isinstance(values, pd.Series):
            values = values.reset_index(drop=True)
        missing = column.missing - count
        remarks = tuple(
            replace(remark, count=missing) if remark.kind == "missing_values" else remark
            for remark in column.remarks
            if missing or remark.kind != "missing_values"
        )
        if isinstance(values, np.ndarray) and column.kind == "integer" and not missing:
            values = values.astype(np.int64)
        out.append(replace(column, values=values, missing=missing, remarks=remarks))
    return out, rows - count


def _check_rows(rows: int, width: int) -> None:
    if not rows:
        raise TableError(
            f"The file has a header with {width:,} columns and no rows.",
            kind="no_data_rows",
            remedy=f"Upload a file with at least {limits.MIN_ROWS} rows.",
        )
    if rows < limits.MIN_ROWS:
        raise TableError(
            f"The file has {rows:,} row{'s' if rows > 1 else ''}, at least {limits.MIN_ROWS} are needed.",
            kind="too_few_rows",
            remedy="Upload more rows.",
        )


def _table_notices(typed: Sequence[Typed], rows: int, size: int) -> list[Notice]:
    notices = []
    duplicates = count_duplicates(typed)
    if duplicates:
        message = (
            f"{counted(duplicates, 'duplicate row')}, equal to an earlier row in every column. If they are copies, the same row "
            "may be trained on and judged by."
        )
        notices.append(Notice("duplicate_rows", message, (), duplicates))
    if rows < limits.FEW_ROWS:
        message = f"{rows:,} rows are few: validation scores will depend on which rows happen to be drawn."
        notices.append(Notice("few_rows", message, (), rows))
    if len(typed) > limits.WIDE_COLUMNS:
        message = f"{len(typed):,} columns are many: training takes longer and overfits sooner."
        notices.append(Notice("wide_data", message, (), len(typed)))
    if rows > limits.LARGE_ROWS or size > limits.LARGE_BYTES:
        message = f"{rows:,} rows ({size / 2**20:,.0f} MB) are many: an epoch may take seconds. Larger batches help."
        notices.append(Notice("large_data", message, (), rows))
    return notices
