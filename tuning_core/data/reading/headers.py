"""Whether a line holds names: its cells are of another type than the cells below them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from tuning_core.data.inference.cell_patterns import MARKERS, MISSING, is_date, is_missing, is_number

_HOLDS_DIGIT = re.compile(r"\d")
_QUANTITY = re.compile(r"[-+(]?\W?[^\W\d]{0,3}\W? ?\d[\d.,]*\s?\D{0,12}")
_PLAIN = re.compile(r"[-+]?[0-9]+(?:\.[0-9]*)?")


def is_header(names: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[bool, bool]:
    """(whether the line holds names, whether that is clear): cells of another type than those below them are names."""
    if not rows:
        return not all(map(is_number, names)), True
    score = 0.0
    years: list[str] = []
    for at, name in enumerate(names):
        name = name.strip()
        below = [row[at].strip() for row in rows]
        present = [cell for cell in below if not is_missing(cell) and cell not in MARKERS]
        if not present or not name:
            continue
        if _is_year(name) and share_of(_is_year, present) < 0.5:
            years.append(name)
        if is_missing(name) or name in MARKERS - {"x", "X"}:
            score -= 0.25
        elif share_of(is_number, present) >= 0.8:
            score += -1.0 if is_number(name) else 1.0
        elif share_of(is_date, present) >= 0.8:
            score += -1.0 if is_date(name) else 1.0
        elif name in present and len(set(present)) > 1:
            score -= 0.7
        elif not _HOLDS_DIGIT.search(name) and share_of(_is_quantity, present) >= 0.8:
            score += 0.5  # 'gust' above '12 mph', 'profit' above '₹100 Cr'
        elif not is_number(name):
            score += 0.1
    text_first = bool(names[0].strip()) and not is_number(names[0]) and names[0].strip() not in [row[0].strip() for row in rows]
    if len(years) >= 2 and len(set(years)) == len(years) >= sum(map(is_number, names)):
        if text_first:
            return True, True  # country, 1960, 1961, ...
        score += len(years)  # 1960, 1961, ..., country: names as good as others
    if len(years) == 1 == sum(map(is_number, names)) and text_first and _stands_apart(names, rows, years[0]):
        return True, True  # state, 2022
    if counts_columns(names):
        return True, any(not is_number(name) for name in names)  # 0, 1, 2, ..., target
    if score == 0:
        return not all(is_number(name) for name in names if name.strip()), False
    return score > 0, abs(score) >= 0.3


def _stands_apart(names: Sequence[str], rows: Sequence[Sequence[str]], year: str) -> bool:
    """Whether a year lies outside of all numbers below it, so that it is no value of the column."""
    at = [name.strip() for name in names].index(year)
    below = [row[at].strip().replace(",", "") for row in rows]
    numbers = [float(cell) for cell in below if _PLAIN.fullmatch(cell)]
    return not numbers or not min(numbers) <= float(year) <= max(numbers)


def counts_columns(names: Sequence[str]) -> bool:
    """Whether the numbers among the names count the columns: 0, 1, 2, ... or 1, 2, 3, ..."""
    numbered = [(at, name.strip()) for at, name in enumerate(names) if is_number(name)]
    if len(numbered) < 3 or len(numbered) < len(names) - 2:
        return False
    first = numbered[0][1]
    return first in ("0", "1") and all(name == str(place + int(first)) for place, (_, name) in enumerate(numbered))


def share_of(test: Callable[[str], bool], cells: Sequence[str]) -> float:
    sample = cells[:200]
    return sum(map(test, sample)) / len(sample)


def _is_quantity(cell: str) -> bool:
    """Whether a cell is a number with a sign or a word beside it."""
    return _QUANTITY.fullmatch(cell) is not None


def _is_year(cell: str) -> bool:
    return len(cell) == 4 and cell.isdigit() and 1800 <= int(cell) <= 2100


def numeric_columns(rows: Sequence[Sequence[str]]) -> list[int]:
    """Columns, of rows of one width, whose filled cells in the lower half are numbers, and more than one."""
    found = []
    for at, cells in enumerate(zip(*rows[len(rows) // 2 :], strict=True)):
        present = [cell for cell in map(str.strip, cells[:400]) if cell not in MISSING and cell not in MARKERS]
        if len(present) > 1 and sum(map(is_number, present)) >= 0.9 * len(present):
            found.append(at)
    return found
