"""Answers to "search_analysis": what a search tells so far. Runs in a thread of the engine, which may use scikit-learn."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from typing import Any

import numpy as np

from tuning_core.errors import SettingsError, UserError
from tuning_core.experiment import Hyperparameters, SearchSpace
from tuning_core.experiment.axis_rules import axis_value
from tuning_core.experiment.scores import MEANS_OVER_ROWS, RECORDED_LOSS, Score, stored_score
from tuning_core.search_analysis.divergence import diverged_share, divergence
from tuning_core.search_analysis.importance import importances
from tuning_core.search_analysis.points import Point
from tuning_core.search_analysis.range_edges import edges
from tuning_core.search_analysis.winners_curse import WinnersCurse, winners_curse, winners_curse_by
from tuning_core.store import Database, runs, search_configurations
from tuning_core.store.search_configurations import FINAL, StoredSetting
from tuning_core.store.trials import get_trials
from tuning_core.training.row_facts import MOST_CLASSES, score_of_facts

MOST_SETTINGS = 1000  # the best of these could have won; the others only cost
MOST_RESCORED = 40  # likewise, where a score is worked out again on each resample


def answer(db: Database, spec: dict[str, Any]) -> dict[str, Any]:
    """Importance of the axes, how lucky the best setting is, axes to widen, and where settings diverged.

    Parameters
    ----------
    spec : {"run_id": ..., anything that makes the question new, such as the number of settings that have ended}

    Returns
    -------
    {"importances": {"axes": [{"name", "share", "error"}], "explained", "n", "method"}, "winners_curse": {"reported",
    "corrected", "low", "high", "same_winner", "n_settings", "n_rows"}, "edges": [{"name", "side", "value", "wider", "message"}],
    "divergence": [{"name", "labels", "count", "diverged"}], "diverged_share", "errors": {part: error}}; a part that cannot be
    said is None, and the reason is in `errors`.
    """
    run = runs.get_run(db, spec["run_id"])
    if run is None or run.kind != "search":
        raise UserError("This search is no longer there.", kind="unknown_run", remedy="Choose another one.")
    space = SearchSpace.from_json(run.spec["space"])
    ended = [setting for setting in search_configurations.list_settings(db, run.id) if setting.ended]
    score = stored_score(run.spec.get("score"))
    points = [stored_point(space, setting, score) for setting in ended]
    share = diverged_share(points)
    answer: dict[str, Any] = {
        "edges": [
            {"name": e.name, "side": e.side, "value": e.value, "wider": e.wider.to_json(), "message": e.message}
            for e in edges(points, space)
        ],
        "divergence": [_divergence(points, space, name) for name in space.axes],
        "diverged_share": share if points else None,
        "errors": {},
    }
    parts: dict[str, Callable[[], Any]] = {
        "importances": lambda: asdict(importances(points, space)),
        "winners_curse": lambda: asdict(_luck(db, run.id, ended, score)),
    }
    for name, part in parts.items():
        try:
            answer[name] = part()
        except UserError as problem:
            answer[name], answer["errors"][name] = None, problem.to_json()
    return answer


def stored_point(space: SearchSpace, setting: StoredSetting, score: Score = RECORDED_LOSS) -> Point:
    """The setting on the axes of the space, its score as a loss; an axis that does not hold its value counts as switched off."""
    hp = Hyperparameters.from_json(setting.hyperparameters)
    values = space.values_of(hp)
    if values is None:  # picked by hand, or tried before the axes were changed
        found = {name: axis_value(hp, name) for name in space.axes}
        values = {name: value for name, value in found.items() if value is not None and space.axes[name].contains(value)}
    mean, spread = (np.nan if v is None else v for v in (setting.mean, setting.spread))
    return Point(setting.number, values, score.as_loss(mean), spread, setting.status)


def _divergence(points: Sequence[Point], space: SearchSpace, name: str) -> dict[str, Any]:
    found = divergence(points, space, name)
    return {"name": name, "labels": found.labels, "count": found.count, "diverged": found.diverged}


def _luck(db: Database, run_id: str, ended: Sequence[StoredSetting], score: Score) -> WinnersCurse:
    """In the unit of `score.as_loss`."""
    scored = [(score.as_loss(s.mean), s.number, s) for s in ended if s.mean is not None]
    good = [setting for _, _, setting in sorted(scored, key=lambda found: found[:2])[:MOST_SETTINGS]]
    if score.name not in MEANS_OVER_ROWS:
        return _luck_by_facts(db, run_id, good[:MOST_RESCORED], score)
    place = {setting.number: i for i, setting in enumerate(good)}
    owner = {trial.number: place.get(trial.setting) for trial in get_trials(db, run_id) if trial.number < FINAL}
    kept = {n: pair for n, pair in search_configurations.row_losses(db, run_id).items() if owner.get(n) is not None}
    rows = np.unique(np.concatenate([positions for positions, _ in kept.values()])) if kept else np.zeros(0, int)
    total, count = np.zeros((len(good), len(rows))), np.zeros((len(good), len(rows)))
    for number, (positions, losses) in kept.items():
        at = owner[number], np.searchsorted(rows, positions)
        total[at] += losses
        count[at] += 1
    found = winners_curse(np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0))
    if score.name != "rmse":
        return found
    reported, corrected, low, high = map(math.sqrt, (found.reported, found.corrected, found.low, found.high))
    return replace(found, reported=reported, corrected=corrected, low=low, high=high)


def _luck_by_facts(db: Database, run_id: str, good: Sequence[StoredSetting], score: Score) -> WinnersCurse:
    """Of a score that is no mean over rows: its mean over the trials of a setting, worked out anew on every resample."""
    wanted = {setting.number for setting in good}
    owner = {trial.number: trial.setting for trial in get_trials(db, run_id) if trial.number < FINAL}
    kept = search_configurations.row_losses(db, run_id)
    trials: dict[int, list[tuple[np.ndarray, np.ndarray]]] = {}
    for number, (positions, values) in kept.items():
        if owner.get(number) in wanted and len(positions):
            trials.setdefault(owner[number], []).append((positions, values.reshape(-1, len(positions))))
    if not trials:
        raise SettingsError(
            f"How lucky the best setting is by {score.words} is worked out from its predictions, and of this search none are "
            f"kept: it is from before they were, or has more than {MOST_CLASSES} classes.",
            kind="no_row_losses",
            remedy="Extend the search by two settings, or ask the test set on the Exam page.",
        )
    rows = np.unique(np.concatenate([positions for found in trials.values() for positions, _ in found]))
    each = max(len(found) for found in trials.values())

    def loss_of(found: list[tuple[np.ndarray, np.ndarray]]) -> Callable[[np.ndarray], float]:
        parts = [(np.searchsorted(rows, positions), facts) for positions, facts in found]
        return lambda times: score.as_loss(float(np.mean([score_of_facts(score, facts, times[at]) for at, facts in parts])))

    order = [setting.number for setting in good if setting.number in trials]
    return winners_curse_by([loss_of(trials[number]) for number in order], len(rows), evaluations=6000 // each)
