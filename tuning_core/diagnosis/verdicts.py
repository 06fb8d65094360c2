"""The findings themselves, one function a verdict: what to shade, how serious it is, what to show and draw."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from tuning_core.diagnosis.decisions import SERIOUS_RISE, Step, has_learned_nothing, has_not_moved
from tuning_core.diagnosis.examined_run import Case
from tuning_core.diagnosis.finding import Evidence, Finding, Remedy
from tuning_core.diagnosis.remedies import remedy, trained_with
from tuning_core.diagnosis.wording import MAY_BE_FINE, ONE_EXPERIMENT, sentence

AFTER_A_STOP = (Step("smaller_min_delta"), Step("more_patience"), Step("later_start"))  # in place of more epochs


def finding(kind: str, case: Case, steps: Sequence[Step], offered: Sequence[Remedy] = (), *, contested: bool = False) -> Finding:
    """The finding of one verdict on one case, with the remedies among `steps` that its settings leave room for.

    What would train the same as one of those `offered` by findings before it is left out.
    `contested` is a verdict beside another that says the opposite, "healthy" and a disease: the curve alone allows both.
    """
    drafted = replace(_WRITERS[kind](case), remedies=_remedies(case, steps, offered))
    if kind != "healthy":
        return replace(drafted, severity="info", message=f"Perhaps: {drafted.message}") if contested else drafted
    message = MAY_BE_FINE if contested else drafted.message
    return replace(drafted, message=f"{message} {ONE_EXPERIMENT}" if drafted.remedies else message)


def _remedies(case: Case, steps: Sequence[Step], offered: Sequence[Remedy]) -> tuple[Remedy, ...]:
    """At most three, in the order given; each a training of its own."""
    drafted: list[Remedy] = []
    taken = [trained_with(old.changes, case.curves) for old in offered if old.changes]
    for step in _possible(steps, case.curves.stopped_early):
        new = remedy(step.action, case.curves, **step.options)
        if new is None or (new.changes and trained_with(new.changes, case.curves) in taken):
            continue
        taken += [trained_with(new.changes, case.curves)]
        gain = case.gain(step.action)
        drafted.append(replace(new, gain=round(gain, 3) if math.isfinite(gain) else None))
    return tuple(drafted[:3])


def _possible(steps: Sequence[Step], stopped_early: bool) -> list[Step]:
    """After an early stop no later epoch is reached: then the rules of the stop are what to change."""
    return [s for step in steps for s in (AFTER_A_STOP if stopped_early and step.action == "more_epochs" else (step,))]


def _diverged(case: Case) -> Finding:
    c, message = case.curves, sentence("diverged", case)
    if c.exploded:
        first = len(c.train) + 1
        broken = (Evidence("first epoch with a loss that is not a number", float(first), None, "", True, "exploded"),)
        return Finding("diverged", "serious", (first, c.n), broken, message, (), "level", 1.0)
    name = "train_end_vs_dummy" if case.knows("train_end_vs_dummy") else "train_end_vs_low"
    span = (int(np.argmin(c.train)) + 1, c.n)
    return Finding("diverged", "serious", span, case.evidence("diverged", name, "swing"), message, (), "level", 1.0)


def _oscillating(case: Case) -> Finding:
    n, message, vote = len(case.curves.train), sentence("oscillating", case), case.votes["oscillating"]
    if has_learned_nothing(case):
        evidence = case.evidence("oscillating", "train_end_vs_dummy", "linear_vs_dummy", "swing")
        return Finding("oscillating", "serious", (1, n), evidence, message, (), "level", vote)
    evidence = case.evidence("oscillating", "swing", "up_total", "up_share_late")
    return Finding("oscillating", "moderate", (min(n // 2 + 1, n), n), evidence, message, (), "swing", vote)


def _overfitting(case: Case) -> Finding:
    span = (case.best_epoch, max(len(case.curves.val), 1))
    evidence = case.evidence("overfitting", "rise", "train_fall_after_best", "gap_end")
    severity = "serious" if case["rise"] > SERIOUS_RISE else "moderate"
    message = sentence("overfitting", case)
    return Finding("overfitting", severity, span, evidence, message, (), "rise", case.votes["overfitting"])


def _too_slow(case: Case) -> Finding:
    n = len(case.curves.train)
    if has_not_moved(case) or has_learned_nothing(case):
        evidence = case.evidence("too_slow", "train_end_vs_dummy", "train_fall_total", "linear_vs_dummy")
        return Finding("too_slow", "serious", (1, n), evidence, sentence("too_slow", case), (), "level", case.votes["too_slow"])
    names = ("val_tripling", "val_last_tenth") if case.knows("val_tripling") else ("train_tripling", "train_last_tenth")
    span = (max(1, round(0.9 * n)), n)
    evidence = case.evidence("too_slow", *names)
    return Finding("too_slow", "moderate", span, evidence, sentence("too_slow", case), (), "slope", case.votes["too_slow"])


def _underfitting(case: Case) -> Finding:
    evidence = case.evidence("underfitting", "train_end_vs_linear", "train_last_quarter", "widest")
    message = sentence("underfitting", case)
    return Finding("underfitting", "moderate", _all(case), evidence, message, (), "baseline", case.votes["underfitting"])


def _over_regularised(case: Case) -> Finding:
    evidence = case.evidence("over_regularised", "train_end_vs_linear", "train_end_vs_dummy", "l2", "dropout")
    message, vote = sentence("over_regularised", case), case.votes["over_regularised"]
    severity = "serious" if has_learned_nothing(case) else "moderate"
    return Finding("over_regularised", severity, _all(case), evidence, message, (), "baseline", vote)


def _healthy(case: Case) -> Finding:
    evidence = case.evidence("healthy", "rise", "val_last_quarter", "swing")
    return Finding("healthy", "info", _all(case), evidence, sentence("healthy", case), (), "", case.votes["healthy"])


def _all(case: Case) -> tuple[int, int]:
    return 1, max(len(case.curves.train), 1)


_WRITERS: dict[str, Callable[[Case], Finding]] = {
    "diverged": _diverged,
    "oscillating": _oscillating,
    "overfitting": _overfitting,
    "too_slow": _too_slow,
    "underfitting": _underfitting,
    "over_regularised": _over_regularised,
    "healthy": _healthy,
}
