"""The charts of an exam as tables."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from tuning_core.charts.ledger_chart import PARTS, LedgerStep
from tuning_core.charts.style import number, share, whole
from tuning_core.exam.report import ExamReport

Columns = dict[str, list[str]]


def step_columns(steps: Sequence[LedgerStep], metric: str, form: Callable[[float], str]) -> Columns:
    return {
        "rows": [PARTS[step.part] for step in steps],
        metric: [form(step.value) for step in steps],
        "trees": [form(step.trees) if math.isfinite(step.trees) else "–" for step in steps],
        "from the step before": [step.gap for step in steps],
    }


def prediction_columns(report: ExamReport) -> Columns:
    return {
        "actual": [number(value) for value in report.actual],
        "predicted": [number(value) for value in report.predicted],
        "left over": [number(a - p) for a, p in zip(report.actual, report.predicted, strict=True)],
    }


def confusion_columns(report: ExamReport) -> Columns:
    assert report.confusion is not None
    guessed = zip(report.classes, report.confusion.T.tolist(), strict=True)
    return {"actual": list(report.classes)} | {f"guessed {name}": [whole(count) for count in counts] for name, counts in guessed}


def roc_columns(report: ExamReport) -> Columns:
    points = [(c.name, f, t) for c in report.roc for f, t in zip(c.false_positive, c.true_positive, strict=True)]
    return {
        "class": [name for name, _, _ in points],
        "false positives": [share(f) for _, f, _ in points],
        "true positives": [share(t) for _, _, t in points],
    }


def calibration_columns(report: ExamReport) -> Columns:
    return {
        "stated": [share(b.stated) for b in report.calibration],
        "observed": [share(b.observed) for b in report.calibration],
        "rows": [whole(b.count) for b in report.calibration],
    }
