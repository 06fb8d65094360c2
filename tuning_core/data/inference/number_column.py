"""Columns of numbers in any notation: which cells are numbers, and whether the others are slips or values of their own."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tuning_core.data.inference.cell_patterns import MARKERS
from tuning_core.data.inference.distinct_cells import DistinctCells
from tuning_core.data.inference.numbers import Numbers, read_numbers
from tuning_core.data.inference.typed_column import SCRIPT_WORDS, WHOLE, ColumnNotice, Context, OtherKind, Typed


def number_column(cells: DistinctCells, context: Context) -> Typed | OtherKind:
    """The column as float64 or int64; raises MixedUnits."""
    at = np.flatnonzero(~cells.blank)
    if not _some_numbers(cells, at):
        return OtherKind()
    counts, options = cells.counts[at], context.options
    found = read_numbers(cells.take(at), counts, context.delimiter, options.decimal, options.thousands, context.decimal_hint)
    read = found.ok | found.infinite
    marker = cells.is_marker(MARKERS)[at] & ~read
    words = ~read & ~marker
    total, numeric = int(counts[~marker].sum()), int(counts[read].sum())
    if not numeric:
        return OtherKind()
    codes = _codes(cells, at, found)
    if codes is not None:
        return codes
    if words.any() and not _few_words(found, words, numeric / total) and not _other_decimals(cells, at, words, found, context):
        if numeric < 0.1 * total:
            return OtherKind()
        return OtherKind((ColumnNotice("mixed_type_column", cells.shown(at[words], 3), int(counts[words].sum())),))
    values = np.full(len(cells.raw), np.nan)
    values[at] = np.where(found.ok, found.values, np.nan)
    return _typed(cells, values, found, _notices(cells, at, found, words, marker))


def _some_numbers(cells: DistinctCells, at: np.ndarray) -> bool:
    """A look at up to 300 distinct cells, so that columns of words cost nothing."""
    sample = cells.take(at[:: max(1, len(at) // 300)]).to_pylist()
    return any(cell[0:1].isdecimal() or any(sign.isdecimal() for sign in cell[:6]) or "inf" in cell.lower() for cell in sample)


def _few_words(found: Numbers, words: np.ndarray, share: float) -> bool:
    """Whether the words are slips among numbers rather than values of their own."""
    distinct = len(np.unique(found.values[found.ok]))
    return share >= 0.95 or (share >= 0.85 and distinct > 10) or (share >= 0.5 and distinct > 20 and words.sum() <= 3)


def _other_decimals(cells: DistinctCells, at: np.ndarray, words: np.ndarray, found: Numbers, context: Context) -> bool:
    """Whether the words are numbers with the other decimal sign: a column of numbers all the same, partly damaged."""
    if int(cells.counts[at[found.ok]].sum()) < 0.6 * int(cells.counts[at].sum()):
        return False
    other = "," if found.decimal == "." else "."
    flipped = read_numbers(cells.take(at[words]), cells.counts[at[words]], context.delimiter, other, None, None)
    same_signs = flipped.unit in ("", found.unit) and flipped.currency in ("", found.currency)
    return same_signs and bool(flipped.ok.all())  # '5more' is no number, though all cells that are none end in 'more'


def _codes(cells: DistinctCells, at: np.ndarray, found: Numbers) -> OtherKind | None:
    """Digits that are names: leading zeros, or more digits than a number can hold exactly."""
    texts, counts = cells.take(at), cells.counts[at]
    phones = np.asarray(pc.match_substring_regex(texts, pattern=r"^\+[0-9][0-9 ().-]{7,}$"))
    if counts[phones].sum() > 0.5 * counts.sum() and not found.comma:
        return OtherKind((ColumnNotice("code_like_column", cells.shown(at[phones], 2), int(counts[phones].sum())),))
    zeros = np.asarray(pc.match_substring_regex(texts, pattern=r"^0[0-9]+$"))
    digits = np.asarray(pc.match_substring_regex(texts, pattern=r"^[-+]?[0-9]+$"))
    if zeros.any() and counts[zeros].sum() >= min(2, 0.005 * counts.sum()) and digits.sum() >= 0.9 * len(at):
        return OtherKind((ColumnNotice("code_like_column", cells.shown(at[zeros], 2), int(counts[zeros].sum())),))
    long = np.asarray(pc.match_substring_regex(texts, pattern=r"^[-+]?[0-9]{16,}$"))
    long &= np.abs(np.where(found.ok, found.values, 0.0)) >= WHOLE
    if long.sum() <= 0.05 * len(at):
        return None
    size = ColumnNotice("extreme_values", f"whole numbers such as {cells.shown(at[long], 1)}", int(counts[long].sum()))
    return OtherKind((size, ColumnNotice("id_like_column", "whole numbers too long to be a quantity")), is_id=True)


def _notices(cells: DistinctCells, at: np.ndarray, found: Numbers, words: np.ndarray, marker: np.ndarray) -> list[ColumnNotice]:
    said, counts = [], cells.counts[at]
    if found.comma:
        said.append(ColumnNotice("decimal_comma"))
    if found.grouped:
        said.append(ColumnNotice("thousands_separator"))
    if found.currency:
        said.append(ColumnNotice("currency_parsed", found.currency))
    elif found.unit == "%":
        said.append(ColumnNotice("percent_parsed"))
    elif found.unit:
        said.append(ColumnNotice("currency_parsed", f"unit {found.unit!r}"))
    if found.infinite.any():
        said.append(ColumnNotice("non_finite_values", "", int(counts[found.infinite].sum())))
    for some, kind in ((words, "non_numeric_in_numeric_column"), (marker, "missing_marker_detected")):
        if some.any():
            said.append(ColumnNotice(kind, cells.shown(at[some], 3), int(counts[some].sum())))
    return said


def _typed(cells: DistinctCells, by_code: np.ndarray, found: Numbers, notices: list[ColumnNotice]) -> Typed:
    blank = cells.blank
    for mark in cells.asked:  # '0' is meant for 0.0 as well
        meant = by_code == _number(mark)
        by_code, blank = np.where(meant, np.nan, by_code), blank | meant
    values = by_code[cells.codes]
    missing = int(np.isnan(values).sum())
    said = (*notices, *cells.missing_notice(blank, missing))
    repairs = _repairs(cells, by_code, found)
    present = by_code[~np.isnan(by_code)]
    distinct = len(np.unique(present))
    whole = bool((present == np.floor(present)).all()) and not _has_fraction_sign(cells, found)
    if whole and np.abs(present).max(initial=0) < WHOLE:
        return Typed(values if missing else values.astype(np.int64), "integer", missing, distinct, said, repairs)
    return Typed(values, "numeric", missing, distinct, said, repairs)


def _has_fraction_sign(cells: DistinctCells, found: Numbers) -> bool:
    sign = r"\." if found.decimal == "." else ","
    return bool(pc.any(pc.match_substring_regex(cells.texts, pattern=rf"[0-9]?{sign}[0-9]*$")).as_py()) and not found.grouped


def _repairs(cells: DistinctCells, by_code: np.ndarray, found: Numbers) -> dict[str, object]:
    """What another reader must be told to read the same numbers: signs, cells that are none, whether notation is special."""
    repairs: dict[str, object] = {}
    if found.comma:
        repairs["decimal"] = ","
    if found.grouped:
        repairs["grouped"] = True
    blank = np.isnan(by_code)
    words = [cell for cell in cells.raw.filter(pa.array(blank)).to_pylist() if cell]
    if words:
        repairs["no_numbers"] = words[:SCRIPT_WORDS]
    texts = pc.replace_substring(cells.texts.filter(pa.array(~blank)), found.decimal, ".")
    try:
        special = not np.array_equal(np.asarray(pc.cast(texts, pa.float64())), by_code[~blank])
    except pa.ArrowInvalid:
        special = True
    if special or len(words) > SCRIPT_WORDS:
        repairs["special"] = True
    return repairs


def _number(mark: str) -> float:
    """The number a marker is written as, NaN (which equals nothing) for words."""
    try:
        return float(mark)
    except ValueError:
        return float("nan")
