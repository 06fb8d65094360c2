"""Checks of typed columns: ids, constants, far-off values, markers that hide as numbers, duplicate rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tuning_core.data.inference.id_columns import WHY_NUMBERS, WHY_WORDS, are_number_ids
from tuning_core.data.inference.typed_column import ColumnNotice, Typed

_CODES = (77, 88, 97, 98, 99, 777, 888, 997, 998, 999, 9997, 9998, 9999, 99999, 999999)
_SENTINELS = np.array([-7, -8, -9, *_CODES, *(-code for code in _CODES), -200, -1e20, 1e20, 9.96921e36])
"""Numbers that surveys and instruments write for "no answer" and "no reading"."""

SAMPLE = 30_000
HUGE, TINY = 1e18, 1e-30


@dataclass(frozen=True)
class ColumnCheck:
    """What a column is in the end, why it is left out (empty when it is not), and what to say about it."""

    kind: str
    reason: str = ""
    notices: tuple[ColumnNotice, ...] = ()


def check_column(typed: Typed, name: str, position: int, width: int, nameless: bool) -> ColumnCheck:
    """The check of column number `position` of `width`; `nameless` when the file gives it no name."""
    kind, rows = typed.kind, len(typed.values)
    if kind == "empty":
        return ColumnCheck("empty", "has no value in any row")
    notices: list[ColumnNotice] = []
    if typed.distinct == 1:
        if not typed.missing:
            return ColumnCheck("constant", "has one value only", (ColumnNotice("constant_column", "", 1),))
        if kind in ("integer", "numeric"):
            notices.append(ColumnNotice("near_constant_column", "one value, or none", 1))
    if rows and typed.missing > 0.5 * rows:
        notices.append(ColumnNotice("mostly_missing_column", f"{typed.missing / rows:.0%} missing", typed.missing))
    if kind in ("integer", "numeric") and isinstance(typed.values, np.ndarray):
        if kind == "integer" and are_number_ids(typed, name, position, width, nameless):
            notices.append(ColumnNotice("id_like_column", f"{typed.distinct:,} different whole numbers in {rows:,} rows"))
            return ColumnCheck("id", WHY_NUMBERS, tuple(notices))
        notices += _number_notices(typed)
    elif kind in ("categorical", "boolean"):
        notices += _dominant_level(typed)
    reason = typed.reason or {"text": "is free text", "id": WHY_WORDS}.get(kind, "")
    return ColumnCheck(kind, reason, tuple(notices))


def _number_notices(typed: Typed) -> list[ColumnNotice]:
    numbers = np.asarray(typed.values, dtype=np.float64)
    present = numbers[~np.isnan(numbers)] if typed.missing else numbers
    if not len(present):
        return []
    low, high = float(present.min()), float(present.max())
    notices = _magnitude(low, high)
    if typed.distinct > 1:
        with np.errstate(over="ignore", invalid="ignore"):
            notices += _near_constant(present, low, high, typed.distinct) or _far_off(present, low, high)
    return notices


def _magnitude(low: float, high: float) -> list[ColumnNotice]:
    largest = max(abs(low), abs(high))
    if largest >= HUGE or 0 < largest < TINY:
        return [ColumnNotice("extreme_values", f"up to {largest:.3g}")]
    return []


def _near_constant(present: np.ndarray, low: float, high: float, distinct: int) -> list[ColumnNotice]:
    largest = max(abs(low), abs(high))
    spread = high / largest - low / largest
    if spread < 1e-9 or largest < TINY:
        return [ColumnNotice("near_constant_column", "spread next to nothing")]
    if len(present) >= 50 and distinct <= max(2, 0.01 * len(present)):
        sample = _thinned(present)
        _, counts = np.unique(sample, return_counts=True)
        if counts.max() >= 0.99 * len(sample):
            return [ColumnNotice("near_constant_column", f"one value in {counts.max() / len(sample):.1%} of the rows")]
    return []


def _far_off(present: np.ndarray, low: float, high: float) -> list[ColumnNotice]:
    """Markers such as -999 beside a range they do not belong to, and few values that outweigh all others."""
    if low in _SENTINELS or high in _SENTINELS:
        markers = _markers(present)
        if markers:
            words = tuple(f"{marker:g}" for marker in markers)
            return [ColumnNotice("missing_marker_detected", ", ".join(words), int(np.isin(present, markers).sum()), asked=words)]
    sample = _thinned(present)
    if low == 0 and high > 0:
        zeros = _zeros_for_missing(present, sample)
        if zeros:
            return [zeros]
    quarter, middle, three = np.percentile(sample, [25, 50, 75])
    reach = 30 * (three - quarter)
    if not reach or max(high - middle, middle - low) <= reach:
        return []
    far = int((np.abs(present - middle) > reach).sum())
    if far <= max(1, 0.01 * len(present)):
        worst = high if high - middle > middle - low else low
        return [ColumnNotice("outliers", f"up to {worst:.3g} while the median is {middle:.3g}", far)]
    return []


def _markers(present: np.ndarray) -> list[float]:
    """The sentinels that lie far outside of all other values, and occur more than once in all."""
    among = np.isin(present, _SENTINELS)
    others = present[~among]
    if not len(others):
        return []
    low, high = float(others.min()), float(others.max())
    found = []
    for marker in np.unique(present[among]):
        gap = max(low - marker, marker - high)
        if gap > max(high - low, 0.5 * abs(marker)) * (1.0 if abs(marker) > 90 else 1.5):
            found.append(float(marker))
    return found if np.isin(present, found).sum() >= 2 else []


def _zeros_for_missing(present: np.ndarray, sample: np.ndarray) -> ColumnNotice | None:
    """Zeros in a quantity that otherwise stays far above zero, such as a blood pressure of 0."""
    others = sample[sample != 0]
    if not len(others) or len(others) < 0.4 * len(sample) or len(others) > 0.998 * len(sample):
        return None
    smallest = float(present[present != 0].min())
    levels = np.unique(others)
    if len(levels) < 15 or smallest < 0.22 * float(np.median(others)) or smallest < 5 * float(np.median(np.diff(levels))):
        return None  # counts begin at 0, and many quantities come near it
    detail = f"0, while all other values are at least {smallest:.4g}"
    return ColumnNotice("missing_marker_detected", detail, int((present == 0).sum()), asked=("0",))


def _dominant_level(typed: Typed) -> list[ColumnNotice]:
    present = len(typed.values) - typed.missing
    if typed.distinct < 2 or present < 50 or typed.top < 0.99 * present:
        return []
    return [ColumnNotice("near_constant_column", f"one value in {typed.top / present:.1%} of the rows")]


def _thinned(values: np.ndarray) -> np.ndarray:
    return values if len(values) <= SAMPLE else values[:: len(values) // SAMPLE + 1]


def count_duplicates(columns: Sequence[Typed]) -> int:
    """Rows equal to an earlier one, by a 64-bit hash of each row; 0 at once when some column never repeats."""
    full = [column for column in columns if not column.missing and column.distinct == len(column.values)]
    if any(column.exact for column in full) or (full and len(pd.unique(full[0].values)) == full[0].distinct):
        return 0
    total = np.zeros(len(columns[0].values), dtype=np.uint64)
    with np.errstate(over="ignore"):
        for at, column in enumerate(columns):
            multiplier = np.uint64((0x9E3779B97F4A7C15 * (2 * at + 1)) & (2**64 - 1))
            total = (total ^ (_codes(column) * multiplier)) * np.uint64(0xBF58476D1CE4E5B9)
            total ^= total >> np.uint64(31)
    return len(total) - len(pd.unique(total))


def _codes(column: Typed) -> np.ndarray:
    values = column.values
    if isinstance(values, np.ndarray) and values.dtype.kind in "fiM":
        if values.dtype.kind == "f":
            values = np.where(np.isnan(values), np.nan, values + 0.0)  # one bit pattern for NaN, and none for -0
        return np.ascontiguousarray(values).view(np.uint64) + np.uint64(1)
    codes, _ = pd.factorize(pd.Series(values), use_na_sentinel=False)
    return codes.astype(np.uint64) + np.uint64(1)
