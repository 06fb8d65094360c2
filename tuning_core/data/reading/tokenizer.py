"""Text to columns of cells: Arrow's parser for large plain files, Python's for all that needs repair."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain, islice

import pyarrow as pa

from tuning_core.data.notices import Notice
from tuning_core.data.reading.arrow_parser import NeedsCarefulParser, read_plain
from tuning_core.data.reading.dialect import Dialect, without_blanks_after_quotes
from tuning_core.data.reading.ragged_rows import RowCollector, check_columns, short_is_fine
from tuning_core.data.reading.records import StrayQuote, read_records
from tuning_core.data.reading.table_layout import TableLayout, find_layout
from tuning_core.errors import TableError

FAST_BYTES = 2 * 2**20
"""Files from here on go through Arrow if they are plain; below it Python is as quick and repairs as it reads."""


@dataclass(frozen=True, eq=False)
class Cells:
    """Columns of text cells, none null and still in the parser's chunks, with what the reading of lines had to repair."""

    columns: list[pa.ChunkedArray]
    layout: TableLayout
    dialect: Dialect
    notices: tuple[Notice, ...] = ()

    @property
    def rows(self) -> int:
        return len(self.columns[0]) if self.columns else 0


def tokenise(data: bytes, dialect: Dialect, header: bool | None, first_line: int) -> Cells:
    """Cells of UTF-8 text whose first line is line `first_line` of the file; TableError when it is no table."""
    if len(data) >= FAST_BYTES:
        try:
            columns, layout = read_plain(data, dialect, header, first_line)
            return Cells(columns, layout, dialect)
        except NeedsCarefulParser:
            pass
    try:
        return _careful(data.decode("utf-8"), dialect, header, first_line)
    except (StrayQuote, TableError) as problem:
        cleaned = without_blanks_after_quotes(data, dialect)
        if isinstance(problem, TableError) and (problem.kind != "malformed_quotes" or cleaned == data):
            raise
        text = cleaned.decode("utf-8")
    try:
        return _careful(text, dialect, header, first_line)
    except StrayQuote:
        found = _careful(text, replace(dialect, strict=False), header, first_line)
        message = "Some quoted cells hold single quote signs that are not doubled; they were read as they stand."
        return replace(found, notices=(*found.notices, Notice("dialect_detected", message)))


def _careful(text: str, dialect: Dialect, header: bool | None, first_line: int) -> Cells:
    stream = read_records(text, dialect, first_line)
    head = list(islice(stream, 200))
    if head:
        widest = max(len(fields) for _, fields in head)
        head += islice(stream, max(0, min(800, 200_000 // widest - 200)))
    if not head:
        raise TableError(
            "The file holds blank lines only.", kind="empty_file", remedy="Upload a file with a header line and rows."
        )
    layout = find_layout(head, dialect, header)
    check_columns(layout.width)
    rows = RowCollector(layout, short_is_fine(head[layout.body :], layout.width), dialect.delimiter == "\t")
    rows.read(chain(head[layout.body :], stream))
    return Cells(rows.columns(), layout, dialect, tuple(rows.notices(dialect)))
