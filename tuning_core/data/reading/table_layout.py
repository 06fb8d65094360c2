"""TableLayout: where the table begins, whether its first line holds names, how wide it is; judged on the first records."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from tuning_core.data.inference.cell_patterns import is_number
from tuning_core.data.reading.comments import Comments, Record, commented_header, find_comments
from tuning_core.data.reading.dialect import WHITESPACE, WIDE_BLANKS, Dialect
from tuning_core.data.reading.header_block import header_block
from tuning_core.data.reading.headers import is_header, numeric_columns, share_of
from tuning_core.errors import TableError

_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True)
class TableLayout:
    """What the first records say about all of them.

    Parameters
    ----------
    width : int
        Fields of a row as it stands in the file.
    header : list of str or None
        Names as they stand in the file, made `width` long; None when the first line is data.
    body : int
        Index, among the records given, of the first row.
    header_line : int
        Line of the header; 0 without one.
    skipped : int
        Records before the header.
    comments : Comments
        Which lines are to be left out wherever they stand.
    commented : tuple of Record
        The comments before the first row.
    units : int
        Further header lines, such as units, below the names.
    sure : bool
        Whether the decision about the header is clear.
    numeric, blank : tuple of int
        Columns that hold numbers further down, and those in which nothing was seen.
    skipped_lines, explaining : tuple of Record
        The records before the header, and those below it that are no rows.
    """

    width: int
    header: list[str] | None
    body: int
    header_line: int = 0
    skipped: int = 0
    comments: Comments = field(default_factory=Comments)
    commented: tuple[Record, ...] = ()
    units: int = 0
    sure: bool = True
    numeric: tuple[int, ...] = ()
    blank: tuple[int, ...] = ()
    skipped_lines: tuple[Record, ...] = ()
    explaining: tuple[Record, ...] = ()


def find_layout(records: Sequence[Record], dialect: Dialect, header: bool | None) -> TableLayout:
    """TableLayout of the table that starts among `records` (non-empty); TableError when there is no table."""
    comments = find_comments(records, dialect.delimiter in (WHITESPACE, WIDE_BLANKS))
    found = _find(records, dialect, header, comments)
    rows = [fields for _, fields in records[found.body :] if len(fields) == found.width and not comments.has(fields)]
    before = records[: found.body]
    commented = tuple(record for record in before if comments.has(record[1]) and record[0] != found.header_line)
    plain = [record for record in before if not comments.has(record[1])]
    names_at = found.header_line or records[min(found.body, len(records) - 1)][0]
    return replace(
        found,
        commented=commented,
        numeric=tuple(numeric_columns(rows)),
        blank=tuple(at for at, cells in enumerate(zip(*rows, strict=True)) if len(rows) >= 5 and not any(map(str.strip, cells))),
        skipped_lines=tuple(record for record in plain if record[0] < names_at),
        explaining=tuple(record for record in plain if record[0] > names_at),
    )


def _find(records: Sequence[Record], dialect: Dialect, header: bool | None, comments: Comments) -> TableLayout:
    kept = [at for at, (_, fields) in enumerate(records) if not comments.has(fields)]
    width = _common_width([records[at][1] for at in kept], [records[at][0] for at in kept], dialect)
    start = next(at for at, index in enumerate(kept) if len(records[index][1]) == width)
    start = _past_titles(records, kept, start, width)
    above = [records[at][1] for at in kept[:start]]
    if start > max(20, 0.25 * len(kept)) and _is_table(above) and not _are_settings(above):
        raise _two_tables(records, kept, start, width)
    before = kept[start - 1] if start else None
    first = kept[start]
    if before is not None and is_header(records[first][1], _rows_from(records, kept, start + 1, width)) == (True, True):
        before = None  # the names are where the table begins, and what stands above them is no header
    if header is not False and before is not None and _is_odd_header(records[before][1], width):
        return _odd_header(records, kept, start, width, comments)
    if header is not False and before is not None:
        names = _other_delimiter(records[before][1], width, dialect)
        if names:
            return TableLayout(width, names, first, records[before][0], start - 1, comments)
    commented = commented_header(records, first, width, comments)
    if commented is not None and header is not False:
        line, names = commented
        return TableLayout(width, names, first, line, start, comments)
    judged = max(30, min(400, 100_000 // width))
    lines = [at for at in kept[start : start + judged] if len(records[at][1]) == width]
    rows = [records[at][1] for at in lines]
    block = None if header is False else header_block(rows)
    if block is not None and not (header and block.skipped):
        line = records[lines[block.skipped]][0]
        body = lines[block.skipped + 1 + block.after]
        return TableLayout(width, block.names, body, line, start + block.skipped, comments, units=block.after)
    has_header, sure = (header, True) if header is not None else is_header(rows[0], rows[1:])
    if not has_header:
        return TableLayout(width, None, first, 0, start, comments, sure=sure)
    body = kept[start + 1] if start + 1 < len(kept) else len(records)
    return TableLayout(width, list(rows[0]), body, records[first][0], start, comments, sure=sure)


def _rows_from(records: Sequence[Record], kept: Sequence[int], start: int, width: int) -> list[list[str]]:
    return [records[at][1] for at in kept[start : start + 200] if len(records[at][1]) == width]


def _is_table(rows: Sequence[Sequence[str]]) -> bool:
    """Whether lines above a table are one themselves rather than settings: equally long, with a column of numbers.

    Lines of one field are a table when another sign cuts them all into equally many.
    """
    width, count = Counter(len(fields) for fields in rows).most_common(1)[0]
    if width == 1:
        lines = ["".join(fields) for fields in rows]
        cuts = [Counter(line.count(sign) for line in lines).most_common(1)[0] for sign in ",;\t|"]
        return any(pieces and lines_alike >= 0.8 * len(rows) for pieces, lines_alike in cuts)
    alike = [fields for fields in rows if len(fields) == width]
    wide = [sum(bool(cell.strip()) for cell in fields) > 2 for fields in rows]
    return sum(wide) >= 0.8 * len(rows) or (count >= 0.8 * len(rows) and bool(numeric_columns(alike)))


def _are_settings(rows: Sequence[Sequence[str]]) -> bool:
    """Whether lines are a name and what it is set to: two cells, the first a word of its own, and no names above them."""
    if any(len(fields) != 2 for fields in rows):
        return False
    words = [fields[0].strip() for fields in rows]
    values = [is_number(fields[1]) for fields in rows]
    mixed = any(values) and (values[0] or values.count(False) > 1)  # one word above numbers is their name
    stems = {_DIGITS.sub("", word) for word in words}  # 'a1', 'a2', ... are rows
    return len(set(words)) == len(words) and len(stems) > 0.7 * len(words) and not any(map(is_number, words)) and mixed


def _common_width(rows: Sequence[Sequence[str]], lines: Sequence[int], dialect: Dialect) -> int:
    widths = Counter(len(fields) for fields in rows)
    wide = {width: count for width, count in widths.items() if width > 1}
    if not wide or sum(wide.values()) < 0.2 * len(rows):
        raise _no_columns(rows)
    count, width = max((count, width) for width, count in wide.items())
    started = next(at for at, fields in enumerate(rows) if len(fields) == width)
    body = rows[started:]
    if count < 0.6 * len(body) and not _mostly_short(body, width):
        lengths = [len(fields) for fields in body]
        odd = next(at for at, length in enumerate(lengths) if length != width)
        raise TableError(
            f"Rows have from {min(lengths)} to {max(lengths)} fields: {width} are expected, as in {count:,} of the first "
            f"{len(body):,} rows, but line {lines[started + odd]:,} has {lengths[odd]} (cut at {dialect.label()}).",
            kind="ragged_rows",
            remedy="Save the file again with the same columns in every row, or choose the delimiter by hand.",
            line=lines[started + odd],
        )
    return width


def _mostly_short(rows: Sequence[Sequence[str]], width: int) -> bool:
    """Rows of a table with numbers whose empty cells at the end were left away."""
    if len(rows[0]) != width or any(len(fields) > width for fields in rows):
        return False
    full = [fields for fields in rows[1:] if len(fields) == width]
    return any(share_of(is_number, column) >= 0.8 for column in zip(*full, strict=True))


def _no_columns(rows: Sequence[Sequence[str]]) -> TableError:
    cells = [fields[0].strip() for fields in rows]
    if len(cells) < 2 and len(cells[0].split()) > 1:
        return TableError(
            f"The file has one line of text, {cells[0][:60]!r}, and no table.",
            kind="not_csv_text",
            remedy="Upload a CSV file with a header line and rows.",
            line=1,
        )
    words = sum(len(cell.split()) for cell in cells) / len(cells)
    if words > 2.5:
        return TableError(
            "No sign that separates columns was found: the lines read like text.",
            kind="delimiter_unknown",
            remedy="Save the table as CSV with commas between the columns, or choose the delimiter by hand.",
        )
    return TableError(
        f"The file has one column only ({cells[0][:40]!r}); a target and at least one feature are needed.",
        kind="single_column",
        remedy="If it has more columns, choose the delimiter by hand or save it as CSV with commas.",
    )


def _past_titles(records: Sequence[Record], kept: Sequence[int], start: int, width: int) -> int:
    """Skip title lines that a spreadsheet padded to full width: one cell filled, all others empty."""
    at = start
    if width == 2 and not _are_filled([records[index][1] for index in kept[start + 2 :]]):
        return start
    while at + 1 < len(kept) and at < start + 20:
        fields = records[kept[at]][1]
        if len(fields) == width and sum(bool(cell.strip()) for cell in fields) > (
            0 if width == 2 and not fields[0].strip() else 1
        ):
            break
        at += 1
    return at if len(records[kept[at]][1]) == width else start


def _are_filled(rows: Sequence[Sequence[str]]) -> bool:
    """Whether hardly a row lacks a cell, so that a line with one cell is none of them."""
    return sum(all(cell.strip() for cell in fields) for fields in rows) >= max(2, 0.9 * len(rows))


def _is_odd_header(fields: Sequence[str], width: int) -> bool:
    """Whether a record of another width names the columns of those below it."""
    if len(fields) < 2 or not width - 2 <= len(fields) <= width + 2:
        return False
    filled = [cell.strip() for cell in fields if cell.strip()]
    return len(filled) >= len(fields) - 1 and len(set(filled)) == len(filled) and not any(map(is_number, filled))


def _other_delimiter(fields: Sequence[str], width: int, dialect: Dialect) -> list[str]:
    """Names in a first line that is cut by another sign than the rows below it."""
    line = dialect.delimiter.join(fields)
    for sign in ",;\t|":
        names = [name.strip() for name in line.split(sign)]
        if sign != dialect.delimiter and len(names) == width and all(names) and not any(map(is_number, names)):
            return names
    return []


def _odd_header(records: Sequence[Record], kept: Sequence[int], start: int, width: int, comments: Comments) -> TableLayout:
    """A header with more or fewer names than rows have fields."""
    line, fields = records[kept[start - 1]]
    rows = _rows_from(records, kept, start, width)
    names = list(fields)
    if len(names) < width and not all(not cell.strip() for row in rows for cell in row[len(names) :]):
        if len(names) < width - 1 or not _is_index([row[0].strip() for row in rows]):
            raise TableError(
                f"The header on line {line:,} has {len(names):,} names, but the rows below it have {width:,} fields.",
                kind="ragged_rows",
                remedy="Give every column a name, and quote cells that contain the delimiter (such as decimal commas).",
                line=line,
            )
        names = ["", *names]  # as R writes row names
    width = max(width, len(names))  # names without cells: empty columns
    return TableLayout(width, names + [""] * (width - len(names)), kept[start], line, start - 1, comments)


def _is_index(cells: Sequence[str]) -> bool:
    return len(set(cells)) == len(cells) and len(cells) > 1


def _two_tables(records: Sequence[Record], kept: Sequence[int], start: int, width: int) -> TableError:
    (line, fields), second = records[kept[0]], records[kept[start]][0]
    return TableError(
        f"The first {start:,} lines are cut into {len(fields):,} fields and the lines from {second:,} on into {width:,}: "
        "that is more than a title.",
        kind="ragged_rows",
        remedy="Save the file with one delimiter and one table, or choose the delimiter by hand.",
        line=line,
    )
