"""Spellings of one label that differ in case, blanks or invisible signs, and those that differ on purpose."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tuning_core.data.inference.labels import BOOLEAN_PAIRS

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f"))
_WORDS = frozenset(word for pair in BOOLEAN_PAIRS for word in pair)


@dataclass(frozen=True)
class Variants:
    """`texts` has every spelling replaced by its commonest one; `joined` and `apart` say which were joined and which not.

    `even` tells that some of those joined are about equally frequent.
    """

    texts: list[str]
    joined: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    even: bool = False


def fold_variants(raw: Sequence[str], counts: np.ndarray, blank: np.ndarray) -> Variants:
    """Join the spellings of distinct cells that mean the same.

    Spellings are the same when they differ in case or blanks only, unless case tells labels apart: 'hid' and 'hId', 'Aa' and
    'aa', or a table in which all of them are equally frequent. Cells that all carry the same blanks are no variants.
    """
    trimmed = [_without_blanks(cell) for cell in raw]
    groups: dict[str, list[int]] = {}
    for at, cell in enumerate(trimmed):
        if not blank[at]:
            groups.setdefault(cell.casefold(), []).append(at)
    texts = [(cell if cell.isascii() else cell.translate(_INVISIBLE)).strip() for cell in raw]
    by_case = [_by_case(members, trimmed) for members in groups.values()]
    designed = frozenset(groups) not in BOOLEAN_PAIRS and _is_designed(by_case, raw, counts)
    joined, apart, even = [], [], False
    for spellings in by_case:
        if (
            len(spellings) > 1
            and frozenset(groups) not in BOOLEAN_PAIRS
            and (designed or _on_purpose(spellings, trimmed, counts))
        ):
            apart.append(", ".join(repr(trimmed[members[0]][:30]) for members in spellings[:4]))
            parts = spellings
        else:
            parts = [[at for members in spellings for at in members]]
            even = even or (len(spellings) > 1 and _evenly(spellings, counts) >= 0.5)
        for members in parts:
            if len(members) > 1:
                best = max(members, key=lambda at: (counts[at], -len(raw[at]), texts[at]))
                joined.append(", ".join(repr(raw[at][:30]) for at in members[:4]) + f" as {texts[best][:30]!r}")
                for at in members:
                    texts[at] = texts[best]
    return Variants(texts, tuple(joined), tuple(apart), even)


def _without_blanks(cell: str) -> str:
    if not cell.isascii():
        cell = unicodedata.normalize("NFKC", cell.translate(_INVISIBLE))
    return " ".join(cell.split())


def _by_case(members: Sequence[int], trimmed: Sequence[str]) -> list[list[int]]:
    spellings: dict[str, list[int]] = {}
    for at in members:
        spellings.setdefault(trimmed[at], []).append(at)
    return list(spellings.values())


def _evenly(spellings: Sequence[Sequence[int]], counts: np.ndarray) -> float:
    """The rows of the rarest spelling for each row of the commonest."""
    rows = [int(counts[list(members)].sum()) for members in spellings]
    return min(rows) / max(rows)


def _is_designed(by_case: Sequence[Sequence[Sequence[int]]], raw: Sequence[str], counts: np.ndarray) -> bool:
    """Whether every label has spellings of exactly the same number of rows, five or more, as in a planned experiment."""
    if len(by_case) < 2 or any(len(spellings) < 2 for spellings in by_case):
        return False
    rows = {int(counts[at]) for spellings in by_case for members in spellings for at in members}
    clean = all(len(members) == 1 and raw[members[0]] == raw[members[0]].strip() for group in by_case for members in group)
    return clean and len(rows) == 1 and rows.pop() >= 5


def _on_purpose(spellings: Sequence[Sequence[int]], trimmed: Sequence[str], counts: np.ndarray) -> bool:
    """Whether spellings of similar frequency are of a kind that nobody types by accident: case within a word, or signs."""
    words = [trimmed[members[0]] for members in spellings]
    if _evenly(spellings, counts) < 0.3 or int(counts[list(spellings[0])].sum()) < 3 or words[0].casefold() in _WORDS:
        return False
    letters = sum(sign.isalpha() for sign in words[0])
    return letters <= 2 or (len(words[0].split()) == 1 and not all(_is_usual(word) for word in words))


def _is_usual(word: str) -> bool:
    return word in (word.lower(), word.upper(), word.capitalize(), word.title())
