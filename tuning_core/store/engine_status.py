"""What the engine says of itself: down, starting, warming, ready."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass

from tuning_core.store.database import Database

SILENCE = 5.0  # seconds without a heartbeat after which an engine counts as down


@dataclass(frozen=True)
class EngineState:
    pid: int
    status: str
    workers: int
    detail: str

    @property
    def up(self) -> bool:
        return self.status in ("warming", "ready")


def beat(db: Database, status: str, workers: int = 0, detail: str = "") -> None:
    db.write(
        "UPDATE engine SET pid = ?, status = ?, workers = ?, detail = ?, beat = ? WHERE id = 1",
        os.getpid(),
        status,
        workers,
        detail,
        time.time(),
    )


def get_engine(db: Database) -> EngineState:
    row = db.row("SELECT * FROM engine WHERE id = 1")
    assert row is not None
    silent = time.time() - row["beat"] > SILENCE
    return EngineState(row["pid"] or 0, "down" if silent else row["status"], row["workers"], row["detail"])
