"""The curve doctor: from a history to findings, ordered by what to fix first."""

from __future__ import annotations

from collections.abc import Iterable

from tuning_core.diagnosis.calibrated_trees import Calibration, calibration
from tuning_core.diagnosis.decisions import decide
from tuning_core.diagnosis.examined_run import examine
from tuning_core.diagnosis.finding import Finding
from tuning_core.diagnosis.notes import notes
from tuning_core.diagnosis.verdicts import finding
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
    list of Finding; empty when the curve is too short to tell. Where the curve allows two readings, "healthy" stands beside
    diseases of severity "info": no other verdict contradicts another. Multiplying every loss, baselines too, by a constant
    changes no verdict. Bad input (length 0, NaN, negative losses, no validation) never raises.
    """
    return diagnose_with(calibration(), history, tuple(seeds or ()))


def diagnose_with(numbers: Calibration, history: History, seeds: tuple[History, ...] = ()) -> list[Finding]:
    """`diagnose` with a calibration of one's own."""
    case = examine(history, seeds, numbers)
    curves = case.curves
    if curves.n == 0 or (len(curves.train) < MIN_EPOCHS and not curves.exploded):
        return []
    chosen = decide(case)
    contested = len(chosen) > 1 and any(kind == "healthy" for kind, _ in chosen)
    found: list[Finding] = []
    for kind, steps in chosen:
        offered = [remedy for before in found for remedy in before.remedies]
        found.append(finding(kind, case, steps, offered, contested=contested))
    return found if curves.exploded else found + notes(case, [f.kind for f in found])
