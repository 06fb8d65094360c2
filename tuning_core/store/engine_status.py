"""What the engine says of itself: down, starting, warming, ready."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tuning_core.store.database import Database

SILENCE = 5.0  # seconds without a heartbeat after which an engine counts as down


@dataclass(frozen=True)
class EngineState:
    """What an engine said last.

    `busy` of its workers train. `turns` by queued run: how many runs of others and of its own workspace are before it, and about
    the seconds until it begins. `detail` says why it is not ready, where there is more to say than `status` does.
    """

    pid: int
    status: str
    workers: int
    busy: int = 0
    turns: Mapping[str, Sequence[float]] = field(default_factory=dict)
    detail: str = ""

    @property
    def said(self) -> tuple[str, str]:
        return self.status, self.detail

    @property
    def up(self) -> bool:
        return self.status in ("warming", "ready")


def beat(
    db: Database,
    status: str,
    workers: int = 0,
    turns: Mapping[str, Sequence[float]] | None = None,
    *,
    busy: int = 0,
    detail: str = "",
) -> None:
    db.write(
        "UPDATE engine SET pid = ?, status = ?, workers = ?, detail = ?, beat = ? WHERE id = 1",
        os.getpid(),
        status,
        workers,
        json.dumps({"busy": busy, "turns": turns or {}, "detail": detail}),
        time.monotonic(),
    )


def mark_down(db: Database, pid: int) -> None:
    """The engine with this process id has ended, however it did; another one may have taken its place already."""
    db.write("UPDATE engine SET status = 'down' WHERE id = 1 AND pid = ?", pid)


def get_engine(db: Database) -> EngineState:
    row = db.row("SELECT * FROM engine WHERE id = 1")
    assert row is not None
    silent = not 0 <= time.monotonic() - row["beat"] <= SILENCE  # of the whole machine since it was started; set by nobody
    said: dict[str, Any] = json.loads(row["detail"]) if row["detail"].startswith("{") and not silent else {"busy": 0, "turns": {}}
    status = "down" if silent else row["status"]
    return EngineState(row["pid"] or 0, status, row["workers"], said["busy"], said["turns"], said.get("detail", ""))
