"""Several lines before the first row: names under groups, names with explanations below, settings of an instrument above."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tuning_core.data.inference.cell_patterns import MARKERS, is_missing, is_number
from tuning_core.data.reading.headers import counts_columns, is_header, numeric_columns

LONGEST = 80
"""Lines that a block may have."""

_NO_WORDS = frozenset(mark for mark in MARKERS if not any(sign.isalpha() for sign in mark))
_PLACEHOLDER = re.compile(r"(unnamed: ?|columna?[ _]?|col|v|x|field|spalte|colonne|var)(\d+)", re.IGNORECASE)
_ANSWERS = ("response", "open-ended response", "antwort", "réponse", "respuesta", "risposta", "resposta")


@dataclass(frozen=True)
class HeaderBlock:
    """`skipped` lines that belong to no table, one line of names, `after` lines that explain them."""

    skipped: int
    names: list[str]
    after: int


def header_block(rows: Sequence[Sequence[str]]) -> HeaderBlock | None:
    """The lines above the first row when they are two or more of the table's width; None when there is nothing to tell."""
    if len(rows) < 5:
        return None
    return _index_line(rows) or _lines_of_words(rows) or _spanning_groups(rows) or _explained(rows)


def _index_line(rows: Sequence[Sequence[str]]) -> HeaderBlock | None:
    """0, 1, 2, ... or 'Unnamed: 0', 'Unnamed: 1', ... above the names: column numbers that a program wrote."""
    first, second = rows[0], rows[1]
    counted = counts_columns(first) and sum(bool(cell.strip()) for cell in first) >= len(first) - 1
    if len(first) < 3 or not (counted or _are_placeholders(first)):
        return None
    words = [cell for cell in second if cell.strip() and not is_number(cell)]
    if 2 * len(words) <= len(second) or not is_header(second, rows[2:])[0]:
        return None
    return HeaderBlock(1, list(second), 0)


def _are_placeholders(names: Sequence[str]) -> bool:
    """Whether all names are one word and a running number, as programs write them that know none: 'Column1', 'V1'."""
    found = [_PLACEHOLDER.fullmatch(name.strip()) for name in names]
    if not all(found) or len({match[1].casefold() for match in found if match}) > 1:
        return False
    numbers = [int(match[2]) for match in found if match]
    return numbers[0] in (0, 1) and numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def _lines_of_words(rows: Sequence[Sequence[str]]) -> HeaderBlock | None:
    """Columns that hold numbers further down tell lines of words from rows.

    Words only in all of these lines: the first names the columns, the others explain them (units, questions). Numbers among
    them ("Sampling rate,1e6"): the last one names.
    """
    numeric = numeric_columns(rows)
    if len(numeric) < 2:
        return None
    words = [_words_and_numbers([row[at] for at in numeric]) for row in rows[: LONGEST + 3]]
    size = next((at for at in range(len(words) - 2) if not any(word for word, _ in words[at : at + 3])), 0)
    block = words[:size]
    if size < 2 or any(not word for word, _ in block[1:]):
        return None
    if not any(number for _, number in block):
        explains = block[1][0] >= 2 and 2 * block[1][0] > len(numeric) and not _is_like(rows[1], rows[size:], numeric)
        return HeaderBlock(0, joined(rows[0], rows[1]), size - 1) if explains else None
    if block[-1][1] or 2 * block[-1][0] <= len(numeric):
        return None
    repeats = len(set(rows[size - 1])) < len(rows[size - 1])
    grouped = repeats and not block[-2][0]
    if len(rows) < 12 and not grouped:
        return None
    names = joined(rows[size - 2], rows[size - 1]) if grouped else list(rows[size - 1])
    return HeaderBlock(size - 1, names, 0)


def _is_like(line: Sequence[str], rows: Sequence[Sequence[str]], numeric: Sequence[int]) -> bool:
    """Whether a line has, in columns of words, a word that comes again below it."""
    others = [at for at in range(len(line)) if at not in numeric]
    return any(line[at].strip() and line[at] in {row[at] for row in rows} for at in others)


def _words_and_numbers(cells: Sequence[str]) -> tuple[int, int]:
    """How many cells are words, and how many numbers; missing cells are neither."""
    present = [cell.strip() for cell in cells if not is_missing(cell) and cell.strip() not in _NO_WORDS]
    present = [cell for cell in present if any(map(str.isalnum, cell))]
    numbers = sum(map(is_number, present))
    return len(present) - numbers, numbers


def _spanning_groups(rows: Sequence[Sequence[str]]) -> HeaderBlock | None:
    """'breed,calves by age,,,total' above ',0,1,2,': a group over several columns, whose own names stand in the second line.

    The second line is filled under the groups and nowhere else, where the rows below are filled.
    """
    first, second = [cell.strip() for cell in rows[0]], [_option(cell) for cell in rows[1]]
    spanned = [at for at in range(1, len(first)) if not first[at]]
    grouped = set(spanned) | {at - 1 for at in spanned if first[at - 1]}
    alone = [at for at in range(len(first)) if at not in grouped]
    if not first[0] or not spanned or not alone or any(second[at] for at in alone) or not all(second[at] for at in grouped):
        return None
    filled = sum(bool(row[at].strip()) for row in rows[2:] for at in alone)
    names = [second[at] for at in sorted(grouped)]
    if filled < 0.8 * len(alone) * (len(rows) - 2) or any(map(is_number, (first[at] for at in alone))) or not all(names):
        return None
    return HeaderBlock(0, joined(rows[0], rows[1]), 1)


def _explained(rows: Sequence[Sequence[str]]) -> HeaderBlock | None:
    """A second line (and a third) of a survey's export: 'Response,Response', questions, or ids in braces."""
    after = max((at for at in range(1, 4) if at < len(rows) and _are_import_ids(rows[at])), default=0)
    while after < 3 and after + 5 < len(rows) and _explains(rows[after + 1], rows[after + 2 :]):
        after += 1
    if not after or any(map(is_number, rows[0])):
        return None
    answers = all(cell.strip().casefold() in ("", *_ANSWERS) for cell in rows[1])
    gaps = any(not cell.strip() for cell in rows[0][1:])
    names = joined(rows[0], rows[1]) if gaps and not answers else list(rows[0])
    return HeaderBlock(0, names, after)


def _option(cell: str) -> str:
    """The name of an option below a question; 'Response' and lines drawn with signs are none."""
    text = cell.strip()
    return "" if text.casefold() in _ANSWERS or not any(map(str.isalnum, text)) else text


def _are_import_ids(line: Sequence[str]) -> bool:
    """Qualtrics's third line: {"ImportId":"QID1"} in every cell."""
    return all('"ImportId"' in cell for cell in line)


def _explains(line: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Whether a line is none of the rows below it: it lacks what all of them have, and holds what none of them has."""
    cells = [cell.strip() if any(map(str.isalnum, cell)) else "" for cell in line]
    filled = [cell for cell in cells if cell]
    if len(filled) < 2 or any(map(is_number, filled)):
        return False
    if all(cell.casefold() in _ANSWERS for cell in filled):
        return True
    odd = known = 0
    for at, cell in enumerate(cells):
        below = [row[at].strip() for row in rows[:200]]
        present = [value for value in below if value and value not in MARKERS]
        if len(present) < 0.9 * len(below):
            continue
        if not cell or sum(map(is_number, present)) >= 0.9 * len(present):
            odd += 1  # a gap, or words, where every row has a value, or a number
        elif len(set(present)) <= 0.4 * len(present):
            known += 1 if cell in present else -1
    return odd >= 1 and known <= -1 and not cells[0] and len(rows) >= 8


def joined(groups: Sequence[str], names: Sequence[str]) -> list[str]:
    """'2020 men' from '2020,,2021,' above 'men,women,men,women'; the first line alone when its names are complete."""
    filled = [name for name in groups if name.strip()]
    if len(filled) == len(groups) and len(set(filled)) == len(filled):
        return list(groups)
    out, group = [], ""
    for above, below in zip(groups, names, strict=True):
        group, name = above.strip() or group, _option(below)
        name = "" if name == group else name
        out.append(f"{group} {name}".strip() if below.strip() or above.strip() else "")
    return out
