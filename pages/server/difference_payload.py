"""What was changed between two runs, and what it brought, seed by seed: the line under the curve, as plain data for JSON."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from tuning_core.charts.style import number, share
from tuning_core.diagnosis import kept_score, paired_difference
from tuning_core.experiment import History, Hyperparameters, RunStatus, changes, changes_in_words
from tuning_core.store.runs import StoredRun

Curves = Mapping[int, History]  # by seed


def difference_facts(before: StoredRun, earlier: Curves, after: StoredRun, later: Curves) -> dict[str, Any]:
    """`words`: what differs and nothing else; "loss", "rmse" and "metric": the paired difference, None while one of them still
    trains or when `refusal` says why there is none."""
    settings = [Hyperparameters.from_json(run.spec["hyperparameters"]) for run in (before, after)]
    words = changes_in_words(changes(*settings))
    if before.spec["seeds"] != after.spec["seeds"]:
        words = f"{words}, seeds {len(before.spec['seeds'])} → {len(after.spec['seeds'])}".removeprefix("the same settings, ")
    if before.setup.get("features") != after.setup.get("features"):
        words = f"{words}, other features".removeprefix("the same settings, ")
    refusal = _not_comparable(before, after)
    if refusal or before.live or after.live:
        return {"words": words, "refusal": refusal, "loss": None, "rmse": None, "metric": None}
    shared = [seed for seed in earlier if seed in later]
    panels = {}
    for panel, series in (("loss", "val_loss"), ("metric", "val_metric")):
        scores = [[kept_score(c[s], hp, series) for s in shared] for c, hp in zip((earlier, later), settings, strict=True)]
        contexts = [c[s].context for c in (earlier, later) for s in shared]
        panels[panel] = _in_words(scores, panel, contexts)
        if panel == "loss":
            panels["rmse"] = _roots_in_words(scores) if _has_root(contexts) else None
    return {"words": words, "refusal": "", **panels}


def _in_words(scores: list[list[float]], panel: str, contexts: list[Mapping[str, Any]]) -> dict[str, str]:
    """The verdict and its sentence: losses as shares of the loss before, MAE in the target's unit, accuracy in points."""
    if panel == "loss":
        if len({context.get("loss_name") for context in contexts}) > 1:
            return {"verdict": "unknown", "sentence": "The two losses are of different kinds."}
        positive = all(value > 0 for row in scores for value in row if math.isfinite(value))
        found = paired_difference(*scores, relative=positive)
        return {"verdict": found.verdict, "sentence": f"Validation loss: {found.sentence(share if positive else number)}"}
    if contexts and contexts[0].get("metric_name") == "accuracy":
        found = paired_difference(*scores, lower_is_better=False)
        return {"verdict": found.verdict, "sentence": f"Accuracy: {found.sentence(_points)}"}
    found = paired_difference(*scores)
    return {"verdict": found.verdict, "sentence": f"MAE: {found.sentence(number)}"}


def _has_root(contexts: list[Mapping[str, Any]]) -> bool:
    """Whether the root of the loss is in the target's unit."""
    return all(context.get("loss_name") == "mse" and context.get("target_transform") != "log" for context in contexts)


def _roots_in_words(scores: list[list[float]]) -> dict[str, str]:
    found = paired_difference(*[[math.sqrt(value) for value in row] for row in scores])
    return {"verdict": found.verdict, "sentence": f"RMSE: {found.sentence(number)}"}


def _points(value: float) -> str:
    return f"{number(100 * value)} points"


def _not_comparable(before: StoredRun, after: StoredRun) -> str:
    """Why two runs have no paired difference; "" when they have one."""
    if any(a != b for a, b in ((before.dataset_id, after.dataset_id), *_pairs(before, after, "target", "task"))):
        return "another table or target, so the numbers do not compare"
    if any(a != b for a, b in _pairs(before, after, "split", "kinds")):
        return "the data are split or read in another way, so the validation rows are not the same"
    for run, which in ((before, "previous"), (after, "shown")):
        if not run.live and not run.whole:
            return f"the {which} run {'failed' if run.status == RunStatus.FAILED else f'was {run.status}'} before its end"
    return ""


def _pairs(before: StoredRun, after: StoredRun, *names: str) -> list[tuple[Any, Any]]:
    return [(before.setup.get(name), after.setup.get(name)) for name in names]
