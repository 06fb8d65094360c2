"""When a column is an id and no quantity or category: its values hardly repeat."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from tuning_core.data.inference.typed_column import Typed

WHY_NUMBERS = "looks like an id: a number for each row"
WHY_WORDS = "has values that hardly repeat, as ids and names have"

_ID_NAME = re.compile(
    r"(^|[\s_.-])(id|ids|uid|uuid|guid|key|pk|index|idx|rownames?|row_?(id|num|number|no)|s\.?no|serial|nr|no|instant|code)\.?$"
    r"|^unnamed|^#$",
    re.IGNORECASE,
)
_ID_CAMEL = re.compile(r"[a-z](Id|ID|Key|Nr|Uuid)$")
_ORDER_NAME = re.compile(r"year|date|time|day|week|month|hour|minute|second|age|jahr|année|año|period|step|epoch", re.IGNORECASE)
_CODED = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-|^[0-9a-f]{16,}$|^\S+@\S+\.\w+$|^https?://", re.IGNORECASE)


def is_id_name(name: str) -> bool:
    """Names people give to ids: 'id', 'customer_id', 'PassengerId', 'index', 'Unnamed: 0'."""
    return bool(_ID_NAME.search(name.strip()) or _ID_CAMEL.search(name.strip()))


def are_word_ids(sample: Sequence[str], distinct: int, total: int, name: str) -> bool:
    """More values than half the filled rows: many of them, or some that are named or written like ids."""
    if distinct <= 0.5 * total:
        return False
    return distinct > 20 or (total >= 10 and (is_id_name(name) or _are_coded(sample)))


def _are_coded(sample: Sequence[str]) -> bool:
    return sum(bool(_CODED.search(cell)) for cell in sample) > 0.8 * len(sample)


def are_number_ids(typed: Typed, name: str, position: int, width: int, nameless: bool) -> bool:
    """Whole numbers, all different, that count the rows or are named like an id."""
    values = typed.values
    if typed.missing or typed.distinct != len(values) or len(values) < 20 or _ORDER_NAME.search(name):
        return False
    if is_id_name(name):
        return True
    if nameless and position == 0 and len(values) >= 100 and float(np.median(values)) >= 10_000:
        return True  # numbers of patients or samples in front of a table without names
    steps = np.diff(values)
    counts = bool((steps == 1).all()) and values[0] in (0, 1)
    return counts and width > 2 and (position == 0 or nameless)
