"""What the board needs of a search, as JSON text: settings and their scores, and the validation losses newer than a cursor.

Lean, because a search may have a thousand trials: of a setting that the reader knows only its outcome is repeated, and of an
epoch only the validation loss is sent.
"""

from __future__ import annotations

import json
from itertools import takewhile
from typing import Any

import numpy as np

from pages.server.curve_feed import RunState, plain_json, read_state, run_facts
from tuning_core.experiment import SERIES, Hyperparameters, SearchSpace
from tuning_core.search_analysis.points import label
from tuning_core.store import Database, engine_status, runs
from tuning_core.store.search_configurations import FINAL, StoredSetting, list_settings

CHUNKS_AT_ONCE = 8_000  # rows of `curves` in one answer
VALIDATION = SERIES.index("val_loss")
FACTS = ("task", "loss_name", "dummy_loss", "linear_loss")

_STATE_SQL = """
SELECT r.status, r.stop_requested, r.attempts, r.note, r.error, r.started, r.finished,
    (SELECT coalesce(max(cursor), 0) FROM curves WHERE run_id = r.id) AS cursor,
    (SELECT count(*) || ' ' || sum(status = 'queued') || ' ' || sum(status = 'running') || ' ' || sum(mean IS NOT NULL)
        || ' ' || total(mean) FROM settings WHERE run_id = r.id) AS settings
FROM runs AS r WHERE r.id = ?"""


def board_state(db: Database, run_id: str) -> RunState | None:
    """How far a search is, or None when there is none of that id. One query that does not read the trials."""
    return read_state(db, run_id, _STATE_SQL)


def board_payload(db: Database, run_id: str, after: int, known: int, state: RunState) -> bytes | None:
    """The JSON answer: settings from number `known` on, the outcomes of all, and validation losses newer than `after`."""
    run = runs.get_run(db, run_id)
    if run is None:
        return None
    space = SearchSpace.from_json(run.spec["space"])
    outcomes = db.rows("SELECT number, status, mean, spread FROM settings WHERE run_id = ? ORDER BY number", run_id)
    rows = db.rows(
        "SELECT cursor, number, first_epoch, epochs, record FROM curves WHERE run_id = ? AND cursor > ? ORDER BY cursor LIMIT ?",
        *(run_id, after, CHUNKS_AT_ONCE),
    )
    head = {
        "run": plain_json(run_facts(run, 0)),
        "facts": plain_json(_facts(db, run_id)) | {"seconds": space.seconds},
        "engine": engine_status.get_engine(db).status,
        "cursor": rows[-1]["cursor"] if rows else after,
        "more": len(rows) == CHUNKS_AT_ONCE,
        "state": state.token,
        "fresh": _fresh(db, run_id, known, space),
        "outcomes": [[row["number"], row["status"], _short(row["mean"]), _short(row["spread"])] for row in outcomes],
    }
    return f'{json.dumps(head, allow_nan=False)[:-1]}, "chunks": [{",".join(_chunks(rows))}]}}'.encode()


def _facts(db: Database, run_id: str) -> dict[str, Any]:
    row = db.row("SELECT context FROM trials WHERE run_id = ? AND context != '{}' LIMIT 1", run_id)
    context = json.loads(row["context"]) if row else {}
    return {name: context.get(name) for name in FACTS}


def _fresh(db: Database, run_id: str, known: int, space: SearchSpace) -> list[dict[str, Any]]:
    """Settings from number `known` on: a word for each axis (None where it is off), and [trial, planned epochs] of its trials.

    A setting whose trials are not laid out yet waits, with those after it, for the next answer.
    """
    trials: dict[int, list[list[int]]] = {}
    for row in db.rows(
        """SELECT number, setting, json_extract(hyperparameters, '$.epochs') AS planned FROM trials
           WHERE run_id = ? AND setting >= ? AND number < ? ORDER BY number""",
        *(run_id, known, FINAL),
    ):
        trials.setdefault(row["setting"], []).append([row["number"], row["planned"]])
    found = db.rows("SELECT number, axis_values FROM settings WHERE run_id = ? AND number >= ? ORDER BY number", run_id, known)
    ready = takewhile(lambda row: row["number"] in trials, found)
    values = {row["number"]: json.loads(row["axis_values"]) for row in ready}
    if all(on.keys() == space.axes.keys() for on in values.values()):  # as nearly always; a thousand settings are read at once
        words = {number: [label(on[name]) for name in space.axes] for number, on in values.items()}
    else:
        words = {setting.number: axis_labels(space, setting) for setting in list_settings(db, run_id, known)}
    return [{"number": number, "words": words[number], "trials": trials[number]} for number in values]


def _chunks(rows: list[Any]) -> list[str]:
    """[trial, first epoch from 0, losses] as JSON, consecutive chunks of a trial as one."""
    parts: dict[int, tuple[int, list[np.ndarray]]] = {}
    for row in rows:
        values = np.frombuffer(row["record"], "<f8").reshape(len(SERIES), row["epochs"])[VALIDATION]
        parts.setdefault(row["number"], (row["first_epoch"], []))[1].append(values)
    return [
        f"[{number},{first},{_numbers(np.concatenate(values))}]" for number, (first, values) in parts.items() if number < FINAL
    ]


def _numbers(values: np.ndarray) -> str:
    """A JSON list with five significant digits, more than a screen has pixels; null for what is not finite."""
    return "[" + ",".join([f"{v:.5g}" if v - v == 0 else "null" for v in values.tolist()]) + "]"


def _short(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.6g}")


def axis_labels(space: SearchSpace, setting: StoredSetting) -> list[str | None]:
    """A word for each axis, in the order of the space; None where it is switched off."""
    values = space.stored_values(setting.values, Hyperparameters.from_json(setting.hyperparameters))
    return [label(values[name]) if name in values else None for name in space.axes]
