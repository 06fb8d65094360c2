"""Typed columns to a Table: kinds are settled, rows without any value dropped, everything said once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from tuning_core.data import limits
from tuning_core.data.inference.column_checks import check_column, count_duplicates
from tuning_core.data.inference.column_notices import group
from tuning_core.data.inference.typed_column import Typed
from tuning_core.data.notices import Notice, counted
from tuning_core.data.reading.dialect import WHITESPACE
from tuning_core.data.reading.parse_text import ParsedText
from tuning_core.data.reading.upload import Upload
from tuning_core.data.table import Column, Table
from tuning_core.errors import TableError

_YEAR = re.compile(r"(?<!\d)(?:1[89]\d\d|20\d\d|2100)(?!\d)")


def build_table(parsed: ParsedText, columns: Sequence[Typed], upload: Upload) -> Table:
    """The Table; TableError when rows are too few."""
    filled = _without_blank_rows(columns, parsed.rows)
    _check_rows(filled.rows, len(columns))
    settled, found, repairs = [], [], {}
    asked: dict[str, list[str]] = {}
    for at, (typed, name, source) in enumerate(zip(filled.columns, parsed.names, parsed.source_names, strict=True)):
        check = check_column(typed, name, at, len(columns), not source.strip())
        settled.append(Column(name, check.kind, typed.missing, typed.distinct, check.reason, source))
        said = (*typed.notices, *check.notices)
        found += [(name, notice) for notice in said if not (check.kind == "empty" and notice.kind == "missing_values")]
        asked.update((name, list(notice.asked)) for notice in said if notice.asked)
        if typed.repairs:
            repairs[name] = typed.repairs
    of_table = [*_years_as_columns(settled), *_table_notices(filled.columns, filled.rows, upload.size)]
    notices = (*upload.notices, *parsed.notices, *filled.notices, *group(found), *of_table)
    frame = pd.DataFrame({name: typed.values for name, typed in zip(parsed.names, filled.columns, strict=True)}, copy=False)
    reading = {**_reading(parsed), "repairs": repairs, "asked": asked}
    return Table(frame, tuple(settled), notices, upload.name, upload.sha256, reading)


def _reading(parsed: ParsedText) -> dict[str, Any]:
    """How the file was cut, for whoever does it again by other means."""
    layout, dialect = parsed.cells.layout, parsed.cells.dialect
    return {
        "encoding": parsed.encoding,
        "delimiter": dialect.delimiter,
        "quote": dialect.quote,
        "escape": dialect.escape,
        "skip_blanks": dialect.skip_blanks or dialect.delimiter == WHITESPACE,
        "header": layout.header is not None,
        "header_line": layout.header_line,
        "skipped": layout.skipped + (len(layout.commented) if len(layout.comments.sign) > 1 else 0),
        "lines_after_header": layout.units,
        "comment": layout.comments.sign,
        "options": parsed.options.to_json(),
    }


@dataclass(frozen=True)
class _Filled:
    """Columns whose every row has a value somewhere."""

    columns: Sequence[Typed]
    rows: int
    notices: tuple[Notice, ...] = ()


def _without_blank_rows(columns: Sequence[Typed], rows: int) -> _Filled:
    """Rows that hold delimiters only, as spreadsheets append them, are no rows."""
    blank = np.ones(rows, dtype=bool)
    for column in columns:
        if not column.missing:
            return _Filled(columns, rows)
        blank &= np.asarray(pd.isna(column.values))
        if not blank.any():
            return _Filled(columns, rows)
    count = int(blank.sum())
    notice = Notice("missing_values", f"Left out: {counted(count, 'row')} without any value.", (), count)
    return _Filled([_kept(column, ~blank, count) for column in columns], rows - count, (notice,))


def _kept(column: Typed, kept: np.ndarray, dropped: int) -> Typed:
    """The column without the rows that are not kept, in all of which it is missing."""
    values, missing = column.values[kept], column.missing - dropped
    if isinstance(values, pd.Series):
        values = values.reset_index(drop=True)
    notices = tuple(
        replace(notice, count=missing) if notice.kind == "missing_values" else notice
        for notice in column.notices
        if missing or notice.kind != "missing_values"
    )
    if isinstance(values, np.ndarray) and column.kind == "integer" and not missing:
        values = values.astype(np.int64)
    return replace(column, values=values, missing=missing, notices=notices)


def _check_rows(rows: int, width: int) -> None:
    if not rows:
        raise TableError(
            f"The file has a header with {width:,} columns and no rows; at least {limits.MIN_ROWS} are needed.",
            kind="no_data_rows",
            remedy=f"Upload a file with at least {limits.MIN_ROWS} rows below the names.",
        )
    if rows < limits.MIN_ROWS:
        raise TableError(
            f"The file has {counted(rows, 'row')}, at least {limits.MIN_ROWS} are needed: some are held back to judge by, and "
            "too few would be left to learn from.",
            kind="too_few_rows",
            remedy=f"Add {counted(limits.MIN_ROWS - rows, 'row')} or more and upload the file again.",
        )


def _years_as_columns(columns: Sequence[Column]) -> list[Notice]:
    """Three columns of numbers and more that are named by years: one quantity, written side by side.

    'X1990', 'X1991' or '1990 [YR1990]' are such names as well: what stands around the year is the same.
    """
    around: dict[str, list[tuple[str, str]]] = {}
    for column in columns:
        found = _YEAR.search(column.name)
        if found and column.kind in ("integer", "numeric"):
            around.setdefault(column.name.replace(found.group(), "#"), []).append((found.group(), column.name))
    named = [pair for pairs in around.values() if len({year for year, _ in pairs}) >= 3 for pair in pairs]
    if not named:
        return []
    years = [year for year, _ in named]
    message = (
        f"{len(named):,} columns are named by years ({min(years)} to {max(years)}): each is a feature of its own. If they hold "
        "one quantity over time, a row for each year and a column 'year' may be what you want."
    )
    return [Notice("years_as_columns", message, tuple(name for _, name in named), len(named))]


def _table_notices(columns: Sequence[Typed], rows: int, size: int) -> list[Notice]:
    notices = []
    duplicates = count_duplicates(columns)
    if duplicates:
        message = (
            f"{counted(duplicates, 'duplicate row')}, equal to an earlier row in every column. If they are copies, the same row "
            "may be trained on and judged by."
        )
        notices.append(Notice("duplicate_rows", message, (), duplicates))
    if rows < limits.FEW_ROWS:
        message = f"{rows:,} rows are few: validation scores will depend on which rows happen to be drawn."
        notices.append(Notice("few_rows", message, (), rows))
    if len(columns) > limits.WIDE_COLUMNS:
        message = f"{len(columns):,} columns are many: training takes longer and overfits sooner."
        notices.append(Notice("wide_data", message, (), len(columns)))
    if rows > limits.LARGE_ROWS or size > limits.LARGE_BYTES:
        message = f"{rows:,} rows ({size / 2**20:,.0f} MB) are many: an epoch may take seconds. Larger batches help."
        notices.append(Notice("large_data", message, (), rows))
    return notices
