"""Text to columns of cells: Arrow's parser for large plain files, Python's for all that needs repair."""

from __future__ import annotations

import csv
import gc
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import chain, islice

import pyarrow as pa
import pyarrow.csv as pa_csv

from tuning_core.data.dialect import Dialect, reader_of
from tuning_core.data.limits import MAX_CELL, MAX_CELLS, MAX_COLUMNS, MAX_ROWS
from tuning_core.data.notices import Notice, counted
from tuning_core.data.structure import Record, Structure, find_structure, is_comment
from tuning_core.errors import TableError

FAST_BYTES = 2 * 2**20
"""Files from here on go through Arrow if they are plain; below it Python is as quick and repairs as it reads."""


class NotPlain(Exception):
    """The fast parser met something that needs the careful one."""


class OddQuote(Exception):
    """A sign after a closing quote, on one line: read it leniently."""


@dataclass(frozen=True, eq=False)
class Cells:
    """Columns of text cells, none null and still in the parser's chunks, with what the reading of lines had to repair."""

    columns: list[pa.ChunkedArray]
    structure: Structure
    dialect: Dialect
    notices: list[Notice] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return len(self.columns[0]) if self.columns else 0


def tokenise(data: bytes, dialect: Dialect, header: bool | None, first_line: int) -> Cells:
    """Cells of UTF-8 text whose first line is line `first_line` of the file; TableError when it is no table."""
    if len(data) >= FAST_BYTES:
        try:
            return _fast(data, dialect, header, first_line)
        except NotPlain:
            pass
    text = data.decode("utf-8")
    try:
        return _careful(text, dialect, header, first_line)
    except OddQuote:
        found = _careful(text, replace(dialect, strict=False), header, first_line)
        message = "Some quoted cells hold single quote signs that are not doubled; they were read as they stand."
        return replace(found, notices=[*found.notices, Notice("dialect_detected", message)])


# --- the careful way -------------------------------------------------------------------------------------------------


def _records(text: str, dialect: Dialect, first_line: int) -> Iterator[Record]:
    """Records that are not blank, each with the line it begins on; quoting errors become TableErrors."""
    reader = reader_of(text, dialect)
    begin = 0
    try:
        for fields in reader:
            if fields and (len(fields) > 1 or fields[0].strip()):
                yield begin + first_line, fields
            begin = reader.line_num  # type: ignore[attr-defined]
    except csv.Error as problem:
        raise _quote_error(str(problem), begin + first_line, reader.line_num + first_line - 1, dialect) from problem  # type: ignore[attr-defined]


def _quote_error(problem: str, begin: int, end: int, dialect: Dialect) -> Exception:
    if "field limit" in problem and begin == end:
        return TableError(
            f"A cell on line {begin:,} is longer than {MAX_CELL:,} characters.",
            kind="cell_too_long",
            remedy="Shorten it or leave that column out; long texts cannot be learned from here.",
            line=begin,
        )
    if "expected after" in problem and begin == end:
        return OddQuote()
    return TableError(
        f"A quote sign {dialect.quote} opened on line {begin:,} is never closed properly; it would swallow the lines after it.",
        kind="malformed_quotes",
        remedy=f"Close or remove the quote on line {begin:,} and upload the file again.",
        line=begin,
    )


def _careful(text: str, dialect: Dialect, header: bool | None, first_line: int) -> Cells:
    stream = _records(text, dialect, first_line)
    head = list(islice(stream, 200))
    if head:
        widest = max(len(fields) for _, fields in head)
        head += islice(stream, max(0, min(800, 200_000 // widest - 200)))
    if not head:
        raise TableError(
            "The file holds blank lines only.", kind="empty_file", remedy="Upload a file with a header line and rows."
        )
    structure = find_structure(head, dialect, header)
    check_columns(structure.width)
    body = _Body(structure, short_is_fine=_short_is_fine(head[structure.body :], structure.width))
    body.read(chain(head[structure.body :], stream))
    return Cells(body.columns(), structure, dialect, body.notices(dialect))


def check_columns(width: int) -> None:
    if width > MAX_COLUMNS:
        raise TableError(
            f"The file has {width:,} columns; the limit is {MAX_COLUMNS:,}.",
            kind="too_many_columns",
            remedy="Leave columns out before uploading.",
        )


def _short_is_fine(records: list[Record], width: int) -> bool:
    """Exports that leave away empty cells at the end of a row have many short rows of many lengths and no long one."""
    lengths = [len(fields) for _, fields in records]
    return sum(length < width for length in lengths) > 0.1 * len(lengths) and max(lengths, default=0) <= width


class _Body:
    """Rows made equally long, collected into Arrow columns chunk by chunk so that Python strings never pile up."""

    def __init__(self, structure: Structure, short_is_fine: bool) -> None:
        self.structure, self.short_is_fine = structure, short_is_fine
        self.width = structure.width
        self.chunks: list[list[pa.Array]] = [[] for _ in range(self.width)]
        self.rows: list[list[str]] = []
        self.comments = structure.comments
        self.count = self.repeated = self.cut = 0
        self.total = ""
        self.short: list[int] = []
        self.long: list[tuple[int, int]] = []
        self.notes: list[tuple[int, str]] = []

    def read(self, records: Iterator[Record]) -> None:
        """Take all rows. The garbage collector pauses: it would walk through millions of live strings for nothing."""
        collecting = gc.isenabled()
        gc.disable()
        try:
            self._read(records)
        finally:
            if collecting:
                gc.enable()

    def _read(self, records: Iterator[Record]) -> None:
        width, comment, header = self.width, self.structure.comment, self.structure.header
        size = max(50, 1_000_000 // width)
        for line, fields in records:
            if len(fields) != width:
                fixed = self._fit(line, fields)
                if fixed is None:
                    continue
                fields = fixed
            if comment and is_comment(fields, comment):
                self.comments += 1
                continue
            if header is not None and fields == header:
                self.repeated += 1
                continue
            self.rows.append(fields)
            if len(self.rows) >= size:
                self._flush()
        if self.rows and is_total(self.rows[-1]):
            self.total = " ".join(cell for cell in self.rows.pop() if cell.strip())
        self._flush()

    def _fit(self, line: int, fields: list[str]) -> list[str] | None:
        """The row at full width, or None when it is left out (a comment, a stray line, too many fields)."""
        if self.structure.comment and is_comment(fields, self.structure.comment):
            self.comments += 1
            return None
        if len(fields) > self.width:
            if any(cell.strip() for cell in fields[self.width :]):
                self.long.append((line, len(fields)))
                return None
            self.cut += 1
            return fields[: self.width]
        if len(fields) == 1 and self.width >= 3 and not self.short_is_fine:
            self.notes.append((line, fields[0].strip()))
            return None
        self.short.append(line)
        return fields + [""] * (self.width - len(fields))

    def _flush(self) -> None:
        if not self.rows:
            return
        self.count += len(self.rows)
        check_size(self.count, self.width)
        for at, cells in enumerate(zip(*self.rows, strict=True)):
            self.chunks[at].append(pa.array(cells, pa.string()))
        self.rows = []

    def columns(self) -> list[pa.ChunkedArray]:
        return [pa.chunked_array(chunks, pa.string()) for chunks in self.chunks]

    def notices(self, dialect: Dialect) -> list[Notice]:
        """What was repaired; TableError when so much was wrong that the table cannot be trusted."""
        total = max(1, self.count)
        wrong = len(self.long) + (0 if self.short_is_fine else len(self.short)) + len(self.notes)
        if len(self.long) > max(3, 0.05 * total) or wrong > max(3, 0.3 * total):
            line, found = self.long[0] if self.long else ((self.short or [self.notes[0][0]])[0], None)
            said = f"{found:,} fields" if found else "fewer fields"
            raise TableError(
                f"{wrong:,} of {total + wrong:,} rows do not have the {self.width:,} fields of the others: line {line:,} has "
                f"{said} where {self.width:,} were expected (cut at {dialect.label()}).",
                kind="ragged_rows",
                remedy="Quote cells that contain the delimiter, or save the file again from a spreadsheet.",
                line=line,
            )
        return [*self._ragged(), *self._skipped()]

    def _ragged(self) -> list[Notice]:
        said, count = [], len(self.short) + len(self.long) + len(self.notes)
        if self.short:
            short = counted(len(self.short), "row")
            said.append(f"{short} with too few fields (first: line {self.short[0]:,}): the rest was taken as empty.")
        if self.long:
            line, found = self.long[0]
            first = f"first: line {line:,} with {found:,}, not {self.width:,}"
            said.append(f"{counted(len(self.long), 'row')} with too many fields ({first}) left out.")
        if self.notes:
            line, text = self.notes[0]
            said.append(f"{counted(len(self.notes), 'line')} of text left out (first: line {line:,}, {text[:40]!r}).")
        if self.total:
            said.append(f"The last row sums up the others and was left out ({self.total[:60]!r}).")
        return [Notice("ragged_rows", " ".join(said), (), count + bool(self.total))] if said else []

    def _skipped(self) -> list[Notice]:
        notices = []
        if self.comments:
            message = f"Skipped: {counted(self.comments, 'comment line')} beginning with {self.structure.comment!r}."
            notices.append(Notice("comment_lines_skipped", message, (), self.comments))
        if self.repeated:
            message = f"The header came again among the rows; skipped: {counted(self.repeated, 'line')}."
            notices.append(Notice("preamble_skipped", message, (), self.repeated))
        if self.cut:
            message = f"{counted(self.cut, 'row')} with extra delimiters at the end, which were ignored."
            notices.append(Notice("extra_trailing_delimiter", message, (), self.cut))
        return notices


_TOTALS = frozenset(
    ("total", "totals", "grand total", "sum", "sums", "average", "mean", "summe", "gesamt", "total général", "suma")
)


def is_total(row: list[str]) -> bool:
    """Whether a row begins with a word for a sum and leaves other cells empty, as spreadsheets end."""
    filled = [cell.strip() for cell in row if cell.strip()]
    return bool(filled) and len(filled) < len(row) and filled[0].casefold().rstrip(":") in _TOTALS


def check_size(rows: int, width: int) -> None:
    if rows > MAX_ROWS:
        raise TableError(
            f"The file has more than {MAX_ROWS:,} rows.",
            kind="too_large",
            remedy="Upload fewer rows, for example a random sample.",
        )
    if rows * width > MAX_CELLS:
        raise TableError(
            f"The file has more than {MAX_CELLS:,} cells ({width:,} columns, {rows:,} rows and more).",
            kind="too_large",
            remedy="Upload fewer rows or columns.",
        )


# --- the fast way ----------------------------------------------------------------------------------------------------


def _fast(data: bytes, dialect: Dialect, header: bool | None, first_line: int) -> Cells:
    """Arrow's parser over all that follows the header; NotPlain at the first thing it cannot take as it stands."""
    plain = (
        len(dialect.delimiter) == 1
        and dialect.delimiter.isascii()
        and dialect.quote in ('"', "'", "")
        and not dialect.skip_blanks
    )
    if not plain or dialect.escape:
        raise NotPlain
    quotes = data.count(dialect.quote.encode()) if dialect.quote else 0
    if quotes % 2:
        raise NotPlain  # something is not closed: find the line
    head_text = data[: 4 * 2**20].decode("utf-8", "ignore")
    try:
        head = list(islice(_records(head_text, dialect, 1), 400))[:-1]
    except (OddQuote, TableError) as problem:
        raise NotPlain from problem  # the careful way repairs it, or says on which line of the file it is
    if len(head) < 20:
        raise NotPlain
    structure = find_structure(head, dialect, header)
    check_columns(structure.width)
    if structure.comment or structure.body >= len(head) or structure.body > 50:
        raise NotPlain
    start = _offset_of_line(data, head[structure.body][0])
    if structure.header and _occurs_again(data, start, head, structure):
        raise NotPlain
    columns = _arrow(data, start, structure.width, dialect, quotes > 0)
    if len(columns[0]) and is_total([column[-1].as_py() for column in columns]):
        raise NotPlain
    check_size(len(columns[0]), structure.width)
    line = structure.header_line + first_line - 1 if structure.header_line else 0
    return Cells(columns, replace(structure, header_line=line), dialect)


def _offset_of_line(data: bytes, line: int) -> int:
    offset = 0
    for match in islice(re.finditer(rb"\r\n|\n|\r", data), line - 1):
        offset = match.end()
    return offset


def _occurs_again(data: bytes, start: int, head: list[Record], structure: Structure) -> bool:
    """Whether the header line comes again among the rows, as in files that were put together."""
    begin = _offset_of_line(data, structure.header_line)
    line = data[begin:start].strip(b"\r\n")
    return bool(line) and data.find(line, start) >= 0


def _arrow(data: bytes, start: int, width: int, dialect: Dialect, quoted: bool) -> list[pa.ChunkedArray]:
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
        raise NotPlain from problem
    return table.columns
