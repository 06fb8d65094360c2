"""The trials of a run: their settings, seeds, folds and outcomes."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tuning_core.experiment import TrialStatus
from tuning_core.store.database import Database


@dataclass(frozen=True)
class StoredTrial:
    """One row of `trials`.

    Attributes
    ----------
    setting : position of its setting in the run; 0 in a manual run.
    score, metric : of a search's trial, what ranks it (see `search_configurations`); None until it has ended, and where it
        diverged.
    kept_loss, kept_metric : on the validation rows at the epoch whose weights are kept; None until it has ended, of folds, and
        where it diverged.
    """

    run_id: str
    number: int
    hyperparameters: dict[str, Any]
    seed: int
    fold: int | None
    status: TrialStatus
    epochs: int
    best_epoch: int | None
    stopped_epoch: int | None
    diverged_epoch: int | None
    context: dict[str, Any]
    error: str
    setting: int
    score: float | None
    metric: float | None
    kept_loss: float | None = None
    kept_metric: float | None = None


def add_trials(db: Database, run_id: str, trials: Iterable[tuple]) -> None:
    """Rows (number, hyperparameters, seed, fold[, setting]); those that are there already stay as they are."""
    with db.transaction() as connection:
        if connection.execute("SELECT 1 FROM runs WHERE id = ?", (run_id,)).fetchone() is None:
            return  # deleted while it ran
        connection.executemany(
            "INSERT OR IGNORE INTO trials (run_id, number, hyperparameters, seed, fold, setting) VALUES (?, ?, ?, ?, ?, ?)",
            [(run_id, n, json.dumps(hp), seed, fold, *(setting or [0])) for n, hp, seed, fold, *setting in trials],
        )
        total = connection.execute(
            "SELECT coalesce(sum(json_extract(hyperparameters, '$.epochs')), 0) FROM trials WHERE run_id = ?", (run_id,)
        ).fetchone()[0]
        connection.execute("UPDATE runs SET epochs_total = ? WHERE id = ?", (total, run_id))


def fail_trials(db: Database, run_id: str, numbers: Iterable[int], why: str) -> None:
    """The stack of these trials failed."""
    with db.transaction() as connection:
        connection.executemany(
            "UPDATE trials SET status = 'failed', error = ? WHERE run_id = ? AND number = ?",
            [(why[:500], run_id, number) for number in numbers],
        )


def trial_statuses(db: Database, run_id: str) -> set[TrialStatus]:
    return {TrialStatus(row["status"]) for row in db.rows("SELECT DISTINCT status FROM trials WHERE run_id = ?", run_id)}


def get_trials(db: Database, run_id: str) -> list[StoredTrial]:
    return [_trial(row) for row in db.rows("SELECT * FROM trials WHERE run_id = ? ORDER BY number", run_id)]


def first_with_context(db: Database, run_id: str) -> int | None:
    """The number of a trial of which facts are known (see `curves.set_context`); None before the first."""
    row = db.row("SELECT number FROM trials WHERE run_id = ? AND context != '{}' LIMIT 1", run_id)
    return row["number"] if row else None


def get_context(db: Database, run_id: str, number: int) -> dict[str, Any]:
    """What is known of a trial before its first epoch: counts, baselines; {} before that."""
    row = db.row("SELECT context FROM trials WHERE run_id = ? AND number = ?", run_id, number)
    return json.loads(row["context"]) if row else {}


def planned_epochs(db: Database, run_id: str, first_setting: int = 0) -> list[tuple[int, int, int]]:
    """(trial number, setting, epochs asked for) of the settings from `first_setting` on."""
    rows = db.rows(
        """SELECT number, setting, json_extract(hyperparameters, '$.epochs') AS planned FROM trials
           WHERE run_id = ? AND setting >= ? ORDER BY number""",
        *(run_id, first_setting),
    )
    return [(row["number"], row["setting"], row["planned"]) for row in rows]


def _trial(row: Any) -> StoredTrial:
    values = dict(row)
    values["hyperparameters"] = json.loads(values["hyperparameters"])
    values["status"] = TrialStatus(values["status"])
    values["context"] = json.loads(values["context"])
    return StoredTrial(**values)
