"""read_table: bytes to Table. Each step is a module of its own; this one is the order in which they happen."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import IO

import pyarrow as pa
import pyarrow.compute as pc

from tuning_core.data import limits
from tuning_core.data.inference.column_types import type_column
from tuning_core.data.inference.typed_column import Context, Typed
from tuning_core.data.reading.build_table import build_table
from tuning_core.data.reading.options import ReadOptions
from tuning_core.data.reading.parse_text import ParsedText, parse_text
from tuning_core.data.reading.text_encoding import decode
from tuning_core.data.reading.tokenizer import Cells
from tuning_core.data.reading.upload import open_upload
from tuning_core.data.table import Table
from tuning_core.errors import TableError

_COMMA_NUMBER = re.compile(r"[-+]?(\d{1,3}(\.\d{3})+,\d+|\d+,\d{1,2}|\d+,\d{4,}|0,\d+)")
_POINT_NUMBER = re.compile(r"[-+]?(\d{1,3}(,\d{3})+\.\d+|\d+\.\d{1,2}|\d+\.\d{4,}|0?\.\d+)")


Report = Callable[[float, str], None]
"""Hears how far a reading is: a share of the work done, and what is being done, in words."""


def read_table(
    source: str | Path | bytes | IO[bytes],
    filename: str | None = None,
    *,
    options: ReadOptions | None = None,
    report: Report = lambda share, words: None,
) -> Table:
    """Read a delimited text file, repair what can be repaired, say so, and refuse the rest.

    Parameters
    ----------
    source : path, bytes or binary file
        .csv, .tsv, .txt and kin, gzip-compressed or not.
    filename : str, optional
        The upload's name, for messages; never used as a path.
    options : ReadOptions, optional
        What to do differently from what the reader would find out.
    report : callable, optional
        Called with (share of the work done, what is done now) as it goes on, from any thread.

    Raises
    ------
    TableError
        With kind, message, remedy and, where there is one, line and column.
    """
    options = options or ReadOptions()
    report(0.05, "Unpacking and decoding")
    upload = open_upload(source, filename)
    decoded = decode(upload.data, options)
    upload = replace(upload, data=b"")  # the bytes may be large, and nothing below needs them
    report(0.15, "Cutting lines into rows and columns")
    parsed = parse_text(decoded, options)
    del decoded
    columns = _type_columns(parsed, report)
    report(0.85, "Looking for ids, constants and repeated rows")
    return build_table(parsed, columns, upload)


def _type_columns(parsed: ParsedText, report: Report) -> list[Typed]:
    """Type the columns on two threads (Arrow and NumPy work without the interpreter lock), freeing each text column."""
    cells, names, columns = parsed.cells, parsed.names, parsed.cells.columns
    rows = parsed.rows
    context = Context(parsed.options, cells.dialect.delimiter, parsed.options.decimal or _decimal_hint(cells))

    def one(at: int) -> Typed:
        report(0.4 + 0.45 * at / len(names), f"Finding types: column {at + 1:,} of {len(names):,}")
        column = columns[at]
        columns[at] = None
        try:
            typed = type_column(column, names[at], context)
            if typed.kind not in ("integer", "numeric"):
                _check_cells(column, names[at], cells.layout.header_line)
            return typed
        finally:
            del column
            if rows > 100_000:  # Arrow's allocator keeps what is freed; give it back before the next column
                pa.default_memory_pool().release_unused()

    if rows * len(names) < 100_000:
        return [one(at) for at in range(len(names))]
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(one, range(len(names))))


def _decimal_hint(cells: Cells) -> str | None:
    """',' when the first rows hold numbers that can only be decimal commas and none that can only be points, and vice versa."""
    pattern_rows = 50 if cells.dialect.delimiter == "," else 200
    commas = points = 0
    for column in cells.columns[:200]:
        for cell in column.slice(0, pattern_rows).to_pylist():
            cell = cell.strip()
            commas += _COMMA_NUMBER.fullmatch(cell) is not None
            points += _POINT_NUMBER.fullmatch(cell) is not None
    if commas and not points:
        return ","
    return "." if points and not commas else None


def _check_cells(column: pa.ChunkedArray, name: str, header_line: int) -> None:
    lengths = pc.binary_length(column)
    longest = pc.max(lengths).as_py() or 0
    if longest > limits.MAX_CELL:
        row = pc.index(lengths, longest).as_py() + 1
        raise TableError(
            f"The cell in row {row:,} of column {name[:40]!r} is {longest:,} bytes long; the limit is {limits.MAX_CELL:,}.",
            kind="cell_too_long",
            remedy="Shorten it or leave that column out; long texts cannot be learned from here.",
            line=row + header_line,
            column=name,
        )
