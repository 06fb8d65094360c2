"""TableLayout: where the table begins, whether its first line holds names, how wide it is; judged on the first records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tuning_core.data.inference.cell_patterns import MISSING, is_number
from tuning_core.data.reading.dialect import Dialect
from tuning_core.data.reading.headers import header_block, is_header, share_of
from tuning_core.errors import TableError

Record = tuple[int, list[str]]
"""A record and the 1-based line on which it begins."""

COMMENT_SIGNS = ("#", "%", "//")


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
    comment : str
        How lines to be left out begin; empty for none.
    comments : int
        Comment lines before the first row.
    units : int
        Further header lines, such as units, below the names.
    sure : bool
        Whether the decision about the header is clear.
    """

    width: int
    header: list[str] | None
    body: int
    header_line: int = 0
    skipped: int = 0
    comment: str = ""
    comments: int = 0
    units: int = 0
    sure: bool = True


def find_layout(records: Sequence[Record], dialect: Dialect, header: bool | None) -> TableLayout:
    """TableLayout of the table that starts among `records` (non-empty); TableError when there is no table."""
    comment = _comment_sign(records)
    found = _find(records, dialect, header, comment)
    lines = [line for line, fields in records[: found.body] if is_comment(fields, comment)]
    return replace(found, comments=len(lines) - (found.header_line in lines))


def _find(records: Sequence[Record], dialect: Dialect, header: bool | None, comment: str) -> TableLayout:
    kept = [at for at, (_, fields) in enumerate(records) if not is_comment(fields, comment)]
    width = _common_width([records[at][1] for at in kept], [records[at][0] for at in kept], dialect)
    start = next(at for at, index in enumerate(kept) if len(records[index][1]) == width)
    start = _past_titles(records, kept, start, width)
    if start > max(20, 0.25 * len(kept)):
        raise _two_tables(records, kept, start, width)
    before = kept[start - 1] if start else None
    first = kept[start]
    if before is not None and is_header(records[first][1], _rows_from(records, kept, start + 1, width)) == (True, True):
        before = None  # the names are where the table begins, and what stands above them is no header
    if header is not False and before is not None and _is_odd_header(records[before][1], width):
        return _odd_header(records, kept, start, width, comment)
    if header is not False and before is not None:
        names = _other_delimiter(records[before][1], width, dialect)
        if names:
            return TableLayout(width, names, first, records[before][0], start - 1, comment)
    commented = _commented_header(records, first, width, comment)
    if commented is not None and header is not False:
        line, names = commented
        return TableLayout(width, names, first, line, start, comment)
    judged = max(30, min(400, 100_000 // width))
    lines = [at for at in kept[start : start + judged] if len(records[at][1]) == width]
    rows = [records[at][1] for at in lines]
    block = None if header is False else header_block(rows)
    if block is not None and not (header and block.skipped):
        line = records[lines[block.skipped]][0]
        body = lines[block.skipped + 1 + block.after]
        return TableLayout(width, block.names, body, line, start + block.skipped, comment, units=block.after)
    has_header, sure = (header, True) if header is not None else is_header(rows[0], rows[1:])
    if not has_header:
        return TableLayout(width, None, first, 0, start, comment, sure=sure)
    body = kept[start + 1] if start + 1 < len(kept) else len(records)
    return TableLayout(width, list(rows[0]), body, records[first][0], start, comment, sure=sure)


def _rows_from(records: Sequence[Record], kept: Sequence[int], start: int, width: int) -> list[list[str]]:
    return [records[at][1] for at in kept[start : start + 200] if len(records[at][1]) == width]


def is_comment(fields: Sequence[str], comment: str) -> bool:
    return bool(comment) and _begins(fields, comment)


def _begins(fields: Sequence[str], sign: str) -> bool:
    """Whether a record begins with the sign and is not just an error such as '#N/A' in the first cell."""
    first = fields[0].strip()
    return first.startswith(sign) and first not in MISSING


def _comment_sign(records: Sequence[Record]) -> str:
    """The sign that some lines begin with while most do not."""
    for sign in COMMENT_SIGNS:
        marked = [fields for _, fields in records if _begins(fields, sign)]
        if not marked or len(marked) > 0.5 * len(records):
            continue
        common = Counter(len(fields) for _, fields in records).most_common(1)[0][0]
        others = [fields[0] for _, fields in records if not _begins(fields, sign)]
        numeric = sum(is_number(cell) for cell in others) > 0.7 * len(others)
        if all(len(fields) != common for fields in marked) or numeric or len(marked) <= 2:
            return sign
    return ""


def _commented_header(records: Sequence[Record], first: int, width: int, comment: str) -> tuple[int, list[str]] | None:
    """'# age,size,price' right above rows of numbers."""
    if not comment or not first:
        return None
    line, fields = records[first - 1]
    if not is_comment(fields, comment) or len(fields) not in (width, width + 1):
        return None
    names = [fields[0].lstrip()[len(comment) :].strip(), *fields[1:]]
    names = names[1:] if len(names) == width + 1 and not names[0] else names
    rows = [fields for _, fields in records[first : first + 200] if len(fields) == width]
    if len(names) != width or not is_header(names, rows)[0] or is_header(rows[0], rows[1:])[0]:
        return None
    return line, names


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
    while width >= 3 and at + 1 < len(kept) and at < start + 20:
        fields = records[kept[at]][1]
        if len(fields) == width and sum(bool(cell.strip()) for cell in fields) > 1:
            break
        at += 1
    return at if len(records[kept[at]][1]) == width else start


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


def _odd_header(records: Sequence[Record], kept: Sequence[int], start: int, width: int, comment: str) -> TableLayout:
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
    return TableLayout(width, names + [""] * (width - len(names)), kept[start], line, start - 1, comment)


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
