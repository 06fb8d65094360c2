"""Columns of words: categories, yes/no, ids, free text; and spellings that mean the same."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tuning_core.data.inference.id_columns import are_word_ids
from tuning_core.data.inference.typed_column import ColumnNotice
from tuning_core.data.limits import MAX_LEVELS

_PAIRS = (
    "yes/no true/false y/n t/f on/off ja/nein oui/non si/no sí/no sim/não tak/nie ano/ne да/нет 是/否 はい/いいえ wahr/falsch "
    "vrai/faux vero/falso verdadero/falso evet/hayır igen/nem ναι/όχι نعم/لا כן/לא 예/아니오"
)
BOOLEAN_PAIRS = frozenset(frozenset(pair.split("/")) for pair in _PAIRS.split())
TRUTH = {word: yes for pair in _PAIRS.split() for word, yes in zip(pair.split("/"), (True, False), strict=True)} | {
    "1": True, "0": False, "1.0": True, "0.0": False,
}  # fmt: skip
"""What people write for yes and no, in lower case."""
_STRUCTURED = re.compile(r"[\[{(<].*[\]})>]$", re.DOTALL)
SAMPLE = 2_000


def label_kind(present: pa.Array, counts: np.ndarray, name: str) -> tuple[str, tuple[ColumnNotice, ...]]:
    """(kind, notices) of a column of words from its distinct cells and how often each occurs (folded spellings may repeat)."""
    distinct, total = pc.count_distinct(present).as_py(), int(counts.sum())
    if distinct == 1:
        return "constant", ()
    if distinct == 2 and {cell.casefold() for cell in present.to_pylist()} in BOOLEAN_PAIRS:
        return "boolean", ()
    sample = present.slice(0, SAMPLE).to_pylist()
    if _is_text(sample, distinct, total):
        return "text", (ColumnNotice("text_column_ignored", "", distinct),)
    if are_word_ids(sample, distinct, total, name):
        return "id", (ColumnNotice("id_like_column", f"{distinct:,} different values in {total:,} filled rows", distinct),)
    if distinct <= MAX_LEVELS:
        return "categorical", ()
    detail = f"{distinct:,} levels: the {MAX_LEVELS - 1} commonest become a feature each, the others share one"
    return "categorical", (ColumnNotice("high_cardinality", detail, distinct),)


def _is_text(sample: Sequence[str], distinct: int, total: int) -> bool:
    """Sentences, or cells with a structure of their own (JSON, lists), that seldom repeat."""
    if distinct <= 12 and total >= 5 * distinct:
        return False  # a few long answers to one question
    structured = sum(bool(_STRUCTURED.match(cell)) and not cell.isalnum() for cell in sample) / len(sample)
    if structured > 0.5:
        return True
    words = sum(len(cell.split()) for cell in sample) / len(sample)
    length = sum(map(len, sample)) / len(sample)
    repeats = total / distinct
    return ((words >= 5 or length > 60) and repeats < 5) or (words >= 3 and length > 18 and repeats < 1.3)
