"""Whether a line holds names: its cells are of another type than the cells below them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tuning_core.data.cells import MARKERS, is_date, is_missing, is_number


def is_header(names: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[bool, bool]:
    """(whether the line holds names, whether that is clear): cells of another type than those below them are names."""
    if not rows:
        return not all(map(is_number, names)), True
    score = 0.0
    years = 0
    for at, name in enumerate(names):
        name = name.strip()
        below = [row[at].strip() for row in rows]
        present = [cell for cell in below if not is_missing(cell) and cell not in MARKERS]
        if not present or not name:
            continue
        if is_missing(name) or name in MARKERS:
            score -= 0.25
        elif share_of(is_number, present) >= 0.8:
            score += -1.0 if is_number(name) else 1.0
            years += _is_year(name)
        elif share_of(is_date, present) >= 0.8:
            score += -1.0 if is_date(name) else 1.0
        elif name in present and len(set(present)) > 1:
            score -= 0.7
        elif not is_number(name):
            score += 0.1
    text_first = not is_number(names[0]) and names[0].strip() not in [row[0].strip() for row in rows]
    if years >= 2 and text_first and years >= sum(map(is_number, names)) and len(set(names)) == len(names):
        return True, True  # country, 1960, 1961, ...
    if _counts_columns(names):
        return True, any(not is_number(name) for name in names)  # 0, 1, 2, ..., target
    if score == 0:
        return not all(is_number(name) for name in names if name.strip()), False
    return score > 0, abs(score) >= 0.3


def _counts_columns(names: Sequence[str]) -> bool:
    """Whether the numbers among the names count the columns: 0, 1, 2, ... or 1, 2, 3, ..."""
    numbered = [(at, name.strip()) for at, name in enumerate(names) if is_number(name)]
    if len(numbered) < 3 or len(numbered) < len(names) - 2:
        return False
    first = numbered[0][1]
    return first in ("0", "1") and all(name == str(place + int(first)) for place, (_, name) in enumerate(numbered))


def share_of(test: Callable[[str], bool], cells: Sequence[str]) -> float:
    sample = cells[:200]
    return sum(map(test, sample)) / len(sample)


def _is_year(cell: str) -> bool:
    return len(cell) == 4 and cell.isdigit() and 1800 <= int(cell) <= 2100


def is_units(row: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Whether a row says the units ('years', 'm2') of columns that hold numbers from the next row on."""
    numeric = [at for at in range(len(row)) if share_of(is_number, [below[at] for below in rows]) >= 0.9]
    words = [row[at].strip() for at in numeric if row[at].strip()]
    return (
        len(words) >= 2
        and 2 * len(words) > len(numeric)
        and not any(is_number(w) or is_missing(w) or w in MARKERS for w in words)
    )
