"""Looks at the test rows, counted per vault. In memory for scripts; the dashboard keeps them in its store."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from typing import Any

from tuning_core.experiment import TestSetLook

_lock = threading.Lock()
_looks: dict[str, dict[str, list[TestSetLook]]] = defaultdict(dict)  # sha256 of the table -> vault -> looks


def other_looks(dataset: Any) -> int:
    """Looks of this process at the test rows of other splits of the same table; some of those may train or validate now."""
    with _lock:
        return sum(len(looks) for vault, looks in _looks[dataset.table.sha256].items() if vault != dataset.vault)


def add_look(dataset: Any, reason: str, what: str) -> tuple[TestSetLook, ...]:
    """Count one more; returns all, this one last."""
    with _lock:
        looks = _looks[dataset.table.sha256].setdefault(dataset.vault, [])
        looks.append(TestSetLook(time.time(), reason, what))
        return tuple(looks)
