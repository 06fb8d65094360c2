"""Single cells: what counts as missing, as a number, as a date, as something a person would write into a table."""

from __future__ import annotations

import re

from tuning_core.data.inference.currencies import PATTERN as MONEY

_MISSING = (
    "|NA|N/A|n/a|#N/A|#NA|#N/A N/A|<NA>|NaN|nan|-NaN|-nan|NULL|null|None|NaT|\\N|1.#IND|-1.#IND|1.#QNAN|-1.#QNAN|(null)|[null]"
    "|#DIV/0!|#VALUE!|#REF!|#NAME?|#NUM!|#NULL!|N.A.|n.a.|Null|NAN|Nan|N/a"
    "|#NV|#WERT!|#BEZUG!|#ZAHL!|#VALEUR!|#NOM?|#NOMBRE!|#¡VALOR!|#¡REF!|#¡DIV/0!|#¡NUM!|#VALORE!|#RIF!|#N/D|#NB"
)
_MARKERS = (
    "?|-|--|---|.|..|...|*|**|:|x|X|_|—|–|missing|Missing|MISSING|unknown|Unknown|UNKNOWN|nil|NIL|na|none|not available"
    "|n/d|N/D|ND|nd|n.d.|k.A.|k. A.|keine Angabe|s/d|s.d.|not reported|not applicable|no data|unbekannt|inconnu"
)

MISSING = frozenset(_MISSING.split("|"))
"""Always read as "no value": pandas's own list, the spreadsheet errors and a few spellings."""

MARKERS = frozenset(_MARKERS.split("|"))
"""Read as "no value" in columns of numbers and dates; of these, words and categories lose only the MARKERS_ANYWHERE."""

MARKERS_ANYWHERE = frozenset(("?", "-", "--", "---", ".", "..", "...", "—", "–"))

_SIGNS = r"[-+−–]?"
_PLAIN = rf"{_SIGNS}(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][-+]?\d+)?"
_GROUPED = rf"{_SIGNS}\d{{1,3}}(?:(?:,\d{{3}})+(?:\.\d*)?|(?:\.\d{{3}})+(?:,\d*)?|(?:[ '’\u00a0\u202f]\d{{3}})+(?:[.,]\d*)?)"
_MONEY = rf"(?:{MONEY})"
NUMBER = re.compile(rf"\(?(?:{_MONEY}\s?)?(?:{_GROUPED}|{_PLAIN})\s?(?:%|{_MONEY})?\)?")
_DATE = re.compile(
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s?(?:Z|[-+]\d{2}:?\d{2}|UTC|AM|PM|am|pm)?)?"
    r"|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})(?:[T ]\d{1,2}:\d{2}(?::\d{2})?\s?(?:AM|PM|am|pm)?)?"
    r"|\d{1,2}[- ][A-Za-z]{3,9}\.?[- ,]+\d{2,4}(?: \d{1,2}:\d{2}(?::\d{2})?)?|[A-Za-z]{3,9}\.? \d{1,2},? \d{4}"
    r"|\d{1,2}:\d{2}(?::\d{2})?"
)
_NUMBERS = re.compile(r"[-+]?[\d.,]+(?:\s+[-+]?[\d.,]+)+")
_WORDS = re.compile(r"[^\W_][\w '’.()/&+-]{0,60}")


def is_missing(cell: str) -> bool:
    return cell.strip() in MISSING


def is_number(cell: str) -> bool:
    return NUMBER.fullmatch(cell.strip()) is not None


def is_date(cell: str) -> bool:
    return _DATE.fullmatch(cell.strip()) is not None


def looks_typed(cell: str) -> float:
    """1 for a number, a date or an empty cell, 0.9 for a few words, less for what holds several things."""
    cell = cell.strip()
    if cell in MISSING or cell in MARKERS or NUMBER.fullmatch(cell) or _DATE.fullmatch(cell):
        return 1.0
    if _NUMBERS.fullmatch(cell):
        return 0.3  # several numbers: the delimiter is a blank
    if _WORDS.fullmatch(cell):
        return 0.9 if "  " not in cell else 0.5
    if any(sign in cell for sign in ";\t|,"):
        return 0.1 if not cell.startswith(("{", "[", "(", "<")) else 0.4
    return 0.6 if len(cell) < 80 else 0.3
