"""What the board needs of a search, as JSON text: settings and their scores, and the validation losses newer than a cursor.

Lean, because a search may have a thousand trials: of a setting that the reader knows only its outcome is repeated, and of an
epoch only the validation loss is sent.
"""

from __future__ import annotations

import json
from itertools import takewhile
from typing import Any

import numpy as np

from pages.server.curve_feed import plain_json, run_facts
from tuning_core.experiment import SERIES, Hyperparameters, SearchSpace
from tuning_core.experiment.scores import RECORDED_LOSS, stored_score
from tuning_core.search_analysis.points import label
from tuning_core.store import Database, curves, engine_status, runs
from tuning_core.store.run_state import RunState
from tuning_core.store.search_configurations import FINAL, StoredSetting, axis_values, list_settings, outcomes
from tuning_core.store.trials import first_with_context, get_context, planned_epochs

CHUNKS_AT_ONCE = 8_000  # rows of `curves` in one answer
VALIDATION = SERIES.index("val_loss")
FACTS = ("task", "loss_name", "target_transform", "dummy_loss", "linear_loss", "tree_loss")


def board_payload(db: Database, run_id: str, after: int, known: int, state: RunState) -> bytes | None:
    """The JSON answer: settings from number `known` on, the outcomes of all, and validation losses newer than `after`."""
    run = runs.get_run(db, run_id)
    if run is None:
        return None
    space = SearchSpace.from_json(run.spec["space"])
    engine = engine_status.get_engine(db)
    news = curves.since(db, run_id, after, CHUNKS_AT_ONCE)
    head = {
        "run": plain_json(run_facts(run, 0)),
        "facts": plain_json(_facts(db, run_id, run.spec.get("score"))) | {"seconds": space.seconds},
        "engine": engine.status,
        "turn": engine.turns.get(run_id),
        "cursor": news[-1].cursor if news else after,
        "more": len(news) == CHUNKS_AT_ONCE,
        "state": state.token,
        "fresh": _fresh(db, run_id, known, space),
        "outcomes": [[n, status, _short(mean), _short(spread)] for n, status, mean, spread in outcomes(db, run_id)],
    }
    return f'{json.dumps(head, allow_nan=False)[:-1]}, "chunks": [{",".join(_chunks(news))}]}}'.encode()


def _facts(db: Database, run_id: str, ranked_by: str | None) -> dict[str, Any]:
    """Of the curves; `score` is what ranks the settings, where that is not the loss of the curves."""
    number = first_with_context(db, run_id)
    context = {} if number is None else get_context(db, run_id, number)
    score = stored_score(ranked_by)
    loss = context.get("loss_name")
    own = score is RECORDED_LOSS or score.name == (loss if loss in ("mse", "mae") else "cross_entropy")
    return {name: context.get(name) for name in FACTS} | {
        "score": None if own else score.words,
        "greater": score.greater_is_better,
    }


def _fresh(db: Database, run_id: str, known: int, space: SearchSpace) -> list[dict[str, Any]]:
    """Settings from number `known` on: a word for each axis (None where it is off), and [trial, planned epochs] of its trials.

    A setting whose trials are not laid out yet waits, with those after it, for the next answer.
    """
    trials: dict[int, list[list[int]]] = {}
    for number, setting, planned in planned_epochs(db, run_id, known):
        if number < FINAL:
            trials.setdefault(setting, []).append([number, planned])
    values = dict(takewhile(lambda pair: pair[0] in trials, axis_values(db, run_id, known)))
    if all(on.keys() == space.axes.keys() for on in values.values()):  # as nearly always; a thousand settings are read at once
        words = {number: [label(on[name]) for name in space.axes] for number, on in values.items()}
    else:
        words = {setting.number: axis_labels(space, setting) for setting in list_settings(db, run_id, known)}
    return [{"number": number, "words": words[number], "trials": trials[number]} for number in values]


def _chunks(news: list[curves.Chunk]) -> list[str]:
    """[trial, first epoch from 0, losses] as JSON, consecutive chunks of a trial as one."""
    parts: dict[int, tuple[int, list[np.ndarray]]] = {}
    for chunk in news:
        parts.setdefault(chunk.number, (chunk.first, []))[1].append(chunk.values[VALIDATION])
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
