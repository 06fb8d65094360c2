"""Large plain files through Arrow's parser, which is as fast as pandas and gives text for all columns."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice

import pyarrow as pa
import pyarrow.csv as pa_csv

from tuning_core.data.reading.comments import Record
from tuning_core.data.reading.dialect import Dialect
from tuning_core.data.reading.ragged_rows import check_columns, check_size, is_total
from tuning_core.data.reading.records import StrayQuote, read_records
from tuning_core.data.reading.table_layout import TableLayout, find_layout
from tuning_core.errors import TableError


class NeedsCarefulParser(Exception):
    """The fast parser met something that needs the careful one."""


def read_plain(data: bytes, dialect: Dialect, header: bool | None, first_line: int) -> tuple[list[pa.ChunkedArray], TableLayout]:
    """Columns of all that follows the header; NeedsCarefulParser at the first thing that cannot be taken as it stands."""
    plain = (
        len(dialect.delimiter) == 1
        and dialect.delimiter.isascii()
        and dialect.quote in ('"', "'", "")
        and not dialect.skip_blanks
    )
    if not plain or dialect.escape:
        raise NeedsCarefulParser
    quotes = data.count(dialect.quote.encode()) if dialect.quote else 0
    if quotes % 2:
        raise NeedsCarefulParser  # something is not closed: find the line
    head_text = data[: 4 * 2**20].decode("utf-8", "ignore")
    try:
        head = list(islice(read_records(head_text, dialect, 1), 400))[:-1]
    except (StrayQuote, TableError) as problem:
        raise NeedsCarefulParser from problem  # the careful way repairs it, or says on which line of the file it is
    if len(head) < 20:
        raise NeedsCarefulParser
    layout = find_layout(head, dialect, header)
    check_columns(layout.width)
    if layout.comments.sign or layout.body >= len(head) or layout.body > 50:
        raise NeedsCarefulParser
    start = _offset_of_line(data, head[layout.body][0])
    if layout.header and _occurs_again(data, start, head, layout):
        raise NeedsCarefulParser
    columns = parse(data, start, layout.width, dialect, quotes > 0)
    if len(columns[0]) and is_total([column[-1].as_py() for column in columns], _last_rows(columns)):
        raise NeedsCarefulParser
    check_size(len(columns[0]), layout.width)
    line = layout.header_line + first_line - 1 if layout.header_line else 0
    return columns, replace(layout, header_line=line)


def _last_rows(columns: list[pa.ChunkedArray]) -> list[list[str]]:
    """The first cells of the rows before the last one."""
    return [[cell] for cell in columns[0][-200:-1].to_pylist()]


def _offset_of_line(data: bytes, line: int) -> int:
    offset = 0
    for match in islice(re.finditer(rb"\r\n|\n|\r", data), line - 1):
        offset = match.end()
    return offset


def _occurs_again(data: bytes, start: int, head: list[Record], layout: TableLayout) -> bool:
    """Whether the header line comes again among the rows, as in files that were put together."""
    begin = _offset_of_line(data, layout.header_line)
    line = data[begin:start].strip(b"\r\n")
    return bool(line) and data.find(line, start) >= 0


def parse(data: bytes, start: int, width: int, dialect: Dialect, quoted: bool) -> list[pa.ChunkedArray]:
    names = [str(at) for at in range(width)]
    try:
        table = pa_csv.read_csv(
            pa.BufferReader(pa.py_buffer(memoryview(data)[start:])),
            read_options=pa_csv.ReadOptions(column_names=names, block_size=max(1 << 20, 64 * width)),
            parse_options=pa_csv.ParseOptions(
                delimiter=dialect.delimiter,
                quote_char=dialect.quote if quoted else False,
                double_quote=True,
                escape_char=False,
                newlines_in_values=quoted,
                ignore_empty_lines=True,
            ),
            convert_options=pa_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False, check_utf8=False
            ),
        )
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as problem:
        raise NeedsCarefulParser from problem
    return table.columns
