"""read_table: bytes to Table. Each step is a module of its own; this one is the order in which they happen."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.compute as pc

from tuning_core.data import limits
from tuning_core.data.inference.column_types import type_column, with_missing_remark
from tuning_core.data.inference.numbers import MixedUnits
from tuning_core.data.inference.typed_column import Context, Typed
from tuning_core.data.notices import Notice
from tuning_core.data.reading.build_table import assemble
from tuning_core.data.reading.column_names import clean_names, numbered_names
from tuning_core.data.reading.dialect import WHITESPACE
from tuning_core.data.reading.options import ReadOptions
from tuning_core.data.reading.parse_text import cut
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
    name, sha256, size, notices = upload.name, upload.sha256, upload.size, list(upload.notices)
    decoded = decode(upload.data, options)
    data, encoding = decoded.data, decoded.encoding
    notices += decoded.notices
    del upload, decoded  # the bytes may be large; nothing below needs the originals
    report(0.15, "Cutting lines into rows and columns")
    cells, raw_names = cut(data, options, notices)
    del data
    names = _names(cells, raw_names, notices)
    hint = options.decimal or _decimal_hint(cells)
    context = Context(options, cells.dialect.delimiter, hint, cells.rows, len(names))
    reading = _reading(encoding, cells, options)
    typed = _type_all(cells, names, context, report)
    report(0.85, "Looking for ids, constants and repeated rows")
    return assemble(typed, names, raw_names, context, notices, name, sha256, size, reading)


def _names(cells: Cells, raw: list[str], notices: list[Notice]) -> list[str]:
    if cells.structure.header is None:
        return numbered_names(len(cells.columns))
    for name in raw:
        if len(name) > limits.MAX_NAME:
            raise TableError(
                f"A column name has {len(name):,} characters ({name[:40]!r}…); the limit is {limits.MAX_NAME:,}.",
                kind="bad_column_names",
                remedy="Shorten the names in the first line.",
                line=cells.structure.header_line,
            )
    names, said = clean_names(raw)
    notices += said
    return names


def _decimal_hint(cells: Cells) -> str | None:
    """',' when the first rows hold numbers that can only be decimal commas and none that can only be points, and vice versa."""
    if cells.dialect.delimiter == ",":
        pattern_rows = 50
    else:
        pattern_rows = 200
    commas = points = 0
    for column in cells.columns[:200]:
        for cell in column.slice(0, pattern_rows).to_pylist():
            cell = cell.strip()
            commas += _COMMA_NUMBER.fullmatch(cell) is not None
            points += _POINT_NUMBER.fullmatch(cell) is not None
    if commas and not points:
        return ","
    return "." if points and not commas else None


def _type_all(cells: Cells, names: list[str], context: Context, report: Report) -> list[Typed]:
    """Type the columns on two threads (Arrow and NumPy work without the interpreter lock), freeing each text column."""
    columns = cells.columns

    def one(at: int) -> Typed:
        report(0.4 + 0.45 * at / len(names), f"Finding types: column {at + 1:,} of {len(names):,}")
        column = columns[at]
        columns[at] = None
        try:
            typed = with_missing_remark(type_column(column, names[at], at, context))
            if typed.kind not in ("integer", "numeric"):
                _check_cells(column, names[at], cells.structure.header_line)
            return typed
        except MixedUnits as mixed:
            raise _mixed_units(names[at], mixed.signs) from mixed
        finally:
            del column
            if context.rows > 100_000:  # Arrow's allocator keeps what is freed; give it back before the next column
                pa.default_memory_pool().release_unused()

    if context.rows * len(names) < 100_000:
        return [one(at) for at in range(len(names))]
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(one, range(len(names))))


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


def _mixed_units(name: str, signs: tuple[str, ...]) -> TableError:
    return TableError(
        f"The column {name[:40]!r} mixes {' and '.join(repr(sign) for sign in signs[:4])}: its numbers cannot be compared.",
        kind="mixed_units",
        remedy="Convert them to one unit, or read the column as text in the reading options.",
        column=name,
    )


def _reading(encoding: str, cells: Cells, options: ReadOptions) -> dict[str, Any]:
    structure, dialect = cells.structure, cells.dialect
    return {
        "encoding": encoding,
        "delimiter": dialect.delimiter,
        "quote": dialect.quote,
        "escape": dialect.escape,
        "skip_blanks": dialect.skip_blanks or dialect.delimiter == WHITESPACE,
        "header": structure.header is not None,
        "header_line": structure.header_line,
        "skipped": structure.skipped,
        "lines_after_header": structure.units,
        "comment": structure.comment,
        "options": options.to_json(),
    }
