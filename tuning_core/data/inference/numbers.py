"""Cells to numbers: decimal signs, thousands, money, percent, units, accountants' brackets. Vectorised over distinct cells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tuning_core.data.inference.currencies import CURRENCIES
from tuning_core.data.inference.currencies import PATTERN as MONEY

_FAMILIES = (
    "mg g kg t lb lbs oz st stone tonne ton",
    "mm cm m km in inch ft foot feet yd mi mile",
    "ms s sec second min minute h hr hour d day week wk month mo year yr",
    "ml cl dl l liter litre gal gallon",
    "°c °f c f k celsius fahrenheit",
    "km/h mph m/s kph knot",
    "b kb mb gb tb kib mib gib",
    "w kw mw hp bhp ps",
    "m2 m² ft2 ft² sqft sqm ha acre km²",
    "mg/dl mmol/l g/l",
)
FAMILY = {unit: number for number, line in enumerate(_FAMILIES) for unit in line.split()}
_POWERS = {"k": 1e3, "K": 1e3, "M": 1e6, "Mio": 1e6, "mn": 1e6, "m": 1e6, "B": 1e9, "bn": 1e9, "T": 1e12}
_SPACES = " \u00a0\u202f\u2009"
_DIGITS = str.maketrans({"−": "-", "–": "-", "＋": "+", "．": ".", "，": ",", "٫": ".", "٬": ","})


def _pattern() -> str:
    number = rf"[0-9][0-9.,'’{_SPACES}]*|[.,][0-9]+"
    return (
        r"^(?P<open>\()?\s*(?P<sign>[-+])?\s*(?P<pre>" + MONEY + r")?\s*(?P<inner>[-+])?"
        rf"(?P<number>{number})(?P<power>[eEdD][-+]?[0-9]+)?"
        r"\s*(?P<post>[^0-9\s.,()+\-'’_:;=<>#*&|\\][^0-9,()_:;=<>#|\\]{0,11}|\+)?\s*(?P<after>-)?(?P<close>\))?$"
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


class MixedUnits(Exception):
    """Numbers in different currencies or units; carries the signs found."""

    def __init__(self, signs: Sequence[str]) -> None:
        super().__init__(", ".join(signs))
        self.signs = tuple(signs)


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
        The one sign that was removed; "%" for percent is a unit.
    """

    values: np.ndarray
    ok: np.ndarray
    infinite: np.ndarray
    decimal: str = "."
    grouped: bool = False
    currency: str = ""
    unit: str = ""
    comma: bool = field(default=False)


def read_numbers(
    cells: pa.Array, counts: np.ndarray, delimiter: str, decimal: str | None, thousands: str | None, hint: str | None
) -> Numbers:
    """Numbers of distinct trimmed cells; `counts` say how often each occurs. Raises MixedUnits."""
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
    currency, unit, ok, factor = _affixes(parts, ok, counts, values)
    values = np.where(ok, values * factor, np.nan)
    infinite = ok & np.isinf(values)
    if not matched.all():
        unmatched = texts.filter(pa.array(~matched)).to_pylist()
        infinite[~matched] = [_INFINITE.fullmatch(cell) is not None for cell in unmatched]
    comma = bool(sign == "," and np.asarray(pc.match_substring(number, pattern=","))[ok].any())
    return Numbers(values, ok & ~infinite, infinite, sign, bool((grouped & ok).any()), currency, unit, comma)


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


def _affixes(
    parts: pa.StructArray, ok: np.ndarray, counts: np.ndarray, values: np.ndarray
) -> tuple[str, str, np.ndarray, np.ndarray]:
    """(currency, unit, ok, factor): the one sign all numbers share; cells with any other sign are no numbers."""
    none = np.ones(len(ok))
    pre, post = (pc.fill_null(parts.field(name), "") for name in ("pre", "post"))
    if not _filled(parts, "pre").any() and not _filled(parts, "post").any():
        return "", "", ok, none
    pairs = list(zip(pre.to_pylist(), post.to_pylist(), strict=True))
    signs = np.array([CURRENCIES.get(a) or _unit(b) for a, b in pairs], dtype=object)
    both = np.array([bool(a) and bool(b) and CURRENCIES.get(b) != CURRENCIES[a] for a, b in pairs])
    ok = ok & ~both
    weight = {sign: int(counts[ok & (signs == sign)].sum()) for sign in set(signs[ok])}
    used = sorted((sign for sign in weight if sign), key=lambda sign: -weight[sign])
    total = sum(weight.values())
    if not used:
        return "", "", ok, none
    if all(sign in _POWERS for sign in used) and (len(used) > 1 or weight[used[0]] < 0.95 * total):
        return "", "k/M", ok, np.array([_POWERS.get(sign, 1.0) for sign in signs])
    money = [sign for sign in used if sign in CURRENCIES.values()]
    if money:
        if len(money) > 1 and weight[money[1]] >= max(2, 0.01 * total):
            raise MixedUnits(money)
        return money[0], "", ok & ((signs == "") | (signs == money[0])), none
    return _one_unit(used, weight, total, signs, ok, values, counts)


def _one_unit(
    used: list[str], weight: dict[str, int], total: int, signs: np.ndarray, ok: np.ndarray, values: np.ndarray, counts: np.ndarray
) -> tuple[str, str, np.ndarray, np.ndarray]:
    first = used[0]
    plain = ok & (signs == "")
    bare = int(counts[plain & (values != 0)].sum())
    if first == "%" and bare >= max(2, 0.05 * total):
        raise MixedUnits(["%", "plain numbers"])
    family = [sign for sign in used if FAMILY.get(sign.lower(), -1) == FAMILY.get(first.lower(), -2)]
    if len(family) > 1 and weight[family[1]] >= max(2, 0.01 * total) and sum(weight[s] for s in family) > 0.8 * total:
        raise MixedUnits(family)
    if weight[first] >= 0.9 * (total - bare) and weight[first] >= 0.5 * total:
        return "", first, ok & ((signs == "") | (signs == first)), np.ones(len(ok))
    return "", "", plain, np.ones(len(ok))


def _unit(text: str) -> str:
    """A currency's sign, or the unit without plural s and surrounding blanks."""
    text = text.strip()
    if text in CURRENCIES:
        return CURRENCIES[text]
    return text[:-1] if len(text) > 3 and text.endswith("s") else text
