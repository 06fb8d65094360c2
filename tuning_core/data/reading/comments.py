"""Comment lines: told from rows that begin with the same sign, wherever they stand and however many commas they hold."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tuning_core.data.inference.cell_patterns import MARKERS, MISSING, is_date, is_number
from tuning_core.data.reading.headers import is_header, numeric_columns
from tuning_core.errors import TableError

Record = tuple[int, list[str]]
"""A record and the 1-based line on which it begins."""

COMMENT_SIGNS = ("#", "%", "//")
LEADING_SIGNS = ("--", "!", "REM ")
"""Signs of comments only in a block before the table."""

_LINE = re.compile(r"[ \t]*(#|%|//)")
_OPENING = re.compile(rb'[,;\t|] *"')


@dataclass(frozen=True)
class Comments:
    """Which records are comments.

    Parameters
    ----------
    sign : str
        How they begin; empty when there are none.
    width : int
        Fields of a row.
    numeric : tuple of int
        Columns that hold numbers: a record that has them all is a row, whatever it begins with.
    blanks : bool
        Fields are cut at blanks, so that '# text' has the sign in a field of its own.
    """

    sign: str = ""
    width: int = 0
    numeric: tuple[int, ...] = ()
    blanks: bool = False

    def has(self, fields: Sequence[str]) -> bool:
        """Whether the record is a comment."""
        return bool(self.sign) and _begins(fields, self.sign) and not self._is_row(fields)

    def _is_row(self, fields: Sequence[str]) -> bool:
        if len(fields) != self.width or self.width < 2:
            return False
        behind = fields[0].strip()[len(self.sign) :]
        if not behind and not self.blanks:
            return any(cell.strip() for cell in fields[1:])  # '#' as a cell of its own
        cells = [fields[at].strip() for at in self.numeric]
        if cells:
            return any(map(is_number, cells)) and all(is_number(c) or c in MISSING or c in MARKERS for c in cells)
        return bool(behind.strip()) and not behind[0].isspace() and all(cell.strip() for cell in fields)


def find_comments(records: Sequence[Record], blanks: bool) -> Comments:
    """The comments among the first records; TableError when they stand between several small tables."""
    for sign in (*COMMENT_SIGNS, *LEADING_SIGNS):
        others = [fields for _, fields in records if not _begins(fields, sign)]
        if not others or len(others) == len(records):
            continue
        width = Counter(len(fields) for fields in others).most_common(1)[0][0]
        rows = [fields for fields in others if len(fields) == width]
        comments = Comments(sign, width, tuple(numeric_columns(rows)), blanks)
        marked = [comments.has(fields) for _, fields in records]
        if sign in LEADING_SIGNS and not (marked[0] and all(marked[: sum(marked)])):
            continue
        if any(marked) and _are_comments(records, marked, others, comments):
            _refuse_several_tables(records, marked, sign)
            return comments
    return Comments()


def _are_comments(records: Sequence[Record], marked: Sequence[bool], others: Sequence[Sequence[str]], found: Comments) -> bool:
    lines = [fields for (_, fields), is_one in zip(records, marked, strict=True) if is_one]
    leading = all(marked[: len(lines)])
    spaced = all(fields[0].strip()[len(found.sign) :][:1].strip() == "" for fields in lines)
    if leading or spaced:
        return True  # a block before the table, or '# like this' throughout
    if len(lines) > 0.5 * len(records):
        return False
    first_cells = [fields[0] for fields in others]
    numeric = sum(map(is_number, first_cells)) > 0.7 * len(first_cells)
    return all(len(fields) != found.width for fields in lines) or numeric or len(lines) <= 2


def _begins(fields: Sequence[str], sign: str) -> bool:
    """Whether a record begins with the sign and is not just an error such as '#N/A' in the first cell."""
    first = fields[0].strip()
    return first.startswith(sign) and first not in MISSING and first not in MARKERS


def _refuse_several_tables(records: Sequence[Record], marked: Sequence[bool], sign: str) -> None:
    blocks: list[list[Record]] = []
    before = True
    for record, is_one in zip(records, marked, strict=True):
        if not is_one:
            if before:
                blocks.append([])
            blocks[-1].append(record)
        before = is_one
    if len(blocks) < 2:
        return
    heads = [block[0] for block in blocks if _has_header(block)]
    names = {tuple(cell.strip() for cell in fields) for _, fields in heads if len(fields) > 1}
    if len(names) < 2:
        return
    (line, _), (other, _) = heads[0], heads[-1]
    raise TableError(
        f"The file holds {len(blocks):,} tables between comment lines that begin with {sign!r}: one begins on line {line:,}, "
        f"the last on line {other:,}, with other columns.",
        kind="ragged_rows",
        remedy="Save each of them as a file of its own and upload the one that you need.",
        line=other,
    )


def _has_header(block: Sequence[Record]) -> bool:
    """Whether the first line of a block names columns: words, above rows of another kind or above nothing."""
    names = [cell.strip() for cell in block[0][1]]
    rows = [fields for _, fields in block[1:] if len(fields) == len(names)]
    words = all(names) and len(set(names)) == len(names) and not any(map(is_number, names))
    return words and (not rows or is_header(names, rows)[0])


def commented_header(records: Sequence[Record], first: int, width: int, comments: Comments) -> tuple[int, list[str]] | None:
    """(line, names) of '# age,size,price' right above rows of numbers."""
    if not comments.sign or not first:
        return None
    line, fields = records[first - 1]
    if not comments.has(fields) or len(fields) not in (width, width + 1):
        return None
    names = [fields[0].lstrip()[len(comments.sign) :].strip(), *fields[1:]]
    names = names[1:] if len(names) == width + 1 and not names[0] else names
    rows = [fields for _, fields in records[first : first + 200] if len(fields) == width]
    if len(names) != width or any(_is_no_name(name.strip()) for name in names):
        return None
    if not is_header(names, rows)[0] or is_header(rows[0], rows[1:])[0]:
        return None
    return line, names


def _is_no_name(text: str) -> bool:
    """'Web:', 'https://example.org' and dates name no column."""
    return text.endswith(":") or "://" in text or is_date(text)


def without_comments(sample: str) -> str:
    """A sample of text less the lines that begin with a comment sign and stand in no quoted cell, when others are left."""
    kept, open_quote = [], False
    for line in sample.splitlines(keepends=True):
        if not open_quote and _LINE.match(line):
            continue
        kept.append(line)
        open_quote ^= line.count('"') % 2 == 1
    return "".join(kept) if any(line.strip() for line in kept) else sample


def with_calm_quotes(data: bytes) -> bytes:
    """The text with the quote signs of leading comments made single where they are odd, so that they open nothing."""
    if not _LINE.match(data[:80].decode("utf-8", "replace").lstrip()):
        return data
    head, end = [], 0
    for line in _lines(data):
        if line.strip() and not re.match(rb"[ \t]*(#|%|//)", line):
            break
        opens = _OPENING.search(line) is not None and line.count(b'"') % 2 == 1
        head.append(line.replace(b'"', b"'") if opens else line)
        end += len(line)
    return b"".join(head) + data[end:]


def _lines(data: bytes) -> Iterator[bytes]:
    """Lines with their ends, found one at a time."""
    start = 0
    for match in re.finditer(rb"\r\n|\n|\r", data):
        yield data[start : match.end()]
        start = match.end()
    yield data[start:]
