"""Notes: what is worth knowing about a curve without being wrong with it. Rules with fixed thresholds, not calibrated."""

from __future__ import annotations

import math

import numpy as np

from tuning_core.diagnosis.examined_run import Case
from tuning_core.diagnosis.finding import Evidence, Finding
from tuning_core.diagnosis.measure_labels import shown
from tuning_core.diagnosis.wording import plateau_sentence, sentence

JITTER = math.log1p(5.0)  # percent, stored as the measures store it
BELOW = math.log(1.1)
FLAT, ARRIVED = 0.01, 0.8


def notes(case: Case, kinds: list[str]) -> list[Finding]:
    """The notes on a case, given the verdicts already found."""
    found = [_noisy_validation(case), _validation_below_train(case)]
    if not {"diverged", "oscillating"} & set(kinds):
        found.append(_plateau(case))
    return [note for note in found if note is not None]


def _noisy_validation(case: Case) -> Finding | None:
    n = len(case.curves.val)
    percent = math.expm1(case["val_swing"]) if case.knows("val_swing") else 0.0
    if not n or case["val_swing"] <= JITTER or percent < 2 * math.expm1(case["swing"]):
        return None
    evidence = (shown("val_swing", case["val_swing"], JITTER),)
    return Finding("noisy_validation", "info", (min(n // 2 + 1, n), n), evidence, sentence("noisy_validation", case), (), "swing")


def _validation_below_train(case: Case) -> Finding | None:
    if not len(case.curves.val) or not case["gap_end"] < -BELOW:
        return None
    evidence = (shown("gap_end", case["gap_end"], -BELOW, above=False),)
    return Finding(
        "validation_below_train", "info", (1, len(case.curves.val)), evidence, sentence("validation_below_train", case), (), "gap"
    )


def _plateau(case: Case) -> Finding | None:
    """A stretch of a quarter of the epochs (at least ten) that gained nothing, before 80 % of the fall was done."""
    train = case.curves.train_smooth
    span = float(train[0] - train.min()) if len(train) >= 20 else 0.0
    if span <= 0:
        return None
    done = (float(train[0]) - train) / span
    width = max(10, len(train) // 4)
    gained = done[width:] - done[:-width]
    flat = np.flatnonzero((gained < FLAT) & (done[width:] < ARRIVED))
    if not len(flat):
        return None
    first = int(flat[0]) + 1
    share = 100 * float(gained[flat[0]])
    evidence = (Evidence("share of the whole fall gained on the plateau", share, 100 * FLAT, "%", above=False),)
    last = first + width
    return Finding("plateau", "info", (first, last), evidence, plateau_sentence(first, last), (), "level")
