"""Records made equally long: short rows filled, long ones and stray lines left out, all of it counted."""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator

import pyarrow as pa

from tuning_core.data.inference.cell_patterns import MARKERS, MISSING, is_number
from tuning_core.data.limits import MAX_CELLS, MAX_COLUMNS, MAX_ROWS
from tuning_core.data.notices import Notice, counted
from tuning_core.data.reading.comments import Record
from tuning_core.data.reading.dialect import WHITESPACE, WIDE_BLANKS, Dialect
from tuning_core.data.reading.table_layout import TableLayout
from tuning_core.errors import TableError


def check_columns(width: int) -> None:
    if width > MAX_COLUMNS:
        raise TableError(
            f"The file has {width:,} columns; the limit is {MAX_COLUMNS:,}.",
            kind="too_many_columns",
            remedy="Leave columns out before uploading.",
        )


def short_is_fine(records: list[Record], width: int) -> bool:
    """Exports that leave away empty cells at the end of a row have many short rows of many lengths and no long one."""
    lengths = [len(fields) for _, fields in records]
    return sum(length < width for length in lengths) > 0.1 * len(lengths) and max(lengths, default=0) <= width


class RowCollector:
    """Rows made equally long, collected into Arrow columns chunk by chunk so that Python strings never pile up."""

    def __init__(self, layout: TableLayout, short_is_fine: bool, tabs: bool = False) -> None:
        self.layout, self.short_is_fine, self.tabs = layout, short_is_fine, tabs
        self.width = layout.width
        self.chunks: list[list[pa.Array]] = [[] for _ in range(self.width)]
        self.rows: list[list[str]] = []
        self.comments = list(layout.commented)
        self.count = self.cut = self.doubled = 0
        self.repeated: list[int] = []
        self.totals: list[str] = []
        self.short: list[Record] = []
        self.long: list[Record] = []
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
        width, header = self.width, self.layout.header
        comments = self.layout.comments if self.layout.comments.sign else None
        size = max(50, 1_000_000 // width)
        for line, fields in records:
            if len(fields) != width:
                fixed = self._fit(line, fields)
                if fixed is None:
                    continue
                fields = fixed
            if comments is not None and comments.has(fields):
                self.comments.append((line, fields))
                continue
            if header is not None and fields == header:
                self.repeated.append(line)
                continue
            self.rows.append(fields)
            if len(self.rows) >= size:
                self._flush()
        while (total := self._total_at_the_end()) is not None:
            self.totals.append(" ".join(cell for cell in self.rows.pop(total) if cell.strip()))
        self._flush()

    def _total_at_the_end(self) -> int | None:
        """Index of a last row that sums up the others; rows of delimiters only may follow it."""
        last = next((at for at in range(len(self.rows) - 1, -1, -1) if any(map(str.strip, self.rows[at]))), None)
        if last is None or not is_total(self.rows[last], self.rows[max(0, last - 200) : last]):
            return None
        return last

    def _fit(self, line: int, fields: list[str]) -> list[str] | None:
        """The row at full width, or None when it is left out (a comment, a stray line, too many fields)."""
        if self.layout.comments.has(fields):
            self.comments.append((line, fields))
            return None
        if len(fields) > self.width:
            if any(cell.strip() for cell in fields[self.width :]) or not self._fits(fields):
                filled = [cell for cell in fields if cell.strip()]
                if self.tabs and len(filled) == self.width and self._fits(filled) and not self._short_of(fields):
                    self.doubled += 1
                    return filled
                self.long.append((line, fields))
                return None
            self.cut += 1
            return fields[: self.width]
        if not self.short_is_fine and ((len(fields) == 1 and self.width >= 3) or _NOTE.fullmatch(fields[0].strip())):
            self.notes.append((line, fields[0].strip()))
            return None
        self.short.append((line, fields))
        return fields + [""] * (self.width - len(fields))

    def _fits(self, fields: list[str]) -> bool:
        """Whether numbers stand where numbers belong, and nothing where nothing was seen: a delimiter too many in the middle
        shifts what is behind it."""
        cells = [fields[at].strip() for at in self.layout.numeric]
        numbers = all(is_number(cell) or cell in MISSING or cell in MARKERS for cell in cells)
        return numbers and not any(fields[at].strip() for at in self.layout.blank)

    def _short_of(self, fields: list[str]) -> bool:
        """Whether a row with tabs too many ends in a cell that is empty in the rows around it as well."""
        return not fields[-1].strip() and (self.width - 1) in self.layout.blank

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
            line, fields = (self.long or self.short or [(line, [text]) for line, text in self.notes])[0]
            raise TableError(
                f"{wrong:,} of {total + wrong:,} rows do not have the {self.width:,} fields of the others: line {line:,} has "
                f"{len(fields):,} where {self.width:,} were expected (cut at {dialect.label()}).",
                kind="ragged_rows",
                remedy="Quote cells that contain the delimiter, or save the file again from a spreadsheet.",
                line=line,
            )
        return [*self._ragged(dialect), *self._skipped(dialect)]

    def _ragged(self, dialect: Dialect) -> list[Notice]:
        said, count = [], len(self.short) + len(self.long) + len(self.notes)
        if self.short:
            short = counted(len(self.short), "row")
            said.append(f"{short} with too few fields (first: {line_of(self.short[0], dialect)}): the rest was taken as empty.")
        if self.long:
            first = f"first: {line_of(self.long[0], dialect)} with {len(self.long[0][1]):,}, not {self.width:,}"
            said.append(f"{counted(len(self.long), 'row')} with too many fields ({first}) left out.")
        if self.notes:
            line, text = self.notes[0]
            said.append(f"{counted(len(self.notes), 'line')} of text left out (first: line {line:,}, {text[:40]!r}).")
        if self.totals:
            one = len(self.totals) == 1
            rows = "The last row sums" if one else f"The last {len(self.totals):,} rows sum"
            said.append(f"{rows} up the others and {'was' if one else 'were'} left out ({self.totals[0][:60]!r}).")
        return [Notice("ragged_rows", " ".join(said), (), count + len(self.totals))] if said else []

    def _skipped(self, dialect: Dialect) -> list[Notice]:
        notices = []
        if self.comments:
            sign, first = self.layout.comments.sign, line_of(self.comments[0], dialect)
            message = f"Skipped: {counted(len(self.comments), 'comment line')} beginning with {sign!r} (first: {first})."
            notices.append(Notice("comment_lines_skipped", message, (), len(self.comments)))
        if self.repeated:
            message = (
                f"The header came again among the rows; skipped: {counted(len(self.repeated), 'line')} ({_lines(self.repeated)})."
            )
            notices.append(Notice("preamble_skipped", message, (), len(self.repeated)))
        if self.doubled:
            message = f"{counted(self.doubled, 'row')} with two tabs where others have one: read as one."
            notices.append(Notice("ragged_rows", message, (), self.doubled))
        if self.cut:
            message = f"{counted(self.cut, 'row')} with extra delimiters at the end, which were ignored."
            notices.append(Notice("extra_trailing_delimiter", message, (), self.cut))
        return notices


def line_of(record: Record, dialect: Dialect) -> str:
    """'line 11, '06/03/2020,0,,K9…'': a line of the file with its beginning, for a sentence."""
    line, fields = record
    delimiter = {WHITESPACE: " ", WIDE_BLANKS: "  "}.get(dialect.delimiter, dialect.delimiter)
    text = delimiter.join(fields).strip()
    return f"line {line:,}, {text if len(text) <= 40 else text[:39] + '…'!r}"


def _lines(lines: list[int]) -> str:
    """'line 7', 'lines 7, 30 and 4 more'."""
    shown = ", ".join(f"{line:,}" for line in lines[:3])
    more = f" and {len(lines) - 3:,} more" if len(lines) > 3 else ""
    return f"line{'s' if len(lines) > 1 else ''} {shown}{more}"


_TOTAL_WORDS = (
    "total|totals|grand total|sum|sums|average|mean|summe|gesamt|gesamtsumme|insgesamt|total général|total general|totaal|totale"
    "|suma|razem|итого|всего|合计|总计|合計|總計|총계"
)
_TOTALS = frozenset(_TOTAL_WORDS.split("|"))
_NOTE = re.compile(
    r"(source|sources|note|notes|quelle|quellen|anmerkung|hinweis|stand|fuente|nota|notas|fonte|remarque|legend|footnote|copyright"
    r"|data from|last updated|generated|exported|downloaded|end of)\b.*|©.*|\(\d[\d,.]* rows?( affected)?\)",
    re.IGNORECASE | re.DOTALL,
)


def is_total(row: list[str], before: list[list[str]]) -> bool:
    """Whether a row begins with a word for a sum, as spreadsheets end: with cells left empty, or as no row before it begins."""
    filled = [cell.strip() for cell in row if cell.strip()]
    if not filled or filled[0].casefold().rstrip(":") not in _TOTALS:
        return False
    return len(filled) < len(row) or (len(before) >= 10 and all(other[0].strip() != filled[0] for other in before))


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
