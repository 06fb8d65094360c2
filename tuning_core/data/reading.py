"""read_table: bytes to Table. Each step is a module of its own; this one is the order in which they happen."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.compute as pc

from tuning_core.data import limits
from tuning_core.data.assembly import assemble
from tuning_core.data.columns import Context, Typed, type_column, with_missing_remark
from tuning_core.data.decoding import decode
from tuning_core.data.dialect import WHITESPACE, Dialect, detect, is_wrapped, unwrapped
from tuning_core.data.names import clean_names, numbered_names
from tuning_core.data.notices import Notice, counted
from tuning_core.data.numbers import MixedUnits
from tuning_core.data.options import ReadOptions
from tuning_core.data.source import open_upload
from tuning_core.data.table import Table
from tuning_core.data.textkinds import refuse_text_kind
from tuning_core.data.tokens import Cells, check_columns, tokenise
from tuning_core.errors import TableError

SAMPLE_BYTES = 1 << 16
SAMPLE_LINES = 40
MAX_SAMPLE = 4 << 20
_HINT = re.compile(r'"?sep=(.|\\t)"?[ \t;,|]*(\r\n|\n|\r)', re.IGNORECASE)
_COMMA_NUMBER = re.compile(r"[-+]?(\d{1,3}(\.\d{3})+,\d+|\d+,\d{1,2}|\d+,\d{4,}|0,\d+)")
_POINT_NUMBER = re.compile(r"[-+]?(\d{1,3}(,\d{3})+\.\d+|\d+\.\d{1,2}|\d+\.\d{4,}|0?\.\d+)")


def read_table(
    source: str | Path | bytes | IO[bytes], filename: str | None = None, *, options: ReadOptions | None = None
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

    Raises
    ------
    TableError
        With kind, message, remedy and, where there is one, line and column.
    """
    options = options or ReadOptions()
    upload = open_upload(source, filename)
    name, sha256, size, notices = upload.name, upload.sha256, upload.size, list(upload.notices)
    decoded = decode(upload.data, options)
    data, encoding = decoded.data, decoded.encoding
    notices += decoded.notices
    del upload, decoded  # the bytes may be large; nothing below needs the originals
    cells, raw_names = _cells(data, options, notices)
    del data
    names = _names(cells, raw_names, notices)
    hint = options.decimal or _decimal_hint(cells)
    context = Context(options, cells.dialect.delimiter, hint, cells.rows, len(names))
    reading = _reading(encoding, cells, options)
    typed = _type_all(cells, names, context)
    return assemble(typed, names, raw_names, context, notices, name, sha256, size, reading)


def _cells(data: bytes, options: ReadOptions, notices: list[Notice]) -> tuple[Cells, list[str]]:
    """Cells and the header as it stands in the file (empty names where it has none)."""
    if re.search(rb"\S", data) is None:
        raise TableError(
            "The file holds blank lines only.", kind="empty_file", remedy="Upload a file with a header line and rows."
        )
    sample = sample_of(data)
    refuse_text_kind(sample[:8192])
    hint = _HINT.match(sample)
    delimiter, first_line = options.delimiter, 1
    if hint:
        delimiter = delimiter or hint.group(1).replace("\\t", "\t")
        data = data[len(hint.group(0).encode()) :]
        sample, first_line = sample[hint.end() :], 2
    _check_first_line(sample)
    if delimiter is None and is_wrapped(sample):
        data = unwrapped(data.decode("utf-8"))
        sample = sample_of(data)
        notices.append(Notice("dialect_detected", "Every line was one quoted cell; the quotes around the lines were removed."))
    dialect = detect(sample, delimiter)
    cells = tokenise(data, dialect, options.header, first_line)
    header = cells.structure.header
    cells, header = _without_edges(cells, list(header) if header else [""] * cells.structure.width)
    notices += _dialect_notices(cells.dialect, bool(hint))
    notices += cells.notices
    notices += _structure_notices(cells, options)
    if cells.structure.width < 2:
        raise TableError(
            "The file has one column only; a target and at least one feature are needed.",
            kind="single_column",
            remedy="If it has more columns, choose the delimiter by hand.",
        )
    return cells, header


def sample_of(data: bytes) -> str:
    """The beginning of the text, cut at a line end: 64 KB, or more when lines are long."""
    end = SAMPLE_BYTES
    while end < min(len(data), MAX_SAMPLE) and data.count(b"\n", 0, end) + data.count(b"\r", 0, end) < SAMPLE_LINES:
        end *= 4
    if end >= len(data):
        return data.decode("utf-8", "replace")
    cut = max(data.rfind(b"\n", 0, end), data.rfind(b"\r", 0, end))
    return data[: cut + 1 if cut > 0 else end].decode("utf-8", "replace")


def _check_first_line(sample: str) -> None:
    """Count fields before anything is done for each of them."""
    first = re.match(r"[^\r\n]*", sample)
    line = first.group() if first else ""
    if len(line) > 2 * limits.MAX_COLUMNS:
        check_columns(max(line.count(sign) for sign in ",;\t|") + 1)


def _without_edges(cells: Cells, header: list[str]) -> tuple[Cells, list[str]]:
    """Drop a nameless empty first or last column: rows that begin or end with the delimiter."""
    columns, dropped = list(cells.columns), 0
    for edge in (-1, 0):
        if len(columns) > 2 and cells.structure.header and not header[edge].strip() and _is_blank(columns[edge]):
            del columns[edge], header[edge]
            dropped += 1
    if not dropped:
        return cells, header
    message = f"Every row {'ends' if dropped == 1 else 'begins and ends'} in an extra {cells.dialect.label()}; it was ignored."
    said = [*cells.notices, Notice("extra_trailing_delimiter", message, (), cells.rows)]
    return replace(cells, columns=columns, structure=replace(cells.structure, width=len(columns)), notices=said), header


def _is_blank(column: pa.ChunkedArray) -> bool:
    return not len(column) or pc.max(pc.binary_length(pc.utf8_trim_whitespace(column))).as_py() == 0


def _dialect_notices(dialect: Dialect, hinted: bool) -> list[Notice]:
    notices = []
    if dialect.delimiter != ",":
        how = ", as its first line says" if hinted else ""
        notices.append(Notice("delimiter_detected", f"Columns are separated by {dialect.label()}, not by commas{how}."))
    unusual = []
    if dialect.quote == "'":
        unusual.append("single quotes around cells")
    if not dialect.quote:
        unusual.append("quote signs as ordinary characters")
    if dialect.escape:
        unusual.append("quotes escaped by a backslash")
    if unusual:
        notices.append(Notice("dialect_detected", f"Recognised {' and '.join(unusual)}."))
    return notices


def _structure_notices(cells: Cells, options: ReadOptions) -> list[Notice]:
    structure, notices = cells.structure, []
    if structure.skipped:
        message = f"Skipped: {counted(structure.skipped, 'line')} before the table."
        notices.append(Notice("preamble_skipped", message, (), structure.skipped))
    if structure.units:
        notices.append(
            Notice("preamble_skipped", "A second header line below the names (units or explanations) was skipped.", (), 1)
        )
    if structure.header is None and options.header is None:
        message = (
            f"The first line looks like data, not like names: it is kept as a row, and the columns are called column_1 to "
            f"column_{structure.width}."
        )
        notices.append(Notice("no_header_suspected", message))
    elif structure.header is not None and not structure.sure and options.header is None:
        message = (
            "It is not certain that the first line holds names; if it is data, switch the header off in the reading options."
        )
        notices.append(Notice("no_header_suspected", message))
    return notices


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


def _type_all(cells: Cells, names: list[str], context: Context) -> list[Typed]:
    """Type the columns on two threads (Arrow and NumPy work without the interpreter lock), freeing each text column."""
    columns = cells.columns

    def one(at: int) -> Typed:
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
        "comment": structure.comment,
        "options": options.to_json(),
    }
