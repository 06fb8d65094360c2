"""The curve doctor: from a history to findings, ordered by what to fix first."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from tuning_core.diagnosis.finding import Evidence, Finding, Remedy
from tuning_core.diagnosis.measures import Curves, measure, read_curves
from tuning_core.diagnosis.remedies import remedy
from tuning_core.experiment import History

MIN_EPOCHS = 5  # fewer tell nothing but an explosion


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
    curves = read_curves(history)
    measures = measure(curves)
    others = [measure(read_curves(other)) for other in seeds or ()]
    pooled = _pool([measures, *others])
    if curves.n == 0 or (len(curves.train) < MIN_EPOCHS and not curves.exploded):
        return []
    case = Case(curves, pooled)
    rules = (_diverged,) if curves.exploded else _DISEASES  # a curve that broke off says nothing else
    found = [finding for rule in rules if (finding := rule(case)) is not None]
    if not found:
        found = [_healthy(case)]
    notes = () if curves.exploded else _NOTES
    return found + [note for rule in notes if (note := rule(case, found)) is not None]


@dataclass(frozen=True, eq=False)
class Case:
    """One run with its measures (the median over seeds where several are given)."""

    curves: Curves
    measures: dict[str, float]

    def __getitem__(self, name: str) -> float:
        return self.measures.get(name, math.nan)


def _pool(all_measures: list[dict[str, float]]) -> dict[str, float]:
    if len(all_measures) == 1:
        return all_measures[0]
    pooled = {}
    for name in {name for measures in all_measures for name in measures}:
        values = [m[name] for m in all_measures if math.isfinite(m.get(name, math.nan))]
        pooled[name] = float(np.median(values)) if values else math.nan
    return pooled


# ---- diseases, in the order of what to fix first --------------------------------------------------------------------


def _remedies(case: Case, *actions: tuple[str, dict] | str) -> tuple[Remedy, ...]:
    made = [remedy(a, case.curves) if isinstance(a, str) else remedy(a[0], case.curves, **a[1]) for a in actions]
    return tuple(r for r in made if r is not None)[:3]


def _percent(log_value: float) -> float:
    return 100 * math.expm1(log_value)


def _diverged(case: Case) -> Finding | None:
    c = case.curves
    high = case["train_end_vs_dummy"]
    if math.isfinite(high):
        grown = high > math.log(1.5)
    else:
        grown = case["train_end_vs_first"] > 0 and case["train_end_vs_low"] > math.log(1.5)
    if not (c.exploded or grown):
        return None
    treatments = _remedies(case, ("lower_lr", {"factor": 10.0}), ("lower_lr", {"factor": 100.0}), "clean_start")
    if c.exploded:
        first = len(c.train) + 1
        evidence = (Evidence("first epoch with a loss that is not a number", first, None, "epoch"),)
        message = f"The training loss stopped being a number in epoch {first}: the steps are far too large."
        return Finding("diverged", "serious", (first, c.n), evidence, message, treatments, "level")
    known = math.isfinite(high)
    times = math.exp(high if known else case["train_end_vs_low"])
    where = "the constant predictor's" if known else "its own lowest"
    evidence = (Evidence(f"final training loss over {where}", times, 1.5, "x"),)
    message = f"Training ends at {times:.1f} times {where} loss: the steps overshoot, and the model learns nothing it keeps."
    return Finding("diverged", "serious", (_rough_from(c), c.n), evidence, message, treatments, "level")


def _rough_from(c: Curves) -> int:
    return int(np.argmin(c.train)) + 1


def _oscillating(case: Case) -> Finding | None:
    c = case.curves
    if _diverged(case) is not None:
        return None
    total, share = math.expm1(case["up_total"]), case["up_share_late"]
    swing = math.expm1(case["swing"])
    if not (total > 1.0 and share > 0.25 and swing > 4.0):
        return None
    evidence = (
        Evidence("all up-moves of the training loss over its final value", total, 1.0, "x"),
        Evidence("epochs in the second half in which the training loss rose", 100 * share, 25.0, "%"),
        Evidence("swing around the trend over the final loss", swing, 4.0, "%"),
    )
    message = f"The training loss jumps by about {swing:.0f} % from epoch to epoch: the steps are too large to settle."
    treatments = _remedies(case, "lower_lr", ("lower_lr", {"factor": 10.0}), "early_stop")
    return Finding("oscillating", "moderate", (len(c.train) // 2 + 1, len(c.train)), evidence, message, treatments, "swing")


def _overfitting(case: Case) -> Finding | None:
    c = case.curves
    if not len(c.val):
        return None
    rise, held, fall = case["rise"], case["rise_held"], case["train_fall_after_best"]
    if not (rise > math.log(1.08) and held > math.log(1.05) and fall > 0.02) or c.best + 5 >= len(c.val):
        return None
    epoch = c.best + 1
    evidence = (
        Evidence("rise of the validation loss after its best epoch", _percent(rise), 8.0, "%"),
        Evidence("lowest of the last five epochs over the best", _percent(held), 5.0, "%"),
        Evidence("fall of the training loss meanwhile", 100 * -math.expm1(-fall), 2.0, "%"),
    )
    message = (
        f"After epoch {epoch} the validation loss rose by {_percent(rise):.0f} % while the training loss kept falling: "
        "the model memorises rows instead of learning the pattern."
    )
    treatments = _remedies(case, "early_stop", "regularise", "less_capacity")
    severity = "serious" if rise > math.log(1.25) else "moderate"
    return Finding("overfitting", severity, (epoch, len(c.val)), evidence, message, treatments, "rise")


def _too_slow(case: Case) -> Finding | None:
    c = case.curves
    speed = case["val_tripling"] if len(c.val) else case["train_tripling"]
    last = case["val_last_tenth"] if len(c.val) else case["train_last_tenth"]
    best_at = case["best_at"] if len(c.val) else 1.0
    if not (speed > 0.08 and last > 0.02 and best_at > 0.9 and case["up_share"] < 0.45):
        return None
    evidence = (
        Evidence("share of the whole fall that came in the last tenth of the epochs", 100 * last, 2.0, "%"),
        Evidence("fall of the loss over the last two thirds", 100 * -math.expm1(-speed), 8.0, "%"),
    )
    message = f"The loss was still falling when training ended at epoch {c.n}: it has not arrived yet."
    first = round(0.9 * len(c.train))
    treatments = _remedies(case, "raise_lr", "more_epochs", ("raise_lr", {"factor": 10.0}))
    return Finding("too_slow", "moderate", (max(first, 1), len(c.train)), evidence, message, treatments, "slope")


def _underfitting(case: Case) -> Finding | None:
    c = case.curves
    if _diverged(case) or _too_slow(case) or _overfitting(case) or _oscillating(case):
        return None
    gap, level = case["gap_end"], case["train_end_vs_linear"]
    if not (level > -0.1 and abs(case["train_last_quarter"]) < 0.05):
        return None
    if math.isfinite(gap) and gap > 0.5:
        return None
    small = case["widest"]
    if math.isfinite(small) and small > math.log(16):
        return None
    evidence = (
        Evidence("training loss over the linear model's", math.exp(level), 0.9, "x"),
        Evidence("change over the last quarter", _percent(abs(case["train_last_quarter"])), 5.0, "%", above=False),
    )
    message = "Training has settled no lower than a straight-line model: this model is too simple for the pattern."
    return Finding("underfitting", "moderate", (1, len(c.train)), evidence, message, _remedies(case, "more_capacity"), "baseline")


def _healthy(case: Case) -> Finding:
    c = case.curves
    evidence = []
    if math.isfinite(case["rise"]):
        rise = _percent(case["rise"])
        evidence.append(Evidence("rise of the validation loss after its best epoch", rise, 8.0, "%", above=False))
    message = "The curve fell, settled and stayed: nothing to fix."
    return Finding("healthy", "info", (1, max(len(c.train), 1)), tuple(evidence), message)


# ---- notes ----------------------------------------------------------------------------------------------------------


def _noisy_validation(case: Case, found: list[Finding]) -> Finding | None:
    c = case.curves
    ratio = math.expm1(case["val_swing"])
    if not len(c.val) or not ratio > 5.0 or ratio < 2 * math.expm1(case["swing"]):
        return None
    rows = c.facts.n_validation
    who = f"{rows:.0f} validation rows" if math.isfinite(rows) else "few validation rows"
    evidence = (Evidence("jitter of the validation loss from epoch to epoch", ratio, 5.0, "%"),)
    message = f"The validation loss jitters by {ratio:.0f} %, more than the training loss: {who} cannot tell small differences."
    return Finding("noisy_validation", "info", (len(c.val) // 2 + 1, len(c.val)), evidence, message, (), "swing")


def _validation_below_train(case: Case, found: list[Finding]) -> Finding | None:
    gap = case["gap_end"]
    if not len(case.curves.val) or not gap < -math.log(1.1):
        return None
    evidence = (Evidence("validation loss under the training loss", -_percent(gap), 10.0, "%"),)
    message = "The validation rows are easier than the training rows: the split was lucky, so do not trust small gains."
    return Finding("validation_below_train", "info", (1, len(case.curves.val)), evidence, message, (), "gap")


def _plateau(case: Case, found: list[Finding]) -> Finding | None:
    c = case.curves
    if len(c.train) < 20 or any(f.kind in ("diverged", "oscillating") for f in found):
        return None
    train = c.train_smooth
    span = float(train[0] - train.min())
    if span <= 0:
        return None
    done = (float(train[0]) - train) / span
    width = max(10, len(train) // 4)
    gained = done[width:] - done[:-width]
    flat = np.flatnonzero((gained < 0.01) & (done[width:] < 0.8))
    if not len(flat):
        return None
    first = int(flat[0]) + 1
    evidence = (Evidence("share of the whole fall gained on the plateau", 100 * float(gained[flat[0]]), 1.0, "%", above=False),)
    message = f"The training loss stood still from epoch {first} to {first + width} before it fell further."
    return Finding("plateau", "info", (first, first + width), evidence, message, (), "level")


_DISEASES: tuple[Callable[[Case], Finding | None], ...] = (_diverged, _overfitting, _oscillating, _too_slow, _underfitting)
_NOTES: tuple[Callable[[Case, list[Finding]], Finding | None], ...] = (_plateau, _noisy_validation, _validation_below_train)
