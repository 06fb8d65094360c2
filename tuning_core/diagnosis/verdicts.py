"""The findings themselves, one function a verdict: what to shade, what to say, what to try."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from tuning_core.diagnosis.case import Case
from tuning_core.diagnosis.finding import Evidence, Finding, Remedy
from tuning_core.diagnosis.remedies import remedy

WORTH = 0.03  # expected relative gain below which a remedy is not offered on a healthy run
Options = dict[str, float]
LOWER, LOWEST = ("lower_lr", {"factor": 10.0}), ("lower_lr", {"factor": 100.0})


def finding(kind: str, case: Case) -> Finding:
    """The finding of one verdict on one case."""
    return _WRITERS[kind](case)


def _treat(case: Case, *actions: str | tuple[str, Options]) -> tuple[Remedy, ...]:
    """The remedies that these settings leave room for, at most three, in the order given."""
    made: list[Remedy] = []
    for action in actions:
        name, options = (action, {}) if isinstance(action, str) else action
        new = remedy(name, case.curves, **options)
        if new is not None and all(new.changes != old.changes or not new.changes for old in made):
            made.append(Remedy(new.action, new.changes, new.reason, _expected(case, name)))
    return tuple(made[:3])


def _expected(case: Case, action: str) -> float | None:
    gain = case.votes.get(f"gain_{action}")
    return None if gain is None else round(gain, 3)


def by_gain(case: Case, *actions: str) -> list[str]:
    """Actions, those first that runs like this one gained most from."""
    return sorted(actions, key=lambda action: -case.votes[f"gain_{action}"])


def _second_half(case: Case) -> tuple[int, int]:
    n = len(case.curves.train)
    return min(n // 2 + 1, n), n


def _diverged(case: Case) -> Finding:
    c = case.curves
    treatments = _treat(case, LOWER, LOWEST, "clean_start")
    if c.exploded:
        first = len(c.train) + 1
        broken = (Evidence("first epoch with a loss that is not a number", float(first), None, "", True, "exploded"),)
        message = f"The training loss stopped being a number in epoch {first}: the steps are far too large."
        return Finding("diverged", "serious", (first, c.n), broken, message, treatments, "level", 1.0)
    if case.knows("train_end_vs_dummy"):
        name, where = "train_end_vs_dummy", "a model that always answers the average"
        message = f"Training ends at {math.exp(case[name]):.2g} times the loss of {where}: the steps overshoot the valley."
    else:
        name = "train_end_vs_low"
        message = f"Training ends {case.percent(name):.0f} % above its own lowest loss: the steps overshoot the valley."
    evidence = case.evidence("diverged", name, "swing")
    low = int(np.argmin(c.train)) + 1
    return Finding("diverged", "serious", (low, c.n), evidence, message, treatments, "level", 1.0)


def _oscillating(case: Case) -> Finding:
    order = by_gain(case, "lower_lr", "early_stop")
    treatments = _treat(case, *order, LOWER) if order[0] == "lower_lr" else _treat(case, *order)
    swing = math.expm1(case["swing"])
    message = f"The training loss jumps by about {swing:.2g} % from epoch to epoch: the steps are too large to settle."
    evidence = case.evidence("oscillating", "swing", "up_total", "up_share_late")
    return Finding(
        "oscillating", "moderate", _second_half(case), evidence, message, treatments, "swing", case.votes["oscillating"]
    )


def _overfitting(case: Case) -> Finding:
    c = case.curves
    others = [a for a in by_gain(case, "lower_lr", "more_capacity") if case.votes[f"gain_{a}"] > case.votes["gain_early_stop"]]
    treatments = _treat(case, *others, "early_stop", "regularise", "less_capacity")
    epoch, rise = min(c.best + 1, max(len(c.val), 1)), case.percent("rise")
    if case["train_fall_after_best"] > 0:
        message = (
            f"After epoch {epoch} the validation loss rose by {rise:.2g} % while the training loss kept falling: "
            "the model memorises rows instead of learning the pattern."
        )
    else:
        message = f"The validation loss ends {rise:.2g} % above its best, in epoch {epoch}: later epochs made the model worse."
    evidence = case.evidence("overfitting", "rise", "train_fall_after_best", "gap_end")
    severity = "serious" if case["rise"] > math.log(1.25) else "moderate"
    span = (epoch, max(len(c.val), epoch))
    return Finding("overfitting", severity, span, evidence, message, treatments, "rise", case.votes["overfitting"])


def _too_slow(case: Case) -> Finding:
    n = len(case.curves.train)
    order = by_gain(case, "raise_lr", "more_epochs")
    if case.votes["gain_more_capacity"] > 2 * max(case.votes[f"gain_{a}"] for a in order):
        order.insert(0, "more_capacity")
    message = f"The loss was still falling when training ended at epoch {n}: it has not arrived yet."
    names = ("val_tripling", "val_last_tenth") if case.knows("val_tripling") else ("train_tripling", "train_last_tenth")
    evidence = case.evidence("too_slow", *names)
    span = (max(1, round(0.9 * n)), n)
    treatments = _treat(case, *order, ("raise_lr", {"factor": 10.0}))
    return Finding("too_slow", "moderate", span, evidence, message, treatments, "slope", case.votes["too_slow"])


def _underfitting(case: Case) -> Finding:
    times = math.exp(case["train_end_vs_linear"]) if case.knows("train_end_vs_linear") else math.nan
    if math.isfinite(times) and times > 0.8:
        message = (
            f"Training has settled at {times:.2g} times the loss of a linear model: this model is too simple for the pattern."
        )
    else:
        message = "Training has settled, and a larger model is likely to do better: this one is too simple for the pattern."
    evidence = case.evidence("underfitting", "train_end_vs_linear", "train_last_quarter", "widest")
    treatments = _treat(case, "more_capacity", *by_gain(case, "more_epochs", "raise_lr"))
    n = len(case.curves.train)
    return Finding(
        "underfitting", "moderate", (1, max(n, 1)), evidence, message, treatments[:2], "baseline", case.votes["underfitting"]
    )


def _healthy(case: Case) -> Finding:
    best = by_gain(case, *ACTIONS_WITH_GAIN)[0]
    treatments = _treat(case, best) if case.votes[f"gain_{best}"] > WORTH else ()
    message = "The curve fell, settled and stayed: nothing to fix."
    if case.margin("healthy") < 0:
        message = "Nothing is clearly wrong with this curve."
    if treatments:
        message += " One experiment may still be worth a try."
    evidence = case.evidence("healthy", "rise", "val_last_quarter", "swing")
    return Finding(
        "healthy", "info", (1, max(len(case.curves.train), 1)), evidence, message, treatments, "", case.votes["healthy"]
    )


ACTIONS_WITH_GAIN = ("early_stop", "lower_lr", "raise_lr", "more_epochs", "more_capacity")

_WRITERS: dict[str, Callable[[Case], Finding]] = {
    "diverged": _diverged,
    "oscillating": _oscillating,
    "overfitting": _overfitting,
    "too_slow": _too_slow,
    "underfitting": _underfitting,
    "healthy": _healthy,
}
