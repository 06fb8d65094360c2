"""Whether a line holds names: its cells are of another type than the cells below them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tuning_core.data.inference.cell_patterns import MARKERS, is_date, is_missing, is_number


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
        elif not is_number(name):
            score += 0.1
    text_first = not is_number(names[0]) and names[0].strip() not in [row[0].strip() for row in rows]
    if len(years) >= 2 and len(set(years)) == len(years) >= sum(map(is_number, names)):
        if text_first:
            return True, True  # country, 1960, 1961, ...
        score += len(years)  # 1960, 1961, ..., country: names as good as others
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


@dataclass(frozen=True)
class HeaderBlock:
    """Several lines before the first row: `skipped` that belong to no table, one of names, `after` that explain them."""

    skipped: int
    names: list[str]
    after: int


LONGEST_BLOCK = 15


def header_block(rows: Sequence[Sequence[str]]) -> HeaderBlock | None:
    """The lines above the first row when they are two or more of the table's width; None when there is nothing to tell.

    Columns that hold numbers further down tell lines of words from rows. Words only in all of these lines: the first names
    the columns, the others explain them (units, questions). Numbers among them ("Sampling rate,1e6"): the last one names.
    """
    numeric = [at for at, cells in enumerate(zip(*rows[len(rows) // 3 :], strict=True)) if share_of(is_number, cells) >= 0.9]
    if len(rows) < 12 or len(numeric) < 2:
        return None
    words = [_words_and_numbers([row[at] for at in numeric]) for row in rows[: LONGEST_BLOCK + 3]]
    size = next((at for at in range(len(words) - 2) if not any(word for word, _ in words[at : at + 3])), 0)
    block = words[:size]
    if size < 2 or any(not word for word, _ in block[1:]):
        return None
    if not any(number for _, number in block):
        explains = block[1][0] >= 2 and 2 * block[1][0] > len(numeric)
        return HeaderBlock(0, _joined(rows[0], rows[1]), size - 1) if explains else None
    if block[-1][1] or 2 * block[-1][0] <= len(numeric):
        return None
    repeats = len(set(rows[size - 1])) < len(rows[size - 1])
    names = _joined(rows[size - 2], rows[size - 1]) if repeats and not block[-2][0] else list(rows[size - 1])
    return HeaderBlock(size - 1, names, 0)


def _words_and_numbers(cells: Sequence[str]) -> tuple[int, int]:
    """How many cells are words, and how many numbers; missing cells are neither."""
    present = [cell.strip() for cell in cells if not is_missing(cell) and cell.strip() not in MARKERS]
    numbers = sum(map(is_number, present))
    return len(present) - numbers, numbers


def _joined(groups: Sequence[str], names: Sequence[str]) -> list[str]:
    """'2020 men' from '2020,,2021,' above 'men,women,men,women'; the first line alone when its names are complete."""
    filled = [name for name in groups if name.strip()]
    if len(filled) == len(groups) and len(set(filled)) == len(filled):
        return list(groups)
    out, group = [], ""
    for above, name in zip(groups, names, strict=True):
        group = above.strip() or group
        out.append(f"{group} {name.strip()}".strip())
    return out
