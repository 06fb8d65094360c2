"""Times of day and durations: beside a date as a part of it, alone as hours."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

_HALF = r"(?:\s?([AaPp])\.?[Mm]\.?)?"
_CLOCK = re.compile(rf"(-?)(\d{{1,3}}):([0-5]\d)(?::([0-5]\d(?:[.,]\d{{1,9}})?))?{_HALF}")
_DOTTED = re.compile(rf"()([01]?\d|2[0-4])[.h]([0-5]\d)[.m]([0-5]\d)s?{_HALF}")
_HOURS = re.compile(r"()([01]?\d|2[0-4]) ?h ?([0-5]\d)?()()")


def read_hours(cells: Sequence[str]) -> np.ndarray:
    """Times of day and durations ('7:30', '19:05:10', '18.00.00', '18h30', '7:30 PM') in hours, float64; NaN for other cells."""
    return np.array([_hours(cell) for cell in cells], dtype=np.float64)


def _hours(cell: str) -> float:
    match = _CLOCK.fullmatch(cell) or _DOTTED.fullmatch(cell) or _HOURS.fullmatch(cell)
    if match is None:
        return float("nan")
    minus, hours, minutes, seconds, half = match.groups()
    whole = int(hours) if not half else int(hours) % 12 + 12 * (half in "pP")
    value = whole + int(minutes or 0) / 60 + float((seconds or "0").replace(",", ".")) / 3600
    return -value if minus else value


def iso_time(time: str) -> str | None:
    """HH:MM:SS[.ffffff] of '', ' 9:05 PM', 'T23:59:59,5', '235959'; None for hours that no clock shows."""
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


def iso_offset(zone: str) -> str:
    """'+02:00' of '+2', '+0200'; 'Z' without a zone."""
    if not zone or zone in ("Z", "UTC", "GMT"):
        return "Z"
    digits = zone[1:].replace(":", "").ljust(4, "0")
    return f"{zone[0]}{digits[:2]}:{digits[2:]}"
