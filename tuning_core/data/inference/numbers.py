"""Cells to numbers: decimal signs, thousands, money, percent, units, accountants' brackets. Vectorised over distinct cells."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tuning_core.data.inference.currencies import PATTERN as MONEY
from tuning_core.data.inference.units import SQUARES, Affixes, read_affixes

_SPACES = " \u00a0\u202f\u2009"
_DIGITS = str.maketrans("−–－﹣＋．，٫٬％٪＄￥￡（）　", "---" + "-+.,.,%%$¥£() ")


def _pattern() -> str:
    number = rf"[0-9][0-9.,'’{_SPACES}]*|[.,][0-9]+"
    return (
        r"^(?P<open>\()?\s*(?P<sign>[-+])?\s*(?P<pre>" + MONEY + r")?\s*(?P<inner>[-+])?"
        rf"(?P<number>{number})(?P<power>[eEdD][-+]?[0-9]+)?"
        rf"\s*(?P<post>{SQUARES}|"
        r"[^0-9\s.,()+\-'’_:;=<>#*&|\\][^0-9,()_:;=<>#|\\]{0,11}|\+)?\s*(?P<after>-)?(?P<close>\))?$"
    )


_PATTERN = _pattern()
_INFINITE = re.compile(r"[-+]?(inf|infinity|∞|1\.#inf)", re.IGNORECASE)
_SPACED = rf"[0-9]{{1,3}}(?:['’{_SPACES}][0-9]{{3}})+"
_GROUPS = {  # valid spellings of a number by its decimal sign; the second line is India's way of grouping
    ".": r"^(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?"
    r"|[0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3}(?:\.[0-9]*)?"
    rf"|{_SPACED}(?:\.[0-9]*)?)$",
    ",": rf"^(?:[0-9]+(?:,[0-9]*)?|,[0-9]+|[0-9]{{1,3}}(?:\.[0-9]{{3}})+(?:,[0-9]*)?|{_SPACED}(?:,[0-9]*)?)$",
}
_ONLY = {  # spellings that leave no doubt about the decimal sign
    ".": r"^(?:0?\.[0-9]*|0+\.[0-9]+|[0-9]+\.(?:[0-9]{0,2}|[0-9]{4,})|[0-9]{4,}\.[0-9]+|.*,[0-9]{3}\.[0-9]*"
    rf"|[0-9]{{1,3}}(?:,[0-9]{{3}}){{2,}}|.*['’{_SPACES}][0-9]{{3}}\.[0-9]*)$",
    ",": r"^(?:0?,[0-9]*|0+,[0-9]+|[0-9]+,(?:[0-9]{0,2}|[0-9]{4,})|[0-9]{4,},[0-9]+|.*\.[0-9]{3},[0-9]*"
    rf"|[0-9]{{1,3}}(?:\.[0-9]{{3}}){{2,}}|.*['’{_SPACES}][0-9]{{3}},[0-9]*)$",
}


@dataclass(frozen=True)
class Numbers:
    """What numeric reading made of distinct cells.

    Parameters
    ----------
    values : (cells,) float64
        NaN where the cell is no number.
    ok : (cells,) bool
    infinite : (cells,) bool
        Written as infinite, or too large for float64.
    decimal : str
        The decimal sign used.
    grouped : bool
        Whether thousands separators were removed.
    currency, unit : str
        The one sign that was removed, as the file spells it; "%" for percent is a unit.
    magnitudes : tuple of str
        Letters and words such as "K" and "million" that were multiplied out.
    mixed : tuple of str
        Currencies or units that do not compare; then `ok` cells are numbers, but the column is none.
    """

    values: np.ndarray
    ok: np.ndarray
    infinite: np.ndarray
    decimal: str = "."
    grouped: bool = False
    currency: str = ""
    unit: str = ""
    magnitudes: tuple[str, ...] = ()
    mixed: tuple[str, ...] = ()
    comma: bool = False


def read_numbers(
    cells: pa.Array, counts: np.ndarray, delimiter: str, decimal: str | None, thousands: str | None, hint: str | None
) -> Numbers:
    """Numbers of distinct trimmed cells; `counts` say how often each occurs."""
    texts = _plain_digits(cells)
    parts = pc.extract_regex(texts, pattern=_PATTERN)
    matched = np.asarray(pc.is_valid(parts))
    number = pc.utf8_trim(parts.field("number"), characters=_SPACES)
    number = pc.fill_null(number, "")
    sign = decimal or _decimal_sign(number, counts * matched, delimiter, hint)
    spelled = np.asarray(pc.match_substring_regex(number, pattern=_GROUPS[sign]))
    if thousands is not None:
        spelled &= ~_uses_other_groups(number, sign, thousands)
    brackets = _filled(parts, "open") == _filled(parts, "close")
    ok = matched & spelled & brackets
    values, grouped = _values(number, parts, sign, ok)
    beside = _affixes(parts, ok, counts, values)
    ok = beside.ok
    values = np.where(ok, values * beside.factor, np.nan)
    infinite = ok & np.isinf(values)
    if not matched.all():
        unmatched = texts.filter(pa.array(~matched)).to_pylist()
        infinite[~matched] = [_INFINITE.fullmatch(cell) is not None for cell in unmatched]
    comma = bool(sign == "," and np.asarray(pc.match_substring(number, pattern=","))[ok].any())
    return Numbers(
        values, ok & ~infinite, infinite, sign, bool((grouped & ok).any()), beside.currency, beside.unit, beside.magnitudes,
        beside.mixed, comma,
    )  # fmt: skip


def _affixes(parts: pa.StructArray, ok: np.ndarray, counts: np.ndarray, values: np.ndarray) -> Affixes:
    if not _filled(parts, "pre").any() and not _filled(parts, "post").any():
        return Affixes(ok, np.ones(len(ok)))
    pre, post = (pc.fill_null(parts.field(name), "").to_pylist() for name in ("pre", "post"))
    return read_affixes(pre, post, ok, counts, values)


def _plain_digits(cells: pa.Array) -> pa.Array:
    """Minus signs, full-width and other scripts' digits as ASCII."""
    if pc.all(pc.string_is_ascii(cells)).as_py() is not False:
        return cells
    return pa.array([_ascii_digits(cell) for cell in cells.to_pylist()], pa.string())


def _ascii_digits(cell: str) -> str:
    if cell.isascii():
        return cell
    cell = cell.translate(_DIGITS) if any(sign.isdecimal() for sign in cell) else cell
    return "".join(str(int(sign)) if sign.isdecimal() and not sign.isascii() else sign for sign in cell)


def _filled(parts: pa.StructArray, name: str) -> np.ndarray:
    return np.asarray(pc.greater(pc.fill_null(pc.binary_length(parts.field(name)), 0), 0))


def _decimal_sign(number: pa.Array, weights: np.ndarray, delimiter: str, hint: str | None) -> str:
    """The column's own evidence first, then the file's, then how the rest of the column is written."""
    found = {sign: int(weights[np.asarray(pc.match_substring_regex(number, pattern=_ONLY[sign]))].sum()) for sign in ".,"}
    if found["."] or found[","]:
        return "." if found["."] >= found[","] else ","
    if hint:
        return hint
    doubtful = int(weights[np.asarray(pc.match_substring_regex(number, pattern=r"^[1-9][0-9]{0,2},[0-9]{3}$"))].sum())
    if not doubtful:
        return "."
    long = int(weights[np.asarray(pc.match_substring_regex(number, pattern=r"^[0-9]{4,}$"))].sum())
    short = int(weights[np.asarray(pc.match_substring_regex(number, pattern=r"^[0-9]{1,3}$"))].sum())
    if long:  # 12500 beside 1,234: no thousands there
        return ","
    return "." if short or delimiter == "," else ","


def _uses_other_groups(number: pa.Array, decimal: str, thousands: str) -> np.ndarray:
    group = {"": "", " ": _SPACES, "'": "'’"}.get(thousands, thousands)
    others = "".join(sign for sign in f".,'’{_SPACES}" if sign not in group and sign != decimal)
    return np.asarray(pc.match_substring_regex(number, pattern=f"[{others}]"))


def _values(number: pa.Array, parts: pa.StructArray, sign: str, ok: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(float64 with signs and powers, whether separators were removed); NaN where not ok."""
    groups = rf"[,'’{_SPACES}]" if sign == "." else rf"[.'’{_SPACES}]"
    grouped = np.asarray(pc.match_substring_regex(number, pattern=groups))
    bare = pc.replace_substring_regex(number, pattern=groups, replacement="")
    if sign == ",":
        bare = pc.replace_substring(bare, pattern=",", replacement=".")
    power = pc.replace_substring_regex(pc.fill_null(parts.field("power"), ""), pattern="[dD]", replacement="e")
    bare = pc.binary_join_element_wise(bare, power, "")
    bare = pc.if_else(pa.array(ok), bare, "0")
    values = _to_float(bare)
    minus = [np.asarray(pc.equal(pc.fill_null(parts.field(name), ""), "-")) for name in ("sign", "inner", "after")]
    negative = (minus[0] ^ minus[1] ^ minus[2]) | _filled(parts, "open")
    return np.where(ok, np.where(negative, -values, values), np.nan), grouped


def _to_float(bare: pa.Array) -> np.ndarray:
    try:
        return np.array(pc.cast(bare, pa.float64()), dtype=np.float64)
    except pa.ArrowInvalid:  # Arrow refuses '1.' or 1e309 in some versions; Python does not
        return np.array([float(cell) for cell in bare.to_pylist()], dtype=np.float64)
