"""How far a reading is, told across processes by a small file beside the table that is being made."""

from __future__ import annotations

import json
import os
import threading
import time
from contextlib import suppress
from pathlib import Path

FILE = "progress.json"
SECONDS = 0.1
"""At most this often: telling must not cost what is told."""


class Progress:
    """Writes (share, words) into a folder; a reader of the file never sees half of it."""

    def __init__(self, folder: str | Path) -> None:
        self._path = Path(folder) / FILE
        self._lock = threading.Lock()
        self._next = 0.0

    def __call__(self, share: float, words: str) -> None:
        with self._lock:
            if time.monotonic() < self._next:
                return
            self._next = time.monotonic() + SECONDS
            with suppress(OSError):  # a reading does not fail because nobody can watch it
                draft = self._path.with_suffix(".draft")
                draft.write_text(json.dumps([share, words]), encoding="ascii")
                os.replace(draft, self._path)


def progress_in(folder: str | Path) -> tuple[float, str]:
    """(share of the work done, what is done now) of the reading into this folder; (0, "") before it has begun."""
    try:
        share, words = json.loads((Path(folder) / FILE).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return 0.0, ""
    return float(share), str(words)
