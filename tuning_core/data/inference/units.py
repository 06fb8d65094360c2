"""What stands beside numbers: currencies, magnitudes (110.5M), units; one of a kind a column, or its numbers do not compare."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

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
    "m2 m² ft2 ft² sqft sqm ha acre km² km2",
    "mg/dl mmol/l g/l",
)
FAMILY = {unit: number for number, line in enumerate(_FAMILIES) for unit in line.split()}
_SQUARES = (
    "m2 m3 cm2 cm3 mm2 mm3 dm2 dm3 km2 km3 ft2 ft3 in2 in3 yd2 yd3 mi2 m/s2 kg/m2 kg/m3 g/cm3 g/m2 g/m3 mg/m3 ug/m3 µg/m3 μg/m3"
    " W/m2 kWh/m2 l/100km L/100km l/100 L/100 CO2 H2O"
)
SQUARES = "|".join(re.escape(unit) for unit in sorted(_SQUARES.split(), key=len, reverse=True))
"""Units that hold a digit, as a pattern."""

_CHARACTERS = {"万": 1e4, "萬": 1e4, "만": 1e4, "億": 1e8, "亿": 1e8, "억": 1e8}
"""East Asian magnitudes, which stand for nothing else."""

_LETTERS = {"k": 1e3, "K": 1e3, "M": 1e6, "m": 1e6, "B": 1e9, "b": 1e9, "T": 1e12}
_BARE = frozenset("kKMB")
"""Letters that are magnitudes without a currency, too, where they stand beside a good part of the numbers."""
_WORDS = {
    "mn": 1e6, "mm": 1e6, "mio": 1e6, "mil": 1e3, "tsd": 1e3, "mln": 1e6, "bn": 1e9, "mrd": 1e9, "mld": 1e9, "bln": 1e9,
    "tn": 1e12, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "lakh": 1e5, "crore": 1e7, "cr": 1e7,
}  # fmt: skip
_SPELLED = (
    "mio",
    "tsd",
    "mln",
    "bn",
    "mrd",
    "mld",
    "bln",
    "thousand",
    "million",
    "billion",
    "trillion",
    "lakh",
    "crore",
    *_CHARACTERS,
)
"""Magnitudes that are nothing else, so that they count without a currency as well."""

_MAGNITUDE = re.compile(rf"(?P<power>[A-Za-z]{{1,8}}?|[万萬만億亿억])s?\.?\s*(?P<money>{MONEY})?")
_UNIT = re.compile(
    r"\+|[^\W\d_]{1,12}\.?|[^\w\s]{1,2}[^\W\d_]{0,3}|[^\W\d_]{1,5}[/·.²³^-]\S{0,7}|\S{0,8}[23²³]|l/100 ?km", re.IGNORECASE
)
_PRICE = re.compile(rf"(?P<money>{MONEY})?\s?(?P<each>(?:/|per |pro |je )\s?[^\W\d_]{{1,8}}[23²³]?)")
_STREET_WORDS = (
    "st street ave avenue av rd road blvd boulevard ln lane dr drive way ct court pl place hwy highway pkwy sq square terrace"
    " str strasse straße weg platz gasse allee rue via calle rua laan"
)
_STREETS = frozenset(_STREET_WORDS.split())


@dataclass(frozen=True)
class Affixes:
    """What the signs beside a column's numbers mean.

    Parameters
    ----------
    ok : (cells,) bool
        Cells whose sign, or lack of one, goes with those of the others.
    factor : (cells,) float64
        What to multiply a number by.
    currency, unit : str
        The one sign that is taken away, as the file spells it.
    magnitudes : tuple of str
        Letters and words that were multiplied out.
    mixed : tuple of str
        Signs that make the numbers incomparable; then no other field counts.
    """

    ok: np.ndarray
    factor: np.ndarray
    currency: str = ""
    unit: str = ""
    magnitudes: tuple[str, ...] = ()
    mixed: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Sign:
    money: str = ""
    power: str = ""
    unit: str = ""
    fits: bool = True


def read_affixes(pre: Sequence[str], post: Sequence[str], ok: np.ndarray, counts: np.ndarray, values: np.ndarray) -> Affixes:
    """The meaning of what stands before and after the numbers of distinct cells."""
    known: dict[tuple[str, str], _Sign] = {}
    signs = []
    for pair in zip(pre, post, strict=True):
        if pair not in known:
            known[pair] = _sign(*pair)
        signs.append(known[pair])
    ok = ok & np.array([sign.fits for sign in signs], dtype=bool)
    money = _weights([sign.money for sign in signs], ok, counts)
    if any(money):
        return _money(signs, money, ok, counts, dict(zip(signs, zip(pre, post, strict=True), strict=True)))
    return _units(signs, ok, counts, values)


def _weights(signs: Sequence[str], ok: np.ndarray, counts: np.ndarray) -> dict[str, int]:
    """Rows for each sign, the commonest first, then by the alphabet."""
    weights: dict[str, int] = {}
    for sign, good, count in zip(signs, ok, counts, strict=True):
        if good:
            weights[sign] = weights.get(sign, 0) + int(count)
    return dict(sorted(weights.items(), key=lambda item: (-item[1], item[0])))


def _money(
    signs: Sequence[_Sign], weights: dict[str, int], ok: np.ndarray, counts: np.ndarray, spelled: dict[_Sign, tuple[str, str]]
) -> Affixes:
    used = [sign for sign in weights if sign]
    if len(used) > 1 and weights[used[1]] >= max(2, 0.01 * sum(weights.values())):
        return Affixes(ok, np.ones(len(ok)), mixed=tuple(_spelled(sign, spelled) for sign in used))
    fits = np.array([sign.money in ("", used[0]) and not sign.unit for sign in signs], dtype=bool)
    factor = np.array([magnitude_of(sign.power) for sign in signs])
    powers = tuple(_weights([sign.power for sign in signs], ok & fits, counts))
    return Affixes(ok & fits, factor, currency=_spelled(used[0], spelled), magnitudes=tuple(power for power in powers if power))


def _spelled(money: str, spelled: dict[_Sign, tuple[str, str]]) -> str:
    """A currency as the file spells it."""
    before, after = next(texts for sign, texts in spelled.items() if sign.money == money)
    return before or next((word for word in re.findall(MONEY, after) if CURRENCIES[word] == money), money)


def _units(signs: Sequence[_Sign], ok: np.ndarray, counts: np.ndarray, values: np.ndarray) -> Affixes:
    names = [sign.unit or sign.power for sign in signs]
    weights, none = _weights(names, ok, counts), np.ones(len(ok))
    used, total = [name for name in weights if name], sum(weights.values())
    if not used:
        return Affixes(ok, none)
    spelled = all(_stem(name) in _SPELLED for name in used)
    share = sum(weights[name] for name in used) / total
    letters = set(used) <= _BARE and share >= 0.1 and (len(used) > 1 or share < 0.95)
    if used == ["B"]:  # '22B' among house numbers is no billion, '1.2B' is
        letters = letters and any(name and number % 1 for name, number in zip(names, values, strict=True))
    if spelled or letters:
        return Affixes(ok, np.array([magnitude_of(name) for name in names]), magnitudes=tuple(used))
    first, plain = used[0], np.array([not name for name in names], dtype=bool)
    bare = int(counts[ok & plain & (values != 0)].sum())
    if first == "%" and bare >= max(2, 0.05 * total):
        return Affixes(ok & (plain | np.array([name == "%" for name in names])), none, mixed=("%", "plain numbers"))
    family = [name for name in used if FAMILY.get(_stem(name), -1) == FAMILY.get(_stem(first), -2)]
    different = [name for name in family if _stem(name) != _stem(first)]
    if different and weights[different[0]] >= max(2, 0.01 * total) and sum(weights[n] for n in family) > 0.8 * total:
        return Affixes(ok, none, mixed=(first, *different))
    same = {name for name in used if _stem(name) == _stem(first)}
    weight = sum(weights[name] for name in same)
    if weight >= 0.9 * (total - bare) and weight >= 0.5 * total:
        return Affixes(ok & (plain | np.array([name in same for name in names])), none, unit=first)
    return Affixes(ok & plain, none)


def _sign(before: str, after: str) -> _Sign:
    """One sign from what stands before and after a number; `fits` is false for what is neither money nor a unit."""
    after = after.strip()
    price = _PRICE.fullmatch(after)  # '12 €/m²', '$15/hr'
    if price and (before in CURRENCIES) != bool(price["money"]):
        return _Sign(unit=f"{before} {after}" if before and after[0] != "/" else before + after)
    money, behind = CURRENCIES.get(before, ""), CURRENCIES.get(after, "")
    if not after or behind:
        return _Sign(money=money or behind, fits=not (money and behind and money != behind))
    power = _MAGNITUDE.fullmatch(after)
    if (
        power
        and magnitude_of(power["power"]) != 1.0
        and (money or power["money"] or _stem(after) in _SPELLED or after in _LETTERS)
    ):
        behind = CURRENCIES[power["money"]] if power["money"] else ""
        return _Sign(money=money or behind, power=power["power"], fits=not (money and behind and money != behind))
    unit = _is_unit(after)
    return _Sign(money=money, unit=after, fits=unit and not money)


def _is_unit(text: str) -> bool:
    """Whether words behind a number can be a unit: 'kg', 'sq ft', 'years old', but not 'Main St.'."""
    words = text.split()
    if len(words) < 2 or text.startswith("l/100"):
        return _UNIT.fullmatch(text) is not None
    known = all(word.islower() or _stem(word) in FAMILY for word in words)
    area = words[0].lower().rstrip(".") in ("sq", "square")
    return known and (area or not any(word.lower().rstrip(".") in _STREETS for word in words))


def magnitude_of(sign: str) -> float:
    """1000 for "K", a million for "Mio."; 1 for what is no magnitude."""
    return _LETTERS.get(sign) or _CHARACTERS.get(sign) or _WORDS.get(_stem(sign), 1.0)


def _stem(name: str) -> str:
    """The unit without plural, full stop and case."""
    name = name.lower().rstrip(".")
    return name[:-1] if len(name) > 3 and name.endswith("s") else name
