"""A report that stands alone: one HTML file without scripts or links, to print, to hand in, to keep."""

from __future__ import annotations

import html
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from tuning_core.charts.style import number
from tuning_core.diagnosis import diagnose
from tuning_core.exam import ExamReport
from tuning_core.exam.scores import Estimate
from tuning_core.experiment import Trial
from tuning_core.experiment.score_names import METRIC_NAMES
from tuning_core.experiment.test_set_look import stamp
from tuning_core.export.picture import curves_svg
from tuning_core.export.provenance import provenance

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; color: #1f2933; max-width: 52rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.15rem; margin-top: 2rem; border-bottom: 1px solid #d9dee3; }
table { border-collapse: collapse; } th, td { text-align: left; padding: .15rem 1rem .15rem 0; vertical-align: top; }
th { font-weight: 500; color: #52606d; } td.n { font-variant-numeric: tabular-nums; } .stamp { color: #8a3b00; font-weight: 600; }
svg { width: 100%; height: auto; } li { margin-bottom: .3rem; } .quiet { color: #52606d; } code { overflow-wrap: anywhere; }
@media print { body { margin: 0; } }
"""
_CAUSES = {"": "", "bias": "bias: what the net could not learn", "variance": "variance: learned by heart",
           "choosing": "cost of choosing"}  # fmt: skip


def export_report(trial: Trial, *, siblings: Sequence[Trial] = (), exam: ExamReport | None = None, looks: int = 0) -> str:
    """The report on one trial as HTML text; every word of the table in it is escaped.

    Parameters
    ----------
    siblings : trials of the same setting with other seeds; drawn as a band, and the verdict is over all of them.
    exam : what `tc.final_exam` found, if the test rows were opened for this trial.
    looks : how often they were opened for others, where there is no `exam`.
    """
    dataset = trial.dataset
    parts = [
        f"<h1>Training on {_e(dataset.table.name)}</h1>",
        f'<p>Predicts <b>{_e(dataset.target)}</b> from {len(trial.preparation.columns):,} columns. <span class="stamp">'
        f"{_e((exam.stamp if exam else stamp(looks)).capitalize())}.</span> {_tried(trial, exam)}</p>",
        "<h2>Learning curves</h2>",
        curves_svg(trial, siblings),
        _verdicts(trial, siblings),
        *(_exam(exam) if exam else ["<h2>Exam</h2><p>This model has not been examined on the test rows.</p>"]),
        "<h2>Settings</h2>",
        _table(_settings(trial)),
        "<h2>Data</h2>",
        _table(_data(trial)),
        _notices(dataset.notices),
        "<h2>Provenance</h2>",
        _table([*provenance(trial)["versions"].items(), ("made", time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()))]),
    ]
    policy = "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    head = f'<meta charset="utf-8">{policy}<title>Training report</title><style>{_STYLE}</style>'
    return f'<!doctype html>\n<html lang="en"><head>{head}</head><body>\n' + "\n".join(parts) + "\n</body></html>\n"


def _e(text: object) -> str:
    return html.escape(str(text), quote=True)


def _number(value: float) -> str:
    return number(float(value)) if np.isfinite(value) else "not known"


def _range(estimate: Estimate) -> str:
    return f"{_number(estimate.value)} ({_number(estimate.low)} to {_number(estimate.high)})"


def _gap(gap: float) -> str:
    return "" if np.isnan(gap) else f"{_number(abs(gap))} {'worse' if gap > 0 else 'better'}"


def _table(rows: Iterable[tuple[Any, ...]], head: Sequence[str] = ()) -> str:
    top = "<tr>" + "".join(f"<th>{_e(name)}</th>" for name in head) + "</tr>" if head else ""
    body = "".join(
        f"<tr><th>{_e(row[0])}</th>" + "".join(f'<td class="n">{_e(v)}</td>' for v in row[1:]) + "</tr>" for row in rows
    )
    return f"<table>{top}{body}</table>"


def _tried(trial: Trial, exam: ExamReport | None) -> str:
    n = exam.tried if exam else trial.chosen_from
    return f"Chosen from {n:,} configurations by its validation score." if n > 1 else "No other configuration was tried."


def _verdicts(trial: Trial, siblings: Sequence[Trial]) -> str:
    others = [other.history for other in siblings if other.number != trial.number]
    found = diagnose(trial.history, seeds=[trial.history, *others] if others else None)
    if not found:
        return '<p class="quiet">The curve is too short for a verdict.</p>'
    return "<ul>" + "".join(f"<li>{_e(finding.message)}</li>" for finding in found) + "</ul>"


def _exam(exam: ExamReport) -> list[str]:
    rows = [(METRIC_NAMES[metric], *(_range(model.scores[metric]) for model in exam.models)) for metric in exam.scores]
    steps = [(step.name, _number(step.value), _gap(step.gap), _CAUSES[step.cause]) for step in exam.ledger]
    found = [
        f"<h2>Exam on {exam.n_rows:,} test rows</h2>",
        _table(rows, ["95 % interval in brackets", *(model.name for model in exam.models)]),
        f"<h2>Where the error comes from ({METRIC_NAMES[exam.metric_name]})</h2>",
        _table(steps, ["step", "value", "than the step before", "what it says"]),
    ]
    if exam.confusion is not None and len(exam.classes) <= 12:
        table = [(name, *(f"{n:,}" for n in row)) for name, row in zip(exam.classes, exam.confusion.tolist(), strict=True)]
        found += ["<h2>Confusion: actual in rows, predicted in columns</h2>", _table(table, ["", *exam.classes])]
    looks = [(time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(look.time)), look.what, look.reason) for look in exam.looks]
    return [*found, "<h2>Looks at the test rows</h2>", _table(looks, ["when", "model", "reason"])]


def _settings(trial: Trial) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for name, value in trial.hyperparameters.to_json().items():
        shown = ", ".join(f"{k}: {v}" for k, v in value.items()) if isinstance(value, Mapping) else str(value)
        found.append((name.replace("_", " "), shown))
    ends = [("seed", str(trial.seed)), ("epochs trained", str(len(trial.history))), ("epoch kept", str(trial.kept_epoch))]
    return [*found, *ends, ("refitted on training and validation rows", "yes" if trial.refitted else "no")]


def _data(trial: Trial) -> list[tuple[str, str]]:
    dataset, context = trial.dataset, trial.history.context
    rows = ", ".join(f"{part} {len(rows):,}" for part, rows in dataset.rows.parts())
    split = ", ".join(f"{k}: {v}" for k, v in dataset.split.to_json().items() if v is not None)
    facts = [("file", dataset.table.name), ("SHA-256", dataset.table.sha256), ("rows", rows), ("split", split)]
    facts.append(("columns used", ", ".join(trial.preparation.columns)))
    facts += [
        (name.replace("_", " "), _number(float(context[name]))) for name in ("dummy_loss", "linear_loss") if context.get(name)
    ]
    return facts


def _notices(notices: Sequence[Any]) -> str:
    if not notices:
        return '<p class="quiet">Nothing had to be repaired.</p>'
    return "<ul>" + "".join(f"<li>{_e(notice.message)}</li>" for notice in notices) + "</ul>"
