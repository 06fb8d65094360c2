"""Columns of numbers in any notation: which cells are numbers, and whether the others are slips or values of their own."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tuning_core.data.inference.cell_patterns import MARKERS
from tuning_core.data.inference.dates import shape_of
from tuning_core.data.inference.distinct_cells import DistinctCells
from tuning_core.data.inference.numbers import Numbers, read_numbers
from tuning_core.data.inference.typed_column import SCRIPT_WORDS, WHOLE, ColumnNotice, Context, OtherKind, Typed, to_series
from tuning_core.data.inference.units import magnitude_of


def number_column(cells: DistinctCells, context: Context) -> Typed | OtherKind:
    """The column as float64 or int64; as text that is left out when its numbers do not compare."""
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
    if found.mixed:
        return _mixed_units(cells, found, at[words])
    other = _codes(cells, at, found) or _codes_with_letters(cells, at, found, words) or _dates(cells, at, found, words)
    if other is not None:
        return other
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
        return OtherKind((_code_notice("telephone numbers", cells, at[phones]),))
    zeros = np.asarray(pc.match_substring_regex(texts, pattern=r"^0[0-9]+$"))
    digits = np.asarray(pc.match_substring_regex(texts, pattern=r"^[-+]?[0-9]+$"))
    if zeros.any() and counts[zeros].sum() >= min(2, 0.005 * counts.sum()) and counts[digits].sum() >= 0.9 * counts.sum():
        return OtherKind((_code_notice("leading zeros", cells, at[zeros]),))
    long = np.asarray(pc.match_substring_regex(texts, pattern=r"^[-+]?[0-9]{16,}$"))
    long &= np.abs(np.where(found.ok, found.values, 0.0)) >= WHOLE
    if counts[long].sum() <= 0.05 * counts.sum():
        return None
    size = ColumnNotice("extreme_values", f"whole numbers such as {cells.shown(at[long], 1)}", int(counts[long].sum()))
    return OtherKind((size, ColumnNotice("id_like_column", "whole numbers too long to be a quantity")), is_id=True)


def _codes_with_letters(cells: DistinctCells, at: np.ndarray, found: Numbers, words: np.ndarray) -> OtherKind | None:
    """Whole numbers among which some bear a letter ('01A', 'B12'): names, all of them."""
    if not words.any() or found.unit or found.currency or found.comma or found.grouped:
        return None
    texts, counts = cells.take(at), cells.counts[at]
    lettered = np.asarray(pc.match_substring_regex(texts, pattern=r"^([0-9]+[A-Za-z]{1,2}|[A-Z]{1,2}-?[0-9]+)$")) & words
    plain = np.asarray(pc.match_substring_regex(texts, pattern=r"^[0-9]+$"))
    if not counts[lettered | plain].sum() >= 0.95 * counts.sum() or not lettered.any():
        return None
    zeros = np.asarray(pc.match_substring_regex(texts, pattern=r"^0[0-9]+")) & lettered
    if not zeros.any() and lettered.sum() < 2 and counts[lettered].sum() < max(2, 0.01 * counts.sum()):
        return None  # one slip of the finger
    return OtherKind((_code_notice("letters beside numbers", cells, at[lettered]),))


def _code_notice(why: str, cells: DistinctCells, at: np.ndarray) -> ColumnNotice:
    return ColumnNotice("code_like_column", f"{why}: {cells.shown(at, 2)}", int(cells.counts[at].sum()))


def _dates(cells: DistinctCells, at: np.ndarray, found: Numbers, words: np.ndarray) -> OtherKind | None:
    """Numbers of days as spreadsheets count them, among which some are written as dates."""
    if not words.any() or not found.ok.any():
        return None
    numbers, texts = found.values[found.ok], cells.take(at[words]).to_pylist()
    days = (numbers >= 10_000) & (numbers < 80_000)
    written = sum(shape_of(text) not in ("", "serial", "packed") for text in texts)
    return OtherKind() if days.all() and written >= 0.8 * len(texts) else None


def _notices(cells: DistinctCells, at: np.ndarray, found: Numbers, words: np.ndarray, marker: np.ndarray) -> list[ColumnNotice]:
    said, counts = [], cells.counts[at]
    if found.comma:
        said.append(ColumnNotice("decimal_comma"))
    if found.grouped:
        said.append(ColumnNotice("thousands_separator"))
    if found.unit == "%":
        said.append(ColumnNotice("percent_parsed"))
    elif found.currency or found.unit or found.magnitudes:
        said.append(ColumnNotice("currency_parsed", _signs(cells, at, found)))
    if found.infinite.any():
        said.append(ColumnNotice("non_finite_values", "", int(counts[found.infinite].sum())))
    for some, kind in ((words, "non_numeric_in_numeric_column"), (marker, "missing_marker_detected")):
        if some.any():
            said.append(ColumnNotice(kind, cells.shown(at[some], 3), int(counts[some].sum())))
    return said


def _signs(cells: DistinctCells, at: np.ndarray, found: Numbers) -> str:
    """'€ removed, K and M multiplied out: €565K is 565000'."""
    how = [f"{found.currency or found.unit} removed"] if found.currency or found.unit else []
    if not found.magnitudes:
        return how[0]
    texts = cells.take(at).to_pylist()
    one = next(place for place in np.flatnonzero(found.ok) if any(power in texts[place] for power in found.magnitudes))
    how.append(f"{' and '.join(found.magnitudes[:3])} multiplied out: {texts[one]} is {found.values[one]:.12g}")
    return ", ".join(how)


def _mixed_units(cells: DistinctCells, found: Numbers, words: np.ndarray) -> Typed | OtherKind:
    """Numbers in several currencies or units: labels when words are among them, else left out."""
    signs = " and ".join(repr(sign) if sign != "plain numbers" else sign for sign in found.mixed[:4])
    codes = np.asarray(pc.match_substring_regex(cells.texts, pattern=r"^[A-Za-z]{2,4}[0-9]{1,4}$"))
    if (codes | cells.blank).all() or cells.counts[words].sum() > 0.5 * cells.counts[~cells.blank].sum():
        return OtherKind()
    notice = ColumnNotice("mixed_units", signs, int(cells.counts[~cells.blank].sum()))
    if len(words):
        beside = ColumnNotice("mixed_type_column", cells.shown(words, 3), int(cells.counts[words].sum()))
        return OtherKind((beside, notice))
    by_code = pc.if_else(pa.array(cells.blank), pa.scalar(None, pa.string()), cells.texts)
    values = by_code.take(pa.array(cells.codes))
    said = (notice, *cells.missing_notice(cells.blank, values.null_count))
    distinct = pc.count_distinct(by_code, mode="only_valid").as_py()
    return Typed(to_series(values), "text", values.null_count, distinct, said, reason=f"mixes {signs}")


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
    if found.magnitudes:
        repairs["magnitudes"] = {sign: magnitude_of(sign) for sign in found.magnitudes}
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
