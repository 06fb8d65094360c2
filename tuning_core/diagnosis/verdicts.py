"""The findings themselves, one function a verdict: what to shade, what to show, what to say."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from tuning_core.diagnosis.decisions import Step, has_learned_nothing
from tuning_core.diagnosis.examined_run import Case
from tuning_core.diagnosis.finding import Evidence, Finding, Remedy
from tuning_core.diagnosis.remedies import remedy
from tuning_core.diagnosis.wording import two_digits

SERIOUS_RISE = math.log(1.25)


def finding(kind: str, case: Case, steps: Sequence[Step], *, contested: bool = False) -> Finding:
    """The finding of one verdict on one case, with the remedies among `steps` that its settings leave room for.

    `contested` is a verdict beside another that says the opposite, "healthy" and a disease: the curve alone allows both.
    """
    made = replace(_WRITERS[kind](case), remedies=_remedies(case, steps))
    if kind != "healthy":
        return replace(made, severity="info", message=f"Perhaps: {made.message}") if contested else made
    if contested:
        made = replace(made, message="The curve may as well be fine as it is: other runs that looked like this one were.")
    if made.remedies:
        return replace(made, message=f"{made.message} One experiment may still be worth a try.")
    return made


def _remedies(case: Case, steps: Sequence[Step]) -> tuple[Remedy, ...]:
    """At most three, in the order given."""
    made: list[Remedy] = []
    for step in steps:
        new = remedy(step.action, case.curves, **step.options)
        if new is not None and all(new.changes != old.changes or not new.changes for old in made):
            gain = case.gain(step.action)
            made.append(replace(new, gain=round(gain, 3) if math.isfinite(gain) else None))
    return tuple(made[:3])


def _diverged(case: Case) -> Finding:
    c = case.curves
    if c.exploded:
        first = len(c.train) + 1
        broken = (Evidence("first epoch with a loss that is not a number", float(first), None, "", True, "exploded"),)
        message = f"The training loss stopped being a number in epoch {first}: the steps are far too large."
        return Finding("diverged", "serious", (first, c.n), broken, message, (), "level", 1.0)
    if case.knows("train_end_vs_dummy"):
        name = "train_end_vs_dummy"
        times = two_digits(math.exp(case[name]))
        message = f"Training ends at {times} times the loss of always answering the average: the steps overshoot."
    else:
        name = "train_end_vs_low"
        message = f"Training ends {two_digits(case.percent(name))} % above its own lowest loss: the steps overshoot."
    span = (int(np.argmin(c.train)) + 1, c.n)
    return Finding("diverged", "serious", span, case.evidence("diverged", name, "swing"), message, (), "level", 1.0)


def _oscillating(case: Case) -> Finding:
    n = len(case.curves.train)
    if has_learned_nothing(case):
        better = -100 * math.expm1(case["linear_vs_dummy"])
        message = (
            "Training ends no better than always answering the average, though a linear model is "
            f"{better:.0f} % better: the steps are so large that they threw the model out of the valley."
        )
        evidence = case.evidence("oscillating", "train_end_vs_dummy", "linear_vs_dummy", "swing")
        return Finding("oscillating", "serious", (1, n), evidence, message, (), "level", case.votes["oscillating"])
    message = (
        f"The training loss jumps by about {two_digits(math.expm1(case['swing']))} % from epoch to epoch: "
        "the steps are too large for it to settle."
    )
    evidence = case.evidence("oscillating", "swing", "up_total", "up_share_late")
    span = (min(n // 2 + 1, n), n)
    return Finding("oscillating", "moderate", span, evidence, message, (), "swing", case.votes["oscillating"])


def _overfitting(case: Case) -> Finding:
    c = case.curves
    n = max(len(c.val), 1)
    epoch, rise = min(c.best + 1, n), case.percent("rise")
    if case["train_fall_after_best"] > 0:
        message = (
            f"After epoch {epoch} the validation loss rose by {two_digits(rise)} % while the training loss kept falling: "
            "the model memorises rows instead of learning the pattern."
        )
    else:
        message = (
            f"The validation loss ends {two_digits(rise)} % above its best, in epoch {epoch}: later epochs made the model worse."
        )
    if _keeps_best(case):
        message += " Early stopping kept the weights of its best epoch."
    evidence = case.evidence("overfitting", "rise", "train_fall_after_best", "gap_end")
    severity = "serious" if case["rise"] > SERIOUS_RISE else "moderate"
    return Finding("overfitting", severity, (epoch, n), evidence, message, (), "rise", case.votes["overfitting"])


def _keeps_best(case: Case) -> bool:
    stop = case.curves.facts.settings.get("early_stopping")
    return isinstance(stop, Mapping) and bool(stop.get("restore_best_weights"))


def _too_slow(case: Case) -> Finding:
    n = len(case.curves.train)
    message = f"The loss was still falling when training ended at epoch {n}: it has not arrived yet."
    names = ("val_tripling", "val_last_tenth") if case.knows("val_tripling") else ("train_tripling", "train_last_tenth")
    span = (max(1, round(0.9 * n)), n)
    evidence = case.evidence("too_slow", *names)
    return Finding("too_slow", "moderate", span, evidence, message, (), "slope", case.votes["too_slow"])


def _underfitting(case: Case) -> Finding:
    times = math.exp(case["train_end_vs_linear"])  # NaN without a baseline
    if times > 0.8:
        message = f"Training has settled at {two_digits(times)} times the loss of a linear model: this model is too simple."
    else:
        message = "Training has settled, and a larger model is likely to do better: this one is too simple."
    evidence = case.evidence("underfitting", "train_end_vs_linear", "train_last_quarter", "widest")
    span = (1, max(len(case.curves.train), 1))
    return Finding("underfitting", "moderate", span, evidence, message, (), "baseline", case.votes["underfitting"])


def _healthy(case: Case) -> Finding:
    sure = case.margin("healthy") >= 0
    message = "The curve fell, settled and stayed: nothing to fix." if sure else "Nothing is clearly wrong with this curve."
    evidence = case.evidence("healthy", "rise", "val_last_quarter", "swing")
    span = (1, max(len(case.curves.train), 1))
    return Finding("healthy", "info", span, evidence, message, (), "", case.votes["healthy"])


_WRITERS: dict[str, Callable[[Case], Finding]] = {
    "diverged": _diverged,
    "oscillating": _oscillating,
    "overfitting": _overfitting,
    "too_slow": _too_slow,
    "underfitting": _underfitting,
    "healthy": _healthy,
}
