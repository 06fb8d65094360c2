"""Cells to dates: one format a column where possible, day and month never guessed in silence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np
import pandas as pd

from tuning_core.data.inference.clock import iso_offset, iso_time
from tuning_core.data.inference.date_order import century_start, is_day_of_month, is_year_first
from tuning_core.data.inference.months import month_of

_TIME = (
    r"(?P<time>[T ,]\s*\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?:\s?[AaPp]\.?[Mm]\.?)?)?"
    r"(?P<zone>\s?(?:Z|UTC|GMT|[-+]\d{2}:?(?:\d{2})?))?"
)
_WORD = r"[^\W\d_]{3,12}"
_SHAPES = (
    ("ymd", re.compile(rf"(?P<a>\d{{4}})(?P<s>[-/. ])(?P<b>\d{{1,2}})(?P=s)(?P<c>\d{{1,2}}){_TIME}")),
    ("xxy", re.compile(rf"(?P<a>\d{{1,2}})(?P<s>[-/. ])(?P<b>\d{{1,2}})(?P=s)(?P<c>\d{{4}}|\d{{2}}){_TIME}")),
    (
        "dby",
        re.compile(
            rf"(?:{_WORD},? )?(?P<a>\d{{1,2}})(?:\.|er|º|ª|st|nd|rd|th)?(?P<s>[-/. ])(?:de )?(?P<b>{_WORD})\.?,?(?P=s)"
            rf"(?:de )?(?P<c>\d{{4}}|\d{{2}})(?: ?г\.?)?{_TIME}"
        ),
    ),
    ("bdy", re.compile(rf"(?:{_WORD},? )?(?P<b>{_WORD})\.? (?P<a>\d{{1,2}})(?:st|nd|rd|th)?(?:, ?| )(?P<c>\d{{4}}){_TIME}")),
    ("cjk", re.compile(rf"(?P<a>\d{{4}})[年년]\s?(?P<b>\d{{1,2}})[月월]\s?(?P<c>\d{{1,2}})[日일]{_TIME}")),
    ("ym", re.compile(r"(?P<a>\d{4})[-/.](?P<b>\d{1,2})()")),
    ("my", re.compile(rf"(?P<b>{_WORD})\.?(?:, ?|[-/. ]| de )'?(?P<c>\d{{4}}|\d{{2}})")),
    ("ymw", re.compile(rf"(?P<c>\d{{4}}|\d{{2}})[-/. ]?(?P<b>{_WORD})\.?")),
    ("my", re.compile(r"(?P<c>\d{4}) ?[Mm](?P<month>0?[1-9]|1[0-2])")),
    ("quarter", re.compile(r"(?P<c>\d{4})[-/:. ]?[QqTt](?P<quarter>[1-4])")),
    ("quarter", re.compile(r"[QqTt](?P<quarter>[1-4])(?:[-/:. ]{0,2}(?P<c>\d{4})|[-/ ]?['’](?P<short>\d{2}))")),
    ("quarter", re.compile(r"(?P<quarter>[1-4])[QqTt][-/:. ]?['’]?(?P<c>\d{4}|\d{2})")),
    ("week", re.compile(r"(?P<c>\d{4})-?[Ww](?P<b>0[1-9]|[1-4]\d|5[0-3])")),
    ("packed", re.compile(r"(?P<a>(?:19|20)\d{2})(?P<b>[01]\d)(?P<c>[0-3]\d)(?P<time>T?\d{6})?()")),
    ("serial", re.compile(r"(?P<a>[1-7]\d{4})(?:\.\d+)?")),
)
_SERIAL_ZERO = pd.Timestamp("1899-12-30")
"""Day 0 of spreadsheets."""


class _Part(NamedTuple):
    shape: str
    a: str
    b: str
    c: str
    zone: str
    time: str
    separator: str


@dataclass(frozen=True)
class Dates:
    """What date reading made of distinct cells.

    Parameters
    ----------
    values : (cells,) datetime64[us]
        NaT where the cell is no date.
    ok : (cells,) bool
    ambiguous : bool
        Day and month could be swapped throughout.
    day_first, year_first : bool
        How the numbers of a cell were read.
    zoned : bool
        Offsets were turned into UTC.
    first_year : int or None
        The hundred years in which two-digit years lie begin here; None without such years.
    serials : (cells,) bool
        Spreadsheet numbers of days, read as dates because dates stand around them.
    formats : tuple of str
    """

    values: np.ndarray
    ok: np.ndarray
    ambiguous: bool = False
    day_first: bool = False
    year_first: bool = False
    zoned: bool = False
    first_year: int | None = None
    serials: np.ndarray | None = None
    formats: tuple[str, ...] = ()


def shape_of(cell: str) -> str:
    """Name of the date shape a cell has, or empty."""
    part = _part(cell)
    return part.shape if part else ""


def read_dates(
    cells: Sequence[str],
    counts: np.ndarray,
    day_first: bool | None,
    comma_file: bool,
    packed: bool,
    *,
    first_year: int | None = None,
    year_first: bool | None = None,
    this_year: int | None = None,
) -> Dates | None:
    """Dates of distinct trimmed cells in file order, or None when fewer than 30 % of the rows in a sample look like dates.

    `packed` allows 20240131; `comma_file` (semicolons, decimal commas) makes day before month the assumption in doubt.
    `first_year` and `year_first` are what an earlier reading of the column found; None: find out, as of `this_year`.
    """
    step = max(1, len(cells) // 200)
    shapes: Counter[str] = Counter()
    for cell, count in zip(cells[::step], counts[::step], strict=True):
        shapes[shape_of(cell)] += int(count)
    if not packed:
        shapes[""] += shapes.pop("packed", 0)
    total, serials = sum(shapes.values()), shapes.pop("serial", 0)
    hits = sum(count for name, count in shapes.items() if name)
    if not hits or hits < (0.3 if not serials else 0.05) * total or hits + serials < 0.3 * total:
        return None
    parts = [_part(cell) for cell in cells]
    parts = [None if part is not None and part.shape == "packed" and not packed else part for part in parts]
    today = this_year or date.today().year
    if year_first is None:
        year_first = _is_year_first(parts, today)
    if _are_days(parts):
        return None  # 'Jan-05' of no year
    first, ambiguous, separator = (False, False, "") if year_first else _order(parts, day_first, counts)
    if ambiguous:
        first = day_first if day_first is not None else comma_file or separator == "."
    if first_year is None:
        short = [int(year) for part in parts if part and len(year := _year(part, year_first)) == 2]
        first_year = century_start(short, today) if short else None
    texts = [_iso(part, first, year_first, first_year) for part in parts]
    values = pd.to_datetime(pd.Series(texts, dtype="str"), errors="coerce", format="ISO8601", utc=True)
    naive = values.dt.tz_localize(None).astype("datetime64[us]").to_numpy()
    naive, from_serials = _with_serials(naive, parts)
    zoned = any(part is not None and part.zone for part in parts)
    formats = tuple(sorted(name for name in shapes if name))
    return Dates(naive, ~np.isnat(naive), ambiguous, first, year_first, zoned, first_year, from_serials, formats)


def _part(cell: str) -> _Part | None:
    for name, pattern in _SHAPES:
        match = pattern.fullmatch(cell)
        if match is None:
            continue
        found = match.groupdict()
        month = str(3 * int(found["quarter"]) - 2) if "quarter" in found else found.get("month") or found.get("b") or ""
        if month and not month.isdigit():
            month = str(month_of(month))
            if month == "0":
                continue  # 'Item 10'
        return _Part(
            name, found.get("a") or "1", month, found.get("c") or found.get("short") or "1", (found.get("zone") or "").strip(),
            found.get("time") or "", found.get("s") or "",
        )  # fmt: skip
    return None


def _is_year_first(parts: Sequence[_Part | None], this_year: int) -> bool:
    """Whether dates of three two-digit numbers begin with the year."""
    short = [part for part in parts if part is not None and part.shape == "xxy"]
    if not short or any(len(part.c) != 2 or len(part.a) != 2 for part in short):
        return False
    return is_year_first([(int(part.a), int(part.b), int(part.c)) for part in short], this_year)


def _are_days(parts: Sequence[_Part | None]) -> bool:
    """Whether 'Jan-05', 'Jan-06', ... or '5-Jan', '6-Jan', ... are days without a year."""
    for shape in ("my", "ymw"):
        short = [(int(part.b), int(part.c)) for part in parts if part is not None and part.shape == shape and len(part.c) == 2]
        if short and is_day_of_month(short, shape == "ymw"):
            return True
    return False


def _order(parts: Sequence[_Part | None], day_first: bool | None, counts: np.ndarray) -> tuple[bool, bool, str]:
    """(day first, ambiguous, separator) from the rows whose first or second number cannot be a month."""
    swappable = [(part, count) for part, count in zip(parts, counts, strict=True) if part is not None and part.shape == "xxy"]
    if not swappable:
        return False, False, ""
    separator = swappable[0][0].separator
    if day_first is not None:
        return day_first, False, separator
    first = sum(int(count) for part, count in swappable if int(part.a) > 12)
    second = sum(int(count) for part, count in swappable if int(part.b) > 12)
    if first == second == 0:
        return False, True, separator
    return first >= second, False, separator


def _year(part: _Part, year_first: bool) -> str:
    if part.shape in ("ymd", "packed", "cjk", "ym") or (part.shape == "xxy" and year_first):
        return part.a
    return "" if part.shape == "serial" else part.c


def _iso(part: _Part | None, day_first: bool, year_first: bool, first_year: int | None) -> str | None:
    if part is None or part.shape == "serial":
        return None
    shape, a, b, c, zone, time, _ = part
    year, month, day = _year(part, year_first), b, "1"
    if shape in ("ymd", "packed", "cjk") or (shape == "xxy" and year_first):
        day = c
    elif shape == "xxy":
        day, month = (a, b) if day_first else (b, a)
    elif shape in ("dby", "bdy"):
        day = a
    number = int(year)
    if shape == "week":
        return _monday(number, int(b))
    if len(year) == 2 and first_year is not None:
        number = first_year + (number - first_year) % 100
    clock = iso_time(time)
    if clock is None:
        return None
    return f"{number:04d}-{int(month):02d}-{int(day):02d}T{clock}{iso_offset(zone)}"


def _monday(year: int, week: int) -> str | None:
    """The first day of a week as ISO 8601 numbers them; None where the year has no such week."""
    try:
        return date.fromisocalendar(year, week, 1).isoformat()
    except ValueError:
        return None


def _with_serials(values: np.ndarray, parts: Sequence[_Part | None]) -> tuple[np.ndarray, np.ndarray]:
    """(values, which were serials): days since 1899-12-30, where they lie among the other dates or a span of these beyond."""
    at = np.array([part is not None and part.shape == "serial" for part in parts], dtype=bool)
    dates = values[~np.isnat(values)]
    if not at.any() or not len(dates):
        return values, np.zeros(len(values), dtype=bool)
    days = np.array([int(part.a) if part is not None and part.shape == "serial" else 0 for part in parts])
    found = (_SERIAL_ZERO + pd.to_timedelta(days, unit="D")).to_numpy().astype("datetime64[us]")
    span = max(dates.max() - dates.min(), np.timedelta64(366, "D"))
    at &= (found >= dates.min() - span) & (found <= dates.max() + span)
    return np.where(at, found, values), at
