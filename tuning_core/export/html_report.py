"""A report that stands alone: one HTML file without scripts or links, to print, to hand in, to keep.

What it says is worked out here; `templates/report.html.jinja` says where it stands, and escapes every word.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from tuning_core.charts.style import number, share
from tuning_core.diagnosis import diagnose
from tuning_core.diagnosis.tree_comparison import compared_with_trees
from tuning_core.exam import ExamReport
from tuning_core.exam.ledger import Step
from tuning_core.exam.scores import Estimate
from tuning_core.experiment import Trial
from tuning_core.experiment.score_names import METRIC_NAMES
from tuning_core.experiment.test_set_look import stamp
from tuning_core.export.picture import curves_svg
from tuning_core.export.provenance import provenance

_CAUSES = {"": "", "bias": "bias: what the net could not learn", "variance": "variance: learned by heart",
           "choosing": "cost of choosing"}  # fmt: skip
_BASELINES = {"dummy_loss": "dummy loss", "linear_loss": "linear loss", "tree_loss": "tree loss"}
MOST_CLASSES = 12  # of a table of what is taken for what


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Templates of this package; every value is escaped, and one that is lacking is an error."""
    loader = FileSystemLoader(Path(__file__).with_name("templates"))
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def export_report(trial: Trial, *, siblings: Sequence[Trial] = (), exam: ExamReport | None = None, looks: int = 0) -> str:
    """The report on one trial as HTML text; every word of the table in it is escaped.

    Parameters
    ----------
    siblings : trials of the same setting with other seeds; drawn as a band, and the verdict is over all of them.
    exam : what `tc.final_exam` found, if the test rows were opened for this trial.
    looks : how often they were opened for others, where there is no `exam`.
    """
    dataset = trial.dataset
    made = ("made", time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()))
    return (
        environment()
        .get_template("report.html.jinja")
        .render(
            data_name=dataset.table.name,
            target=dataset.target,
            n_columns=f"{len(trial.preparation.columns):,}",
            stamp=(exam.stamp if exam else stamp(looks)).capitalize(),
            tried=_tried(trial, exam),
            curves=Markup(curves_svg(trial, siblings)),  # numbers and words of ours only  # nosec B704
            verdicts=_verdicts(trial, siblings),
            trees=_trees(trial, siblings),
            exam=_exam(exam) if exam else None,
            settings=_settings(trial),
            data=_data(trial),
            notices=[notice.message for notice in dataset.notices],
            provenance=[*provenance(trial)["versions"].items(), made],
        )
    )


def _number(value: float) -> str:
    return number(float(value)) if np.isfinite(value) else "not known"


def _range(estimate: Estimate) -> str:
    if not np.isfinite(estimate.value):
        return "not known"
    return f"{_number(estimate.value)} ({_number(estimate.low)} to {_number(estimate.high)})"


def _gap(gap: float) -> str:
    return "" if np.isnan(gap) else f"{_number(abs(gap))} {'worse' if gap > 0 else 'better'}"


def _tried(trial: Trial, exam: ExamReport | None) -> str:
    n = exam.tried if exam else trial.chosen_from
    return f"Chosen from {n:,} configurations by its validation score." if n > 1 else "No other configuration was tried."


def _others(trial: Trial, siblings: Sequence[Trial]) -> list[Trial]:
    return [other for other in siblings if other.number != trial.number]


def _verdicts(trial: Trial, siblings: Sequence[Trial]) -> list[str]:
    others = [other.history for other in _others(trial, siblings)]
    found = diagnose(trial.history, seeds=[trial.history, *others] if others else None)
    return [finding.message for finding in found]


def _trees(trial: Trial, siblings: Sequence[Trial]) -> str:
    """The network of all seeds beside trees on the validation rows; "" where they are not known."""
    kept = [(one.history.val_metric, one.kept_epoch) for one in (trial, *_others(trial, siblings))]
    values = [float(curve[epoch - 1]) for curve, epoch in kept if epoch is not None and epoch <= len(curve)]
    numbers = trial.history.context.get("task") == "regression"
    form: Callable[[float], str] = number if numbers else share
    return compared_with_trees(
        values,
        trial.history.context.get("tree_metric"),
        lower_is_better=numbers,
        score="a mean absolute error of" if numbers else "an accuracy of",
        rows="validation rows",
        form=form,
        gap_form=None if numbers else lambda gap: number(100 * gap, "points"),
    )


def _exam(exam: ExamReport) -> dict[str, Any]:
    known_trees = any(np.isfinite(step.trees) for step in exam.ledger)
    confusion = None
    if exam.confusion is not None and len(exam.classes) <= MOST_CLASSES:
        confusion = [
            (name, *(_number(n) if exam.weighted else f"{n:,}" for n in row))
            for name, row in zip(exam.classes, exam.confusion.tolist(), strict=True)
        ]
    return {
        "n_rows": f"{exam.n_rows:,}",
        "models": ["95 % interval in brackets", *(model.name for model in exam.models)],
        "scores": [(METRIC_NAMES[metric], *(_range(model.scores[metric]) for model in exam.models)) for metric in exam.scores],
        "unknown": list(exam.unknown.values()),
        "metric": METRIC_NAMES[exam.metric_name],
        "steps": [_step(step, known_trees) for step in exam.ledger],
        "step_heads": ["step", "value", "than the step before", "what it says", *["trees on the same rows"] * known_trees],
        "confusion": confusion,
        "classes": ["", *exam.classes],
        "looks": [(time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(look.time)), look.what, look.reason) for look in exam.looks],
    }


def _step(step: Step, known_trees: bool) -> tuple[str, ...]:
    trees = _number(step.trees) if np.isfinite(step.trees) else ""
    return (step.name, _number(step.value), _gap(step.gap), _CAUSES[step.cause], *[trees] * known_trees)


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
    return facts + [(words, _number(float(context[name]))) for name, words in _BASELINES.items() if context.get(name)]
