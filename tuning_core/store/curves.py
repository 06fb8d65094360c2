"""Recorded epochs: append-only, in order, each once."""

from __future__ import annotations

import io
import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tuning_core.experiment import History, Trial
from tuning_core.store.database import Database
from tuning_core.store.tree_baselines import add_to_context

KEEP_WEIGHTS_BYTES = 2**20  # of one trial; larger models are trained again when their weights are asked for


@dataclass(frozen=True, eq=False)
class Chunk:
    """Epochs `first + 1` to `first + n` of one trial; values (5, n) in the order of `SERIES`, or (6, n) with a watched score."""

    cursor: int
    number: int
    first: int
    values: np.ndarray


def append(db: Database, run_id: str, news: Sequence[tuple[int, int, np.ndarray]]) -> int:
    """Record (trial number, first epoch from 0, values (5, n)); what is there already is skipped, gaps are refused.

    A trial that is trained again after a fault sends its epochs again: only the ones not yet recorded are added, so a
    curve never changes under its reader. Returns the number of epochs added.
    """
    added = 0
    with db.transaction() as connection:
        if connection.execute("SELECT 1 FROM runs WHERE id = ?", (run_id,)).fetchone() is None:
            return 0  # deleted while it ran
        for number, first, values in news:
            added += _append_one(connection, run_id, number, first, values)
    return added


def _append_one(connection: sqlite3.Connection, run_id: str, number: int, first: int, values: np.ndarray) -> int:
    row = connection.execute("SELECT epochs FROM trials WHERE run_id = ? AND number = ?", (run_id, number)).fetchone()
    have = row["epochs"]
    new = values[:, max(0, have - first) :]
    if first > have or new.shape[1] == 0:
        return 0
    n = new.shape[1]
    blob = np.ascontiguousarray(new, "<f8").tobytes()
    connection.execute(
        "INSERT INTO curves (run_id, number, first_epoch, epochs, record) VALUES (?, ?, ?, ?, ?)", (run_id, number, have, n, blob)
    )
    connection.execute(
        """UPDATE trials SET epochs = ?, status = CASE WHEN status IN ('queued', 'interrupted', 'stopped', 'failed')
           THEN 'running' ELSE status END WHERE run_id = ? AND number = ?""",
        (have + n, run_id, number),
    )
    return n


def finish_trials(db: Database, run_id: str, trials: Sequence[Trial]) -> None:
    """Write what is left of each history, its outcome and, when small, its weights."""
    append(db, run_id, [(trial.number, 0, trial.history.matrix()) for trial in trials if len(trial.history)])
    with db.transaction() as connection:
        if connection.execute("SELECT 1 FROM runs WHERE id = ?", (run_id,)).fetchone() is None:
            return
        for trial in trials:
            context = add_to_context(connection, run_id, trial.number, trial.history.context)
            outcome = (trial.status, trial.best_epoch, trial.stopped_epoch, trial.diverged_epoch, trial.error)
            connection.execute(
                """UPDATE trials SET status = ?, best_epoch = ?, stopped_epoch = ?, diverged_epoch = ?, error = ?, context = ?,
                   kept_loss = CASE WHEN fold IS NULL THEN ? END, kept_metric = CASE WHEN fold IS NULL THEN ? END
                   WHERE run_id = ? AND number = ?""",
                (*outcome, json.dumps(context), *_kept(trial), run_id, trial.number),
            )
            if trial.weights and sum(w.nbytes for w in trial.weights) <= KEEP_WEIGHTS_BYTES:
                connection.execute(
                    "INSERT OR REPLACE INTO weights VALUES (?, ?, ?)", (run_id, trial.number, _pack(trial.weights))
                )


def _kept(trial: Trial) -> tuple[float | None, float | None]:
    """Validation loss and metric of the kept weights; they are no score of a fold, which has other rows for that."""
    epoch = trial.kept_epoch
    if epoch is None or epoch > len(trial.history) or not trial.status.has_model:
        return None, None
    loss, metric = (float(series[epoch - 1]) for series in (trial.history.val_loss, trial.history.val_metric))
    return (loss, metric) if np.isfinite(loss) and np.isfinite(metric) else (None, None)


def set_context(db: Database, run_id: str, number: int, context: dict) -> None:
    """The facts about a trial that are known before its first epoch: counts and baselines."""
    with db.transaction() as connection:
        known = json.dumps(add_to_context(connection, run_id, number, context))
        connection.execute("UPDATE trials SET context = ? WHERE run_id = ? AND number = ?", (known, run_id, number))


def since(db: Database, run_id: str, cursor: int = 0, limit: int = 20_000) -> list[Chunk]:
    """Chunks newer than a cursor, oldest first."""
    rows = db.rows("SELECT * FROM curves WHERE run_id = ? AND cursor > ? ORDER BY cursor LIMIT ?", run_id, cursor, limit)
    return [Chunk(row["cursor"], row["number"], row["first_epoch"], _values(row)) for row in rows]


def histories(db: Database, run_id: str) -> dict[int, History]:
    """What is recorded of every trial of a run, by trial number."""
    parts: dict[int, list[np.ndarray]] = {}
    for chunk in since(db, run_id, limit=10_000_000):
        parts.setdefault(chunk.number, []).append(chunk.values)
    rows = db.rows("SELECT number, context FROM trials WHERE run_id = ?", run_id)
    contexts = {row["number"]: json.loads(row["context"]) for row in rows}
    return {number: History.from_matrix(np.concatenate(p, axis=1), contexts.get(number)) for number, p in parts.items()}


def weights(db: Database, run_id: str, number: int) -> tuple[np.ndarray, ...]:
    """The kept weights of a trial (kernel, bias, ...), or () when they were too large to keep."""
    row = db.row("SELECT arrays FROM weights WHERE run_id = ? AND number = ?", run_id, number)
    if row is None:
        return ()
    with np.load(io.BytesIO(row["arrays"]), allow_pickle=False) as arrays:
        return tuple(arrays[f"w{i}"] for i in range(len(arrays.files)))


def _pack(arrays: Sequence[np.ndarray]) -> bytes:
    buffer = io.BytesIO()
    named: dict[str, Any] = {f"w{i}": array for i, array in enumerate(arrays)}
    np.savez(buffer, **named)
    return buffer.getvalue()


def _values(row: sqlite3.Row) -> np.ndarray:
    return np.frombuffer(row["record"], "<f8").reshape(-1, row["epochs"])
