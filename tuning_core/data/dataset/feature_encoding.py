"""Columns of a frame to columns of numbers: which encoded features there are, and how one is computed.

The layout (which levels, which parts of a date) is decided on given rows with NumPy only; the statistics are fitted in
`preparation.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tuning_core.data.dataset.targets import as_labels, as_numbers
from tuning_core.data.limits import MAX_LEVELS

MISSING = "(missing)"
OTHER = "(other)"
DATE_PARTS = ("time", "month_sin", "month_cos", "weekday_sin", "weekday_cos", "hour_sin", "hour_cos")


@dataclass(frozen=True)
class Number:
    """One numeric feature: (value - mean) / scale, missing cells filled with the median, plus a 0/1 flag for them.

    `part` is empty for a plain number, "flag" for true/false (not standardised) or one of DATE_PARTS.
    """

    column: str
    part: str = ""
    indicator: bool = False
    median: float = 0.0
    mean: float = 0.0
    scale: float = 1.0


@dataclass(frozen=True)
class Levels:
    """One 0/1 feature for each level of a category; a level never seen before is all zeros, or OTHER when there is one."""

    column: str
    levels: tuple[str, ...]
    missing: bool = False
    other: bool = False


Block = Number | Levels


def layout(frame: pd.DataFrame, kinds: Mapping[str, str], rows: np.ndarray) -> tuple[list[Block], dict[str, str]]:
    """Blocks for `rows` of `frame`, and the columns that give none, with the reason."""
    blocks: list[Block] = []
    dropped: dict[str, str] = {}
    for column, kind in kinds.items():
        found = _blocks_of(frame[column].iloc[rows], column, kind)
        blocks += found
        if not found:
            dropped[column] = "has one value only in the training rows"
    return blocks, dropped


def _blocks_of(values: pd.Series, column: str, kind: str) -> list[Block]:
    if kind == "datetime":
        return [Number(column, part) for part in DATE_PARTS if _varies(numbers_of(values, part))]
    if kind in ("integer", "numeric") or is_flag(values):
        numbers = numbers_of(values, "")
        blank = np.isnan(numbers)
        # A flag that is set in one row or in all but one teaches nothing.
        indicator = bool(max(2, 0.01 * len(numbers)) <= blank.sum() <= len(numbers) - 2)
        if not _varies(numbers) and not indicator:
            return []
        return [Number(column, "flag" if is_flag(values) else "", indicator)]
    labels = as_labels(values)
    counts = labels.value_counts()
    missing = bool(labels.isna().any())
    if len(counts) + missing < 2:
        return []
    if len(counts) <= MAX_LEVELS:
        return [Levels(column, tuple(sorted(counts.index)), missing)]
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [Levels(column, tuple(sorted(name for name, _ in ranked[: MAX_LEVELS - 1])), missing, other=True)]


def is_flag(values: pd.Series) -> bool:
    return bool(values.dtype == "boolean" or values.dtype == bool)


def _varies(numbers: np.ndarray) -> bool:
    present = numbers[~np.isnan(numbers)]
    return bool(len(present) and present.min() < present.max())


def numbers_of(values: pd.Series, part: str) -> np.ndarray:
    """(rows,) float64 with NaN for missing; `part` of a date is a smooth number (days) or a point on a circle."""
    if part in ("", "flag"):
        return as_numbers(values)
    dates = pd.to_datetime(values, errors="coerce", utc=True)
    if part == "time":
        days = (dates - pd.Timestamp("2000-01-01", tz="UTC")) / pd.Timedelta(days=1)
        return days.to_numpy(dtype=np.float64)
    name, wave = part.split("_")
    turn = {
        "month": (dates.dt.month - 1) / 12,
        "weekday": dates.dt.day_of_week / 7,
        "hour": (dates.dt.hour + dates.dt.minute / 60) / 24,
    }[name].to_numpy(dtype=np.float64)
    return np.sin(2 * np.pi * turn) if wave == "sin" else np.cos(2 * np.pi * turn)


def feature_names(blocks: Sequence[Block]) -> tuple[str, ...]:
    """Unique names: 'age', 'age (missing)', 'city=Oslo', 'when month_sin'; a clash gets ' #2'."""
    wanted: list[str] = []
    for block in blocks:
        wanted += _names_of(block)
    taken: set[str] = set()
    names: list[str] = []
    for name in wanted:
        unique, number = name, 1
        while unique in taken:
            number += 1
            unique = f"{name} #{number}"
        taken.add(unique)
        names.append(unique)
    return tuple(names)


def _names_of(block: Block) -> list[str]:
    if isinstance(block, Number):
        name = block.column if block.part in ("", "flag") else f"{block.column} {block.part}"
        return [name] + ([f"{block.column} {MISSING}"] if block.indicator else [])
    extra = [MISSING] * block.missing + [OTHER] * block.other
    return [f"{block.column}={level}" for level in (*block.levels, *extra)]


def width(block: Block) -> int:
    if isinstance(block, Number):
        return 1 + block.indicator
    return len(block.levels) + block.missing + block.other


def encoded_width(frame: pd.DataFrame, kinds: Mapping[str, str], rows: np.ndarray) -> int:
    """Features after encoding, for a layout decided on these rows; found without scikit-learn."""
    blocks, _ = layout(frame, kinds, rows)
    return sum(width(block) for block in blocks)


def encode(blocks: Sequence[Block], frame: pd.DataFrame, rows: np.ndarray | None = None) -> np.ndarray:
    """(rows, features) float32 of all rows of the frame, or of those at the positions given.

    Standardised in float64 before the cast, so that 1e39 and 1e-300 survive it.
    """
    n_rows = len(frame) if rows is None else len(rows)
    out = np.zeros((n_rows, sum(width(block) for block in blocks)), dtype=np.float32)  # (n, F)
    at = 0
    for block in blocks:
        values = frame[block.column] if rows is None else frame[block.column].iloc[rows]
        if isinstance(block, Number):
            _write_number(block, values, out, at)
        else:
            _write_levels(block, values, out, at)
        at += width(block)
    return out


def _write_number(block: Number, values: pd.Series, out: np.ndarray, at: int) -> None:
    numbers = numbers_of(values, block.part)
    blank = np.isnan(numbers)
    with np.errstate(over="ignore"):
        scaled = (np.where(blank, block.median, numbers) - block.mean) / block.scale
    out[:, at] = np.clip(scaled, -1e6, 1e6)  # a new row's far value must not overflow the net
    if block.indicator:
        out[:, at + 1] = blank


def _write_levels(block: Levels, values: pd.Series, out: np.ndarray, at: int) -> None:
    labels = as_labels(values)
    codes = pd.Index(block.levels).get_indexer(pd.Index(labels))
    blank = labels.isna().to_numpy()
    n_levels = len(block.levels)
    if block.other:
        codes = np.where((codes < 0) & ~blank, n_levels + block.missing, codes)
    if block.missing:
        codes = np.where(blank, n_levels, codes)
    known = np.flatnonzero(codes >= 0)
    out[known, at + codes[known]] = 1.0
