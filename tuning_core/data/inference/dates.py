"""Cells to dates: one format a column where possible, day and month never guessed in silence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

_TIME = (
    r"(?P<time>[T ,]\s*\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?:\s?[AaPp]\.?[Mm]\.?)?)?"
    r"(?P<zone>\s?(?:Z|UTC|GMT|[-+]\d{2}:?(?:\d{2})?))?"
)
_WORD = r"[^\W\d_]{3,10}"
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
    (
        "bdy",
        re.compile(rf"(?:{_WORD},? )?(?P<b>{_WORD})\.? (?P<a>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<c>\d{{4}}){_TIME}"),
    ),
    ("cjk", re.compile(rf"(?P<a>\d{{4}})[年년]\s?(?P<b>\d{{1,2}})[月월]\s?(?P<c>\d{{1,2}})[日일]{_TIME}")),
    ("ym", re.compile(r"(?P<a>\d{4})[-/.](?P<b>\d{1,2})()")),
    ("packed", re.compile(r"(?P<a>(?:19|20)\d{2})(?P<b>[01]\d)(?P<c>[0-3]\d)(?P<time>T?\d{6})?()")),
)
_ENGLISH = "jan feb mar apr may jun jul aug sep oct nov dec"
_MONTHS = {name: at + 1 for at, name in enumerate(_ENGLISH.split())}
_MONTHS |= {
    "mär": 3,
    "mrz": 3,
    "mai": 5,
    "okt": 10,
    "dez": 12,
    "fév": 2,
    "avr": 4,
    "aoû": 8,
    "déc": 12,
    "ene": 1,
    "abr": 4,
    "ago": 8,
}
_MONTHS |= {"jui": 6, "maa": 3, "mei": 5, "янв": 1, "фев": 2, "мар": 3, "апр": 4, "мая": 5, "май": 5, "июн": 6, "июл": 7}
_MONTHS |= {"авг": 8, "сен": 9, "окт": 10, "ноя": 11, "дек": 12, "lut": 2, "kwi": 4, "cze": 6, "lip": 7, "sie": 8, "wrz": 9}
_MONTHS |= {"paź": 10, "lis": 11, "gru": 12, "sty": 1}
_MONTHS |= {"dic": 12, "mag": 5, "giu": 6, "lug": 7, "set": 9, "ott": 10, "gen": 1, "fev": 2, "out": 10, "maj": 5}


@dataclass(frozen=True)
class Dates:
    """What date reading made of distinct cells.

    `values` are datetime64[us] with NaT where the cell is no date; `ambiguous` says that day and month could be swapped
    throughout, `day_first` how they were read; `zoned` that offsets were turned into UTC.
    """

    values: np.ndarray
    ok: np.ndarray
    ambiguous: bool = False
    day_first: bool = False
    zoned: bool = False
    formats: tuple[str, ...] = ()


def shape_of(cell: str) -> str:
    """Name of the date shape a cell has, or empty."""
    for name, pattern in _SHAPES:
        if pattern.fullmatch(cell):
            return name
    return ""


def read_dates(cells: Sequence[str], counts: np.ndarray, day_first: bool | None, comma_file: bool, packed: bool) -> Dates | None:
    """Dates of distinct trimmed cells, or None when fewer than three quarters of the sample look like dates.

    `packed` allows 20240131; `comma_file` (semicolons, decimal commas) makes day before month the assumption in doubt.
    """
    step = max(1, len(cells) // 200)
    shapes = Counter(shape_of(cell) for cell in cells[::step])
    if not packed:
        shapes[""] += shapes.pop("packed", 0)
    hits = sum(count for name, count in shapes.items() if name)
    if not hits or hits < 0.6 * sum(shapes.values()):
        return None
    parts = [_match_shape(cell, packed) for cell in cells]
    first, ambiguous, separator = _order(parts, day_first)
    if ambiguous:
        first = day_first if day_first is not None else comma_file or separator == "."
    texts = [_iso(part, first) for part in parts]
    values = pd.to_datetime(pd.Series(texts, dtype="str"), errors="coerce", format="ISO8601", utc=True)
    ok = values.notna().to_numpy()
    zoned = any(part is not None and part[4] for part in parts)
    naive = values.dt.tz_localize(None).astype("datetime64[us]").to_numpy()
    return Dates(naive, ok, ambiguous, first, zoned, tuple(sorted(name for name in shapes if name)))


_Part = tuple[str, str, str, str, str, str, str]


def _match_shape(cell: str, packed: bool) -> _Part | None:
    """(shape, a, b, c, zone, time, separator)"""
    for name, pattern in _SHAPES:
        match = pattern.fullmatch(cell)
        if match and (packed or name != "packed"):
            found = match.groupdict()
            return (
                name, found["a"], found["b"], found.get("c") or "1", (found.get("zone") or "").strip(), (found.get("time") or ""),
                found.get("s") or "",
            )  # fmt: skip
    return None


def _order(parts: Sequence[_Part | None], day_first: bool | None) -> tuple[bool, bool, str]:
    """(day first, ambiguous, separator) from the cells whose first or second number cannot be a month."""
    swappable = [part for part in parts if part is not None and part[0] == "xxy"]
    if not swappable:
        return False, False, ""
    if day_first is not None:
        return day_first, False, swappable[0][6]
    first = sum(int(part[1]) > 12 for part in swappable)
    second = sum(int(part[2]) > 12 for part in swappable)
    if first == second == 0:
        return False, True, swappable[0][6]
    return first >= second, False, swappable[0][6]


def _iso(part: _Part | None, day_first: bool) -> str | None:
    if part is None:
        return None
    shape, a, b, c, zone, time, _ = part
    if shape in ("ymd", "packed", "cjk"):
        year, month, day = a, b, c
    elif shape == "ym":
        year, month, day = a, b, "1"
    elif shape == "xxy":
        year, (day, month) = c, ((a, b) if day_first else (b, a))
    else:
        year, month, day = c, str(_month(b)), a
    if len(year) == 2:
        year = ("19" if int(year) >= 69 else "20") + year  # POSIX's pivot, as strptime's %y
    clock = _clock(time)
    if clock is None:
        return None
    return f"{int(year):04d}-{int(month):02d}-{int(day):02d}T{clock}{_offset(zone)}"


def _month(word: str) -> int:
    """1 to 12 by the first letters of a month's name, 0 for other words; French juin and juillet differ in the fourth."""
    word = word.lower()
    return 7 if word.startswith("juil") else _MONTHS.get(word[:3], 0)


def _clock(time: str) -> str | None:
    """HH:MM:SS[.ffffff] of '', ' 9:05 PM', 'T23:59:59,5', '235959'."""
    time = time.strip(" T,").replace(",", ".")
    if not time:
        return "00:00:00"
    if time.isdigit():
        return f"{time[:2]}:{time[2:4]}:{time[4:6]}"
    half = re.search(r"([AaPp])\.?[Mm]", time)
    pieces = re.split(":", re.sub(r"\s?[AaPp]\.?[Mm]\.?", "", time).strip())
    hour = int(pieces[0])
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half.group(1) in "pP" else 0)
    seconds = pieces[2] if len(pieces) > 2 else "00"
    return f"{hour:02d}:{pieces[1]}:{seconds[:9]}"


_CLOCK = re.compile(r"(-?)(\d{1,3}):([0-5]\d)(?::([0-5]\d(?:[.,]\d{1,9})?))?(?:\s?([AaPp])\.?[Mm]\.?)?")


def read_hours(cells: Sequence[str]) -> np.ndarray:
    """Times of day and durations ('7:30', '19:05:10', '7:30 PM') in hours, float64; NaN for other cells."""
    return np.array([_hours(cell) for cell in cells], dtype=np.float64)


def _hours(cell: str) -> float:
    match = _CLOCK.fullmatch(cell)
    if match is None:
        return float("nan")
    minus, hours, minutes, seconds, half = match.groups()
    whole = int(hours) if half is None else int(hours) % 12 + 12 * (half in "pP")
    value = whole + int(minutes) / 60 + float((seconds or "0").replace(",", ".")) / 3600
    return -value if minus else value


def _offset(zone: str) -> str:
    if not zone or zone in ("Z", "UTC", "GMT"):
        return "Z"
    digits = zone[1:].replace(":", "").ljust(4, "0")
    return f"{zone[0]}{digits[:2]}:{digits[2:]}"
