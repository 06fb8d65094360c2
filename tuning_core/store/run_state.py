"""How far a run is, in one query: what a page that waits for news asks many times a second."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from tuning_core.experiment import RunStatus
from tuning_core.store import engine_status
from tuning_core.store.database import Database

_CURVES = """
SELECT r.status, r.stop_requested, r.attempts, r.name, r.note, r.error, r.epochs_total, r.started, r.finished,
    (SELECT coalesce(max(cursor), 0) FROM curves WHERE run_id = r.id) AS cursor,
    (SELECT group_concat(status || ',' || coalesce(best_epoch, '') || ',' || length(context), ';')
       FROM trials WHERE run_id = r.id) AS trials
FROM runs AS r WHERE r.id = ?"""

_BOARD = """
SELECT r.status, r.stop_requested, r.attempts, r.note, r.error, r.started, r.finished,
    (SELECT coalesce(max(cursor), 0) FROM curves WHERE run_id = r.id) AS cursor,
    (SELECT count(*) || ' ' || sum(status = 'queued') || ' ' || sum(status = 'running') || ' ' || sum(mean IS NOT NULL)
        || ' ' || total(mean) FROM settings WHERE run_id = r.id) AS settings
FROM runs AS r WHERE r.id = ?"""


@dataclass(frozen=True)
class RunState:
    """How far a run is: `cursor` of its newest epoch, and a `token` that changes with everything else said of it."""

    status: RunStatus
    cursor: int
    token: str

    @property
    def final(self) -> bool:
        return not self.status.live


def run_state(db: Database, run_id: str) -> RunState | None:
    """The state of a run and its trials, or None when there is none of that id."""
    return _read(db, run_id, _CURVES)


def board_state(db: Database, run_id: str) -> RunState | None:
    """The state of a search and its settings, without reading the trials; None when there is none of that id."""
    return _read(db, run_id, _BOARD)


def _read(db: Database, run_id: str, sql: str) -> RunState | None:
    row = db.row(sql, run_id)
    if row is None:
        return None
    # While a run queues, what it waits for is the engine.
    engine = engine_status.get_engine(db) if row["status"] == RunStatus.QUEUED else None
    said = [engine.status, engine.turns.get(run_id)] if engine is not None else [""]
    facts = repr([row[name] for name in row.keys() if name != "cursor"] + said)  # noqa: SIM118  (sqlite3.Row)
    return RunState(RunStatus(row["status"]), row["cursor"], hashlib.blake2s(facts.encode(), digest_size=8).hexdigest())
