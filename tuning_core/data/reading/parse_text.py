"""Text to a table of text cells: dialect found, layout found, edges trimmed, columns named, everything said."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from tuning_core.data import limits
from tuning_core.data.notices import Notice, counted
from tuning_core.data.reading.column_names import clean_names, numbered_names
from tuning_core.data.reading.comments import with_calm_quotes, without_comments
from tuning_core.data.reading.dialect import (
    Dialect,
    detect,
    has_doubled_quotes,
    has_tripled_quotes,
    has_typographic_quotes,
    is_wrapped,
    unwrapped,
)
from tuning_core.data.reading.file_type import refuse_text_kind
from tuning_core.data.reading.options import ReadOptions
from tuning_core.data.reading.ragged_rows import check_columns, line_of
from tuning_core.data.reading.table_layout import TableLayout
from tuning_core.data.reading.text_encoding import Decoded
from tuning_core.data.reading.tokenizer import Cells, tokenise
from tuning_core.errors import TableError

SAMPLE_BYTES = 1 << 16
SAMPLE_LINES = 40
MAX_SAMPLE = 4 << 20
_HINT = re.compile(r'"?sep=(.|\\t)"?[ \t;,|]*(\r\n|\n|\r)', re.IGNORECASE)


@dataclass(frozen=True, eq=False)
class ParsedText:
    """A table of text cells.

    Parameters
    ----------
    cells : Cells
        The columns, their layout and their dialect. Whoever types a column may free it: `cells.columns[at] = None`.
    names : list of str
        Unique and not empty.
    source_names : list of str
        The names as they stand in the file; empty where it has none.
    rows : int
    encoding : str
    options : ReadOptions
        As they were asked for.
    notices : tuple of Notice
        What was found and repaired, the decoding included.
    """

    cells: Cells
    names: list[str]
    source_names: list[str]
    rows: int
    encoding: str
    options: ReadOptions
    notices: tuple[Notice, ...]


@dataclass(frozen=True)
class _Cuttable:
    """UTF-8 text whose first line is line `first_line` of the file, and how to cut it."""

    data: bytes
    first_line: int
    dialect: Dialect
    hinted: bool
    notices: tuple[Notice, ...] = ()


def parse_text(decoded: Decoded, options: ReadOptions) -> ParsedText:
    """Rows and columns of decoded text; TableError when it is no table."""
    if re.search(rb"\S", decoded.data) is None:
        raise TableError(
            "The file holds blank lines only.", kind="empty_file", remedy="Upload a file with a header line and rows."
        )
    found = _with_dialect(decoded.data, options)
    cells = _without_edges(tokenise(found.data, found.dialect, options.header, found.first_line))
    layout = cells.layout
    if layout.width < 2:
        raise TableError(
            "The file has one column only; a target and at least one feature are needed.",
            kind="single_column",
            remedy="If it has more columns, choose the delimiter by hand.",
        )
    source_names = list(layout.header) if layout.header is not None else [""] * layout.width
    names, said = _names(layout, source_names, options.names)
    notices = (
        *decoded.notices,
        *found.notices,
        *_dialect_notices(cells.dialect, found.hinted),
        *cells.notices,
        *_layout_notices(cells, options),
        *said,
    )
    return ParsedText(cells, names, source_names, cells.rows, decoded.encoding, options, notices)


def _with_dialect(data: bytes, options: ReadOptions) -> _Cuttable:
    """The text without its hint line and without quotes around whole lines, and its dialect."""
    data = with_calm_quotes(data)
    sample = sample_of(data)
    refuse_text_kind(sample[:8192])
    hint = _HINT.match(sample)
    delimiter, first_line = options.delimiter, 1
    if hint:
        named = hint.group(1).replace("\\t", "\t")
        delimiter = delimiter or (named if named in sample[hint.end() :] else None)  # a hint may have outlived its file
        data = data[len(hint.group(0).encode()) :]
        sample, first_line = sample[hint.end() :], 2
    _check_first_line(sample)
    notices: tuple[Notice, ...] = ()
    if delimiter is None and is_wrapped(sample):
        data = unwrapped(data.decode("utf-8"))
        sample = sample_of(data)
        notices = (Notice("dialect_detected", "Every line was one quoted cell; the quotes around the lines were removed."),)
    elif has_doubled_quotes(sample):
        data = data.replace(b'""', b'"')
        sample = sample_of(data)
        notices = (Notice("dialect_detected", "Cells stood between two quote signs on either side; one of each was removed."),)
    elif has_tripled_quotes(sample):
        data = data.replace(b'"""', b'"')
        sample = sample_of(data)
        notices = (Notice("dialect_detected", "Cells in quotes had been quoted once more; the inner quotes were removed."),)
    elif has_typographic_quotes(sample):
        data = re.sub(rb"\xe2\x80[\x9c-\x9e]", b'"', data)
        sample = sample_of(data)
        notices = (Notice("dialect_detected", "Typographic quotes (“ ”) around cells were read as plain ones."),)
    return _Cuttable(data, first_line, detect(without_comments(sample), delimiter), bool(hint), notices)


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


def _without_edges(cells: Cells) -> Cells:
    """Drop nameless empty first and last columns: rows that begin or end with delimiters."""
    if cells.layout.header is None:
        return cells
    columns, header, dropped = list(cells.columns), list(cells.layout.header), 0
    for edge in (-1, 0):
        while len(columns) > 2 and not header[edge].strip() and _is_blank(columns[edge]):
            del columns[edge], header[edge]
            dropped += 1
    if not dropped:
        return cells
    extra = f"an extra {cells.dialect.label()}" if dropped == 1 else f"{dropped:,} extra delimiters ({cells.dialect.label()})"
    message = f"Every row begins or ends in {extra}, with no name and no value; ignored."
    said = (*cells.notices, Notice("extra_trailing_delimiter", message, (), cells.rows))
    return replace(cells, columns=columns, layout=replace(cells.layout, width=len(columns), header=header), notices=said)


def _is_blank(column: pa.ChunkedArray) -> bool:
    return not len(column) or pc.max(pc.binary_length(pc.utf8_trim_whitespace(column))).as_py() == 0


def _names(layout: TableLayout, raw: list[str], given: tuple[str, ...]) -> tuple[list[str], list[Notice]]:
    if given and len(given) != layout.width:
        raise TableError(
            f"{counted(len(given), 'name')} for {counted(layout.width, 'column')}; each column needs one.",
            kind="bad_column_names",
            remedy="Name all columns, in the order of the file.",
        )
    if layout.header is None and not given:
        return numbered_names(layout.width), []
    raw = list(given) or raw
    for name in raw:
        if len(name) > limits.MAX_NAME:
            raise TableError(
                f"A column name has {len(name):,} characters ({name[:40]!r}…); the limit is {limits.MAX_NAME:,}.",
                kind="bad_column_names",
                remedy="Shorten the names in the first line.",
                line=layout.header_line,
            )
    return clean_names(raw)


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


def _layout_notices(cells: Cells, options: ReadOptions) -> list[Notice]:
    layout, notices = cells.layout, []
    if layout.skipped:
        first = f" (first: {line_of(layout.skipped_lines[0], cells.dialect)})" if layout.skipped_lines else ""
        message = f"Skipped: {counted(layout.skipped, 'line')} before the table{first}."
        notices.append(Notice("preamble_skipped", message, (), layout.skipped))
    if layout.units:
        first = f" (first: {line_of(layout.explaining[0], cells.dialect)})" if layout.explaining else ""
        message = f"{counted(layout.units, 'more header line')} below the names, not taken as rows{first}."
        notices.append(Notice("preamble_skipped", message, (), layout.units))
    if layout.header is None and options.header is None:
        message = (
            f"The first line looks like data, not like names: it is kept as a row, and the columns are called column_1 to "
            f"column_{layout.width}."
        )
        notices.append(Notice("no_header_suspected", message))
    elif layout.header is not None and not layout.sure and options.header is None:
        message = (
            "It is not certain that the first line holds names; if it is data, switch the header off in the reading options."
        )
        notices.append(Notice("no_header_suspected", message))
    return notices
