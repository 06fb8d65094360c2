"""What a search tries, setting by setting, with its scores; and the losses on single rows that say how lucky the best one is.

Trials of setting s have the numbers s * n, s * n + 1, ... for n = seeds * folds, all folds of the first seed first. With
cross-validation the best setting is at last trained on the dataset's own split: trial `FINAL + setting`, whose fold is NULL.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tuning_core.experiment import Hyperparameters, TrialStatus
from tuning_core.experiment.axes import to_plain
from tuning_core.experiment.scores import stored_score
from tuning_core.store.database import Database

FINAL = 1_000_000  # above every other trial number


def trial_words(number: int) -> str:
    """A trial by its number, for a person; settings are counted from 1 there."""
    if number < FINAL:
        return f"trial {number}"
    return f"the final model of setting {number - FINAL + 1}, trained on all training rows after the cross-validation"


@dataclass(frozen=True)
class StoredSetting:
    """One row of `settings`.

    Attributes
    ----------
    values : the axes' values that are switched on; a tuple has become a list.
    status : queued | running | finished | diverged | failed | stopped. "stopped" with a mean: a rung of successive halving, the
        time budget or a request ended it, and the score is that of its training so far.
    scores : of each trial in order, in the direction and unit of the run's score ("score" in its spec): of the kept weights, on
        the validation rows or, with cross-validation, on the rows held out. None for one that failed or diverged; empty until
        all trials have ended.
    metrics : likewise, mean absolute error or accuracy.
    mean, metric_mean : over the trials; None until all have ended, and where one of them failed or diverged.
    spread : standard deviation of the scores over seeds and folds; None with one trial.
    rungs : mean score (or None) by the epoch at which successive halving compared it.
    error : why a trial failed.
    """

    run_id: str
    number: int
    values: Mapping[str, Any]
    hyperparameters: Mapping[str, Any]
    status: TrialStatus
    scores: tuple[float | None, ...]
    metrics: tuple[float | None, ...]
    mean: float | None
    spread: float | None
    metric_mean: float | None
    rungs: Mapping[int, float | None]
    error: str

    @property
    def ended(self) -> bool:
        """All of its trials have ended, well or not."""
        return bool(self.scores)


def list_settings(db: Database, run_id: str, first: int = 0) -> list[StoredSetting]:
    """In the order tried, from number `first` on."""
    rows = db.rows("SELECT * FROM settings WHERE run_id = ? AND number >= ? ORDER BY number", run_id, first)
    return [_setting(row) for row in rows]


def best_setting(db: Database, run_id: str) -> StoredSetting | None:
    """The one with the best mean score; of equal ones the first tried."""
    return next(iter(ranked_settings(db, run_id, 1)), None)


def ranked_settings(db: Database, run_id: str, most: int = -1) -> list[StoredSetting]:
    """Those with a score, from the best down; of equal ones the first tried comes first. At most so many, -1 for all."""
    run = db.row("SELECT json_extract(spec, '$.score') AS score FROM runs WHERE id = ?", run_id)
    order = "DESC" if run and stored_score(run["score"]).greater_is_better else "ASC"
    query = f"SELECT * FROM settings WHERE run_id = ? AND mean IS NOT NULL ORDER BY mean {order}, number LIMIT ?"  # nosec B608
    return [_setting(row) for row in db.rows(query, run_id, most)]


def outcomes(db: Database, run_id: str) -> list[tuple[int, str, float | None, float | None]]:
    """(number, status, mean, spread) of every setting, in the order tried: what a board asks for again and again."""
    rows = db.rows("SELECT number, status, mean, spread FROM settings WHERE run_id = ? ORDER BY number", run_id)
    return [(row["number"], row["status"], row["mean"], row["spread"]) for row in rows]


def axis_values(db: Database, run_id: str, first: int = 0) -> list[tuple[int, dict[str, Any]]]:
    """(number, values of the axes that are switched on) of the settings from number `first` on."""
    rows = db.rows("SELECT number, axis_values FROM settings WHERE run_id = ? AND number >= ? ORDER BY number", run_id, first)
    return [(row["number"], json.loads(row["axis_values"])) for row in rows]


def row_losses(db: Database, run_id: str) -> dict[int, tuple[np.ndarray, np.ndarray]]:
    """By trial number: positions of rows (of those kept) and the losses on them, or so many facts a row, column by column."""
    rows = db.rows("SELECT * FROM row_losses WHERE run_id = ?", run_id)
    return {row["number"]: (np.frombuffer(row["positions"], "<i4"), np.frombuffer(row["losses"], "<f4")) for row in rows}


# ---- the engine's side ----------------------------------------------------------------------------------------------


def add_settings(db: Database, run_id: str, settings: Iterable[tuple[int, Mapping[str, Any], Hyperparameters]]) -> None:
    """Rows (number, values, hyperparameters); those that are there already stay as they are."""
    rows = [
        (run_id, number, json.dumps({name: to_plain(value) for name, value in values.items()}), json.dumps(hp.to_json()))
        for number, values, hp in settings
    ]
    with db.transaction() as connection:
        if connection.execute("SELECT 1 FROM runs WHERE id = ?", (run_id,)).fetchone() is None:
            return  # deleted while it ran
        connection.executemany(
            "INSERT OR IGNORE INTO settings (run_id, number, axis_values, hyperparameters) VALUES (?, ?, ?, ?)", rows
        )


def set_running(db: Database, run_id: str, numbers: Iterable[int]) -> None:
    with db.transaction() as connection:
        connection.executemany(
            "UPDATE settings SET status = 'running' WHERE run_id = ? AND number = ?", [(run_id, number) for number in numbers]
        )


def score_trials(db: Database, run_id: str, scored: Iterable[tuple[int, float, float, np.ndarray, np.ndarray]]) -> None:
    """Rows (trial number, score, metric, positions of rows, losses on them)."""
    with db.transaction() as connection:
        if connection.execute("SELECT 1 FROM runs WHERE id = ?", (run_id,)).fetchone() is None:
            return
        for number, score, metric, positions, losses in scored:
            connection.execute(
                "UPDATE trials SET score = ?, metric = ? WHERE run_id = ? AND number = ?",
                (_finite(score), _finite(metric), run_id, number),
            )
            blobs = positions.astype("<i4").tobytes(), losses.astype("<f4").tobytes()
            connection.execute("INSERT OR REPLACE INTO row_losses VALUES (?, ?, ?, ?)", (run_id, number, *blobs))


def score_setting(
    db: Database,
    run_id: str,
    number: int,
    status: TrialStatus,
    scores: Sequence[float],
    metrics: Sequence[float],
    *,
    until: int | None = None,
    error: str = "",
) -> None:
    """All trials of a setting have ended, or paused at the epoch `until`."""
    good = bool(scores) and all(math.isfinite(s) for s in scores)
    mean = float(np.mean(scores)) if good else None
    spread = float(np.std(scores, ddof=1)) if good and len(scores) > 1 else None
    metric_mean = float(np.mean(metrics)) if good else None
    numbers = json.dumps([_finite(s) for s in scores]), json.dumps([_finite(m) for m in metrics])
    db.write(
        """UPDATE settings SET status = ?, scores = ?, metrics = ?, mean = ?, spread = ?, metric_mean = ?, error = ?,
           rungs = CASE WHEN ? IS NULL THEN rungs ELSE json_set(rungs, '$."' || ? || '"', ?) END
           WHERE run_id = ? AND number = ?""",
        *(status, *numbers, mean, spread, metric_mean, error, until, until, mean, run_id, number),
    )


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _setting(row: Any) -> StoredSetting:
    return StoredSetting(
        run_id=row["run_id"],
        number=row["number"],
        values=json.loads(row["axis_values"]),
        hyperparameters=json.loads(row["hyperparameters"]),
        status=TrialStatus(row["status"]),
        scores=tuple(json.loads(row["scores"])),
        metrics=tuple(json.loads(row["metrics"])),
        mean=row["mean"],
        spread=row["spread"],
        metric_mean=row["metric_mean"],
        rungs={int(until): mean for until, mean in json.loads(row["rungs"]).items()},
        error=row["error"],
    )
