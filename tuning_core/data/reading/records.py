"""Text to records with the lines they begin on; quoting errors become refusals that name the line."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from tuning_core.data.limits import MAX_CELL
from tuning_core.data.reading.comments import Record
from tuning_core.data.reading.dialect import Dialect, reader_of
from tuning_core.errors import TableError


class StrayQuote(Exception):
    """A sign after a closing quote, on one line: read it leniently."""


def read_records(text: str, dialect: Dialect, first_line: int) -> Iterator[Record]:
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
        return StrayQuote()
    return TableError(
        f"A quote sign {dialect.quote} opened on line {begin:,} is never closed properly; it would swallow the lines after it.",
        kind="malformed_quotes",
        remedy=f"Close or remove the quote on line {begin:,} and upload the file again.",
        line=begin,
    )
