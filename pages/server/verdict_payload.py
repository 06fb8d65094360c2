"""What is said under a curve, as plain data for JSON: the findings over all seeds, and the difference to the run before."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from pages.server.difference_payload import difference_facts
from tuning_core.charts.style import number, share
from tuning_core.diagnosis import (
    NOTES,
    Evidence,
    Finding,
    LiveReading,
    Remedy,
    diagnose_seeds,
    error_rates,
    next_look,
    read_on,
)
from tuning_core.diagnosis.difference import kept_score
from tuning_core.diagnosis.tree_comparison import compared_with_trees
from tuning_core.diagnosis.wording import TITLES, two_digits
from tuning_core.experiment import History, Hyperparameters, RunStatus, changes, changes_in_words
from tuning_core.lessons import with_meanings
from tuning_core.store import Database, curves
from tuning_core.store.runs import StoredRun

ENDED = (
    RunStatus.FINISHED,
    RunStatus.STOPPED,
    RunStatus.DIVERGED,
)  # whose curves can be read as a whole; of the others there may be half a curve
WORTH_SAYING = 0.005  # expected gains below half a percent are not promised


def verdict_facts(db: Database, run: StoredRun, ghost: StoredRun | None, reading: LiveReading) -> tuple[dict, LiveReading]:
    """The answer for one run as plain data, and how far its growing curve has been read by now."""
    histories = seed_histories(db, run)
    if run.live:
        reading = read_on(reading, list(histories.values()))
        findings = list(reading.shown)
        facts = {"epochs": reading.epochs, "next": next_look(reading.epochs), "note": _live_note(reading)}
    else:
        findings = diagnose_seeds(list(histories.values())) if run.status in ENDED else []
        longest = max(map(len, histories.values()), default=0)
        facts = {"epochs": longest, "next": None, "note": _note(run, longest, findings)}
    settings = Hyperparameters.from_json(run.spec["hyperparameters"])
    difference = difference_facts(ghost, seed_histories(db, ghost), run, histories) if ghost is not None else None
    contested = any(f.contested for f in findings)
    told = [_finding(f, settings, contested and f.kind not in NOTES) for f in findings]
    trees = "" if run.live else _trees(list(histories.values()), settings)
    return {**facts, "findings": told, "difference": difference, "trees": trees}, reading


def _trees(histories: list[History], settings: Hyperparameters) -> str:
    """The models that are kept beside trees without tuning, on the validation rows; "" where these are not known."""
    context = histories[0].context if histories else {}
    numbers = context.get("task") == "regression"
    return compared_with_trees(
        [kept_score(history, settings, "val_metric") for history in histories],
        context.get("tree_metric"),
        lower_is_better=numbers,
        score="a mean absolute error of" if numbers else "an accuracy of",
        rows="validation rows",
        form=number if numbers else share,
        gap_form=None if numbers else lambda gap: number(100 * gap, "points"),
    )


def seed_histories(db: Database, run: StoredRun) -> dict[int, History]:
    """By seed; a trial that still trains has no settings in its context yet, so they are added."""
    found = curves.histories(db, run.id)
    known = {"hyperparameters": run.spec["hyperparameters"]}
    return {
        seed: replace(found[number], context=known | dict(found[number].context))
        for number, seed in enumerate(run.spec["seeds"])
        if number in found
    }


def _live_note(reading: LiveReading) -> str:
    return f"No sign of trouble up to epoch {reading.epochs:,}." if reading.epochs else "The first epochs are being read."


def _note(run: StoredRun, epochs: int, findings: list[Finding]) -> str:
    """What stands where no finding is."""
    if findings or not epochs:
        return ""
    if run.status not in ENDED:
        return "The training was cut off, so its curve is not judged. Continue it, or train again."
    return "Fewer than five epochs tell nothing: train for longer."


def _finding(finding: Finding, settings: Hyperparameters, contested: bool) -> dict[str, Any]:
    remedies = [_remedy(remedy, settings) for remedy in finding.remedies if remedy.changes]
    return {
        "kind": finding.kind,
        "title": TITLES[finding.kind] + ("?" if contested else ""),
        "severity": "healthy" if finding.kind == "healthy" else "perhaps" if contested else finding.severity,
        "message": finding.message,
        "words": with_meanings(finding.message),
        "epochs": finding.epochs,
        "quantity": finding.quantity,
        "evidence": [_evidence(piece) for piece in finding.evidence],
        "rate": _rate_in_words(finding.kind),
        "remedies": [remedy for remedy in remedies if remedy["words"]],
    }


def _rate_in_words(kind: str) -> str:
    if kind in NOTES:
        return "A rule of thumb: its error rate has not been measured."
    rate = error_rates().get(kind)
    return rate.sentence() if rate else ""


def _evidence(piece: Evidence) -> dict[str, Any]:
    threshold = ""
    if piece.threshold is not None and math.isfinite(piece.threshold):
        threshold = f"{'above' if piece.above else 'below'} {_quantity(piece.threshold, piece.unit)}"
    return {"name": piece.name, "value": _quantity(piece.value, piece.unit), "threshold": threshold, "measure": piece.measure}


def _quantity(value: float, unit: str) -> str:
    if not unit and float(value).is_integer() and abs(value) < 1e9:
        return f"{value:,.0f}"
    return number(value, "×" if unit == "x" else unit)


def _remedy(remedy: Remedy, settings: Hyperparameters) -> dict[str, Any]:
    found = changes(settings, settings.replace(**remedy.changes))
    gain = f"{two_digits(100 * remedy.gain)} %" if remedy.gain is not None and remedy.gain > WORTH_SAYING else ""
    return {
        "words": changes_in_words(found) if found else "",
        "reason": remedy.reason,
        "gain": gain,
        "changes": dict(remedy.changes),
    }
