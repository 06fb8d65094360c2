"""The curve doctor: from a history to findings, ordered by what to fix first."""

from __future__ import annotations

import math
from collections.abc import Iterable

from tuning_core.diagnosis.case import Case, examine
from tuning_core.diagnosis.finding import Finding
from tuning_core.diagnosis.model import Calibration, calibration
from tuning_core.diagnosis.notes import notes
from tuning_core.diagnosis.verdicts import finding
from tuning_core.experiment import History

MIN_EPOCHS = 5  # fewer tell nothing but an explosion
DIVERGED = math.log(1.5)  # final training loss over the constant predictor's
VOTED = ("oscillating", "overfitting", "too_slow", "underfitting")


def diagnose(history: History, *, seeds: Iterable[History] | None = None) -> list[Finding]:
    """Findings on a learning curve, the one to fix first at the head; a run with nothing to fix says "healthy".

    Works from the curves alone and better with a context (`History.context`: baselines, counts, hyperparameters).

    Parameters
    ----------
    history : the run to read.
    seeds : histories of the same settings with other seeds, where there are some; verdicts are then taken over all.

    Returns
    -------
    list of Finding; empty when the curve is too short to tell. Multiplying every loss, baselines too, by a constant
    changes no verdict. Bad input (length 0, NaN, negative losses, no validation) never raises.
    """
    return diagnose_with(calibration(), history, tuple(seeds or ()))


def diagnose_with(numbers: Calibration, history: History, seeds: tuple[History, ...] = ()) -> list[Finding]:
    """`diagnose` with a calibration of one's own, as the bank's report needs it."""
    case = examine(history, seeds, numbers)
    curves = case.curves
    if curves.n == 0 or (len(curves.train) < MIN_EPOCHS and not curves.exploded):
        return []
    kinds = decide(case)
    found = sorted((finding(kind, case) for kind in kinds), key=_urgency)
    return found if curves.exploded else found + notes(case, kinds)


def decide(case: Case) -> list[str]:
    """Which verdicts hold: "diverged" or "healthy" alone, or one or several of the others."""
    if has_diverged(case):
        return ["diverged"]
    margins = {kind: case.margin(kind) for kind in (*VOTED, "healthy") if kind != "overfitting" or len(case.curves.val)}
    sick = [kind for kind in VOTED if margins.get(kind, -1.0) >= 0]
    if not sick or margins["healthy"] > max(margins[kind] for kind in sick):
        return ["healthy"]
    return sick


def has_diverged(case: Case) -> bool:
    """By definition, not by vote: the training loss is no number, or ends at 1.5 times the constant predictor's or more.

    A loss that comes down smoothly from far above is slow, not diverged. Without a baseline: above its own start, and
    1.5 times its lowest.
    """
    if case.curves.exploded:
        return True
    falling = case["up_share"] < 0.15 and case["train_last_quarter"] > 0.01 and case["train_end_vs_low"] < 0.01
    if case.knows("train_end_vs_dummy"):
        return case["train_end_vs_dummy"] > DIVERGED and not falling
    return case["train_end_vs_first"] > 0 and case["train_end_vs_low"] > DIVERGED


def _urgency(found: Finding) -> tuple[bool, float]:
    """Divergence first, then what the first remedy is expected to gain."""
    gain = found.remedies[0].gain if found.remedies else None
    return found.kind != "diverged", -(gain or 0.0)
