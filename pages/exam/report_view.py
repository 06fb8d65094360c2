"""What an exam found, on a page: scores beside the baselines, the ledger, and the errors row by row or class by class."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import streamlit as st

from pages.state.database import is_dark
from pages.widgets.text import plain
from tuning_core.charts.class_charts import calibration_chart, confusion_matrix, roc_chart
from tuning_core.charts.ledger_chart import LedgerStep, ledger_chart
from tuning_core.charts.predictions import predicted_actual, residuals
from tuning_core.charts.style import number, share, whole
from tuning_core.exam.ledger import Step
from tuning_core.exam.report import ExamReport
from tuning_core.exam.scores import Estimate
from tuning_core.experiment.score_names import METRIC_NAMES

PLOT = {"displayModeBar": False}
METRIC_HELP = {
    "mae": "How far predictions are off on average, in the target's units.",
    "rmse": "As the mean absolute error, but large errors count more.",
    "r2": "Share of the target's spread that is explained: 1 is perfect, 0 is no better than the rows' own mean.",
    "accuracy": "Share of rows whose class is guessed right.",
    "cross_entropy": "What the stated probabilities cost: low when they are both right and sure.",
    "macro_f1": "Precision and recall in one number, the mean over the classes: rare classes count as much.",
    "roc_auc": "How well rows of a class are ranked before the others: 1 is perfect, 0.5 is guessing.",
}
MODELS = {"model": "the chosen model", "constant": "a constant", "linear": "a linear model"}
CAUSES = {
    "bias": "Learned on the training rows, compared with a constant. What is left there is **bias** (what this model cannot "
    "express, or did not have the time to learn) and noise that no model explains.",
    "variance": "**Variance**: what was learned of the very training rows and does not hold on others. More rows, a smaller "
    "model, dropout or an earlier stop make it smaller.",
    "choosing": "**The cost of choosing**: settings and epoch were chosen to look well on the validation rows.",
}


def show_report(report: ExamReport) -> None:
    """All of it, the most important first."""
    _scores(report)
    _beside_baselines(report)
    left, right = st.columns([1.25, 1], gap="medium")
    with left:
        _ledger(report)
    with right:
        _explained(report)
    (_number_errors if report.task == "regression" else _class_errors)(report)


def _title(metric: str) -> str:
    name = METRIC_NAMES[metric]
    return name[0].upper() + name[1:]


def _form(metric: str) -> Callable[[float], str]:
    return share if metric in ("accuracy",) else number


def _within(metric: str, estimate: Estimate) -> str:
    form = _form(metric)
    return f"{form(estimate.low)} to {form(estimate.high)}" if math.isfinite(estimate.low) else "–"


def _scores(report: ExamReport) -> None:
    for column, (metric, estimate) in zip(st.columns(len(report.scores)), report.scores.items(), strict=True):
        column.metric(
            _title(metric),
            _form(metric)(estimate.value),
            delta=_within(metric, estimate),
            delta_color="off",
            delta_arrow="off",
            border=True,
            help=f"{METRIC_HELP[metric]} Below it its 95 % interval.",
        )


def _beside_baselines(report: ExamReport) -> None:
    rows = []
    main = report.metric_name
    for model in report.models:
        row = {"": MODELS[model.name]}
        for metric, estimate in model.scores.items():
            row[_title(metric)] = f"{_form(metric)(estimate.value)}  ({_within(metric, estimate)})"
        lead = model.lead.get(main)
        row["the chosen model is better by"] = f"{_gain(main, lead.value)}  ({_gains(main, lead)})" if lead else ""
        rows.append(row)
    st.dataframe(rows, hide_index=True, width="stretch")
    st.caption(
        "Intervals: 2,000 resamples of the test rows, the same for all models (bootstrap, 95 %). "
        "Where the last column's interval holds zero, these rows cannot tell the two models apart."
    )


def _gain(metric: str, value: float) -> str:
    return number(100 * value, "points") if metric == "accuracy" else number(value)


def _gains(metric: str, estimate: Estimate) -> str:
    return f"{_gain(metric, estimate.low)} to {_gain(metric, estimate.high)}"


def _ledger(report: ExamReport) -> None:
    steps = [LedgerStep(step.name, step.value, _gap_words(report, step)) for step in report.ledger]
    title = f"{METRIC_NAMES[report.metric_name]} of {report.target}: where it comes from"
    figure = ledger_chart(steps, title=title, form=_form(report.metric_name), dark=is_dark())
    st.plotly_chart(figure, width="stretch", config=PLOT, key="exam_ledger")


def _gap_words(report: ExamReport, step: Step) -> str:
    if not step.cause:
        return ""
    if step.cause == "bias":
        return f"learned {_gain(report.metric_name, -step.gap)}"
    return f"{step.cause} {'+' if step.gap > 0 else ''}{_gain(report.metric_name, step.gap)}"


def _explained(report: ExamReport) -> None:
    """Each gap named, with its interval."""
    for step in report.ledger:
        if step.cause:
            st.markdown(f"{CAUSES[step.cause]}  \n{plain(_size(report.metric_name, step))}")
        if step.cause == "choosing" and step.by_luck > 0:
            luck = _gain(report.metric_name, step.by_luck)
            st.caption(plain(f"The best of {report.tried:,} equally good ones would look up to {luck} better by luck alone."))


def _size(metric: str, step: Step) -> str:
    """ "577 worse (95 % interval 53.0 to 1,100)"; `Step` counts worse as positive."""

    def side(value: float) -> str:
        return f"{_gain(metric, abs(value))} {'worse' if value > 0 else 'better'}"

    if step.gap == step.low == step.high == 0:
        return "no difference at all"
    if not math.isfinite(step.low):
        return side(step.gap)
    if step.low <= 0 <= step.high:
        return f"{side(step.gap)}: no more than the luck of the rows (95 % interval {side(step.low)} to {side(step.high)})"
    near, far = sorted((abs(step.low), abs(step.high)))
    return f"{side(step.gap)} (95 % interval {_gain(metric, near)} to {_gain(metric, far)})"


def _number_errors(report: ExamReport) -> None:
    left, right = st.columns(2, gap="medium")
    target, dark = report.target, is_dark()
    with left:
        st.markdown("**Predicted and actual**")
        figure = predicted_actual(report.actual, report.predicted, target=target, dark=dark)
        st.plotly_chart(figure, width="stretch", config=PLOT, key="exam_predicted")
    with right:
        st.markdown("**What is left over**")
        figure = residuals(report.actual, report.predicted, target=target, dark=dark)
        st.plotly_chart(figure, width="stretch", config=PLOT, key="exam_residuals")


def _class_errors(report: ExamReport) -> None:
    dark = is_dark()
    columns = st.columns(3, gap="medium")
    with columns[0]:
        st.markdown("**What is taken for what**")
        assert report.confusion is not None
        figure = confusion_matrix(report.confusion.tolist(), report.classes, dark=dark)
        st.plotly_chart(figure, width="stretch", config=PLOT, key="exam_confusion")
    with columns[1]:
        st.markdown("**Ranking (ROC)**")
        curves = [(curve.name, curve.false_positive, curve.true_positive, curve.area) for curve in report.roc]
        st.plotly_chart(roc_chart(curves, dark=dark), width="stretch", config=PLOT, key="exam_roc")
    with columns[2]:
        st.markdown("**Calibration**")
        of_what = report.classes[1] if len(report.classes) == 2 else "the guessed class"
        bins = [(b.stated, b.observed, b.low, b.high, b.count) for b in report.calibration]
        st.plotly_chart(calibration_chart(bins, of_what=of_what, dark=dark), width="stretch", config=PLOT, key="exam_calibration")
        st.caption(f"Stated and observed are {share(report.calibration_error)} apart on average.")
    _class_table(report)


def _class_table(report: ExamReport) -> None:
    shown: Sequence[dict[str, str]] = [
        {
            "class": score.name,
            "precision": _or_dash(score.precision),
            "recall": _or_dash(score.recall),
            "F1": _or_dash(score.f1),
            "rows": whole(score.support),
        }
        for score in report.class_scores
    ]
    st.dataframe(shown, hide_index=True, width="stretch", height=min(420, 35 * len(shown) + 38))


def _or_dash(value: float) -> str:
    return share(value) if math.isfinite(value) else "–"
