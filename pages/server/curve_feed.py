"""What a live curve needs of a run, as JSON text: facts, trials and the epochs newer than a cursor."""

from __future__ import annotations

import json
import time
from typing import Any

import numpy as np

from tuning_core.experiment import SERIES
from tuning_core.experiment.history import SCORE_SERIES
from tuning_core.store import Database, curves, engine_status, runs
from tuning_core.store.run_state import RunState
from tuning_core.store.trials import StoredTrial, get_trials

DIGITS = {
    "val_loss": 9,
    "val_metric": 9,
    SCORE_SERIES: 17,
}  # what early stopping watches: as many as tell float32 numbers apart; others 6
CHUNKS_AT_ONCE = 4_000  # rows of `curves` in one answer; a reader that is far behind asks again


def curve_payload(db: Database, run_id: str, after: int, known: int, state: RunState) -> bytes | None:
    """The JSON answer for one run: everything said of it, and its epochs newer than `after` (`known` has no meaning here)."""
    run = runs.get_run(db, run_id)
    if run is None:
        return None
    trials = get_trials(db, run_id)
    engine = engine_status.get_engine(db)
    news = curves.since(db, run_id, after, CHUNKS_AT_ONCE)
    head = {
        "run": run_facts(run, sum(trial.epochs for trial in trials)),
        "trials": [_trial_facts(trial) for trial in trials],
        "engine": engine.status,
        "turn": engine.turns.get(run_id),
        "cursor": news[-1].cursor if news else after,
        "more": len(news) == CHUNKS_AT_ONCE,
        "state": state.token,
    }
    text = json.dumps(plain_json(head), allow_nan=False)
    return f'{text[:-1]}, "chunks": [{",".join(_chunk_text(*part) for part in _joined(news))}]}}'.encode()


def run_facts(run: runs.StoredRun, epochs_done: int) -> dict[str, Any]:
    names = ("id", "name", "kind", "status", "note", "error", "epochs_total", "created", "started", "finished")
    facts = {name: getattr(run, name) for name in names}
    return {**facts, "stop_requested": run.stop_requested, "epochs_done": epochs_done, "now": time.time()}


def _trial_facts(trial: StoredTrial) -> dict[str, Any]:
    names = ("number", "seed", "fold", "status", "epochs", "best_epoch", "stopped_epoch", "diverged_epoch", "error")
    facts = {name: getattr(trial, name) for name in names}
    context = {name: value for name, value in trial.context.items() if name != "hyperparameters"}
    return {**facts, "hyperparameters": trial.hyperparameters, "context": context}


def _joined(news: list[curves.Chunk]) -> list[tuple[int, int, np.ndarray]]:
    """Consecutive chunks of a trial as one: (number, first epoch from 0, values (5, n))."""
    parts: dict[int, list[curves.Chunk]] = {}
    for chunk in news:
        parts.setdefault(chunk.number, []).append(chunk)
    return [(number, p[0].first, np.concatenate([c.values for c in p], axis=1)) for number, p in parts.items()]


def _chunk_text(number: int, first: int, values: np.ndarray) -> str:
    names = (*SERIES, SCORE_SERIES)[: len(values)]
    series = ", ".join(f'"{name}": {_numbers(row, DIGITS.get(name, 6))}' for name, row in zip(names, values, strict=True))
    return f'{{"number": {number}, "first": {first}, {series}}}'


def _numbers(row: np.ndarray, digits: int) -> str:
    """A JSON list with so many significant digits; null for what is not finite."""
    return "[" + ",".join([f"{v:.{digits}g}" if np.isfinite(v) else "null" for v in row.tolist()]) + "]"


def plain_json(value: Any) -> Any:
    """The value with None for numbers that JSON cannot write."""
    if isinstance(value, dict):
        return {key: plain_json(v) for key, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain_json(v) for v in value]
    return None if isinstance(value, float) and not np.isfinite(value) else value
