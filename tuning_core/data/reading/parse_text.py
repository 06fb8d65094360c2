"""Text to a table of text cells: dialect found, structure found, edges trimmed, everything said."""

from __future__ import annotations

import re
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from tuning_core.data import limits
from tuning_core.data.notices import Notice, counted
from tuning_core.data.reading.dialect import Dialect, detect, is_wrapped, unwrapped
from tuning_core.data.reading.file_type import refuse_text_kind
from tuning_core.data.reading.options import ReadOptions
from tuning_core.data.reading.ragged_rows import check_columns
from tuning_core.data.reading.tokenizer import Cells, tokenise
from tuning_core.errors import TableError

SAMPLE_BYTES = 1 << 16
SAMPLE_LINES = 40
MAX_SAMPLE = 4 << 20
_HINT = re.compile(r'"?sep=(.|\\t)"?[ \t;,|]*(\r\n|\n|\r)', re.IGNORECASE)


def cut(data: bytes, options: ReadOptions, notices: list[Notice]) -> tuple[Cells, list[str]]:
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
        named = hint.group(1).replace("\\t", "\t")
        delimiter = delimiter or (named if named in sample[hint.end() :] else None)  # a hint may have outlived its file
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
    """Drop nameless empty first and last columns: rows that begin or end with delimiters."""
    columns, dropped = list(cells.columns), 0
    for edge in (-1, 0):
        while len(columns) > 2 and cells.structure.header and not header[edge].strip() and _is_blank(columns[edge]):
            del columns[edge], header[edge]
            dropped += 1
    if not dropped:
        return cells, header
    extra = f"an extra {cells.dialect.label()}" if dropped == 1 else f"{dropped:,} extra delimiters ({cells.dialect.label()})"
    message = f"Every row begins or ends in {extra}, with no name and no value; ignored."
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
        message = f"{counted(structure.units, 'more header line')} below the names (units, explanations): not taken as rows."
        notices.append(Notice("preamble_skipped", message, (), structure.units))
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
