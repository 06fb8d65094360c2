"""What an exam found, on a page: scores beside the baselines, the ledger, and the errors row by row or class by class."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial

import pandas as pd
import streamlit as st

from pages.exam.report_tables import calibration_columns, confusion_columns, prediction_columns, roc_columns, step_columns
from pages.state.database import is_dark
from pages.widgets.chart_table import chart_table
from pages.widgets.text import plain
from tuning_core.charts.class_charts import calibration_chart, confusion_matrix, roc_chart
from tuning_core.charts.ledger_chart import LedgerStep, ledger_chart
from tuning_core.charts.predictions import predicted_actual, residuals
from tuning_core.charts.style import colours, number, share, whole
from tuning_core.diagnosis.tree_comparison import compared_with_trees
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
MODELS = {
    "model": "the chosen model",
    "constant": "a constant",
    "linear": "a linear model",
    "trees": "trees without tuning",
}
LEAD = "the chosen model is"
CAUSES = {
    "bias": "Learned on the training rows, compared with a constant. What is left there is **bias** (what this model cannot "
    "express, or did not have the time to learn) and noise that no model explains.",
    "variance": "**Variance**: what was learned of the very training rows and does not hold on others. More rows, a smaller "
    "model, dropout or an earlier stop make it smaller.",
    "choosing": "**The cost of choosing**: settings and epoch were chosen to look well on the validation rows.",
}


def show_report(report: ExamReport) -> None:
    """All of it, the most important first."""
    show_summary(report)
    (_number_errors if report.task == "regression" else _class_errors)(report)


def show_summary(report: ExamReport) -> None:
    """Its scores beside the baselines, and the ledger."""
    _scores(report)
    _beside_baselines(report)
    left, right = st.columns([1.25, 1], gap="medium")
    with left:
        _ledger(report)
    with right:
        _explained(report)


def _title(metric: str) -> str:
    name = METRIC_NAMES[metric]
    return name[0].upper() + name[1:]


def _form(metric: str) -> Callable[[float], str]:
    return share if metric in ("accuracy",) else number


def _value(metric: str, value: float) -> str:
    return _form(metric)(value) if math.isfinite(value) else "–"


def _within(metric: str, estimate: Estimate) -> str:
    form = _form(metric)
    return f"{form(estimate.low)} to {form(estimate.high)}" if math.isfinite(estimate.low) else "–"


def _scores(report: ExamReport) -> None:
    for column, (metric, estimate) in zip(st.columns(len(report.scores)), report.scores.items(), strict=True):
        known = math.isfinite(estimate.value)
        column.metric(
            _title(metric),
            _value(metric, estimate.value),
            delta=_within(metric, estimate) if known else None,
            delta_color="off",
            delta_arrow="off",
            border=True,
            help=f"{METRIC_HELP[metric]} On {report.n_rows:,} test rows; below it its 95 % interval.",
        )
    st.caption(plain(" ".join([_measured_on(report), *report.unknown.values()])))


def _measured_on(report: ExamReport) -> str:
    """Which rows, epoch and seed the numbers are of."""
    if report.n_fit is None:
        return f"On {report.n_rows:,} test rows."
    fitted = f"{report.n_fit:,} training{' and validation' if report.refitted else ''} rows"
    epoch = f", the weights of epoch {report.kept_epoch:,}" if report.kept_epoch else ""
    return f"On {report.n_rows:,} test rows: one model, trained on {fitted} with seed {report.seed}{epoch}."


def _beside_baselines(report: ExamReport) -> None:
    rows, sides = [], []
    main = report.metric_name
    for model in report.models:
        row = {"": MODELS[model.name]}
        for metric, estimate in model.scores.items():
            known = math.isfinite(estimate.value)
            row[_title(metric)] = f"{_value(metric, estimate.value)}  ({_within(metric, estimate)})" if known else "–"
        lead = model.lead.get(main)
        row[LEAD] = _lead_words(main, lead) if lead else ""
        sides.append(_side(lead) if lead else None)
        rows.append(row)
    of = colours(is_dark())
    paint = {True: f"color: {of.better}", False: f"color: {of.worse}", None: ""}
    styled = pd.DataFrame(rows).style.apply(lambda _: [paint[side] for side in sides], subset=[LEAD])
    st.dataframe(styled, hide_index=True, width="stretch")
    st.caption(
        f"The last column is about the {METRIC_NAMES[main]}. "
        "Intervals: 2,000 resamples of the test rows, the same for all models (bootstrap, 95 %)."
    )
    _beside_trees(report)


def _side(lead: Estimate) -> bool | None:
    """Whether the chosen model is better; None where its interval holds zero."""
    return None if not (lead.low > 0 or lead.high < 0) else lead.value > 0


def _lead_words(metric: str, lead: Estimate) -> str:
    """ "577 better (53.0 to 1,100 better)", "12 worse, or luck of the rows (80 worse to 56 better)"."""

    def side(value: float) -> str:
        return f"{_gain(metric, abs(value))} {'better' if value > 0 else 'worse'}"

    if lead.value == lead.low == lead.high == 0:
        return "just as good"
    if _side(lead) is None:
        return f"{side(lead.value)}, or luck of the rows ({side(lead.low)} to {side(lead.high)})"
    near, far = sorted((abs(lead.low), abs(lead.high)))
    return f"{side(lead.value)} ({_gain(metric, near)} to {_gain(metric, far)})"


def _beside_trees(report: ExamReport) -> None:
    """On the validation rows, where all seeds are known: is the lead over trees more than the luck of the seed?"""
    metric = report.metric_name
    step = next((step for step in report.ledger if step.name == "validation"), None)
    if step is None:
        return
    words = compared_with_trees(
        report.seed_scores or [step.value],
        step.trees,
        lower_is_better=report.task == "regression",
        score=f"{'an' if metric == 'accuracy' else 'a'} {METRIC_NAMES[metric]} of",
        rows="validation rows",
        form=_form(metric),
        gap_form=lambda gap: _gain(metric, gap),
    )
    if words:
        st.markdown(plain(words))


def _gain(metric: str, value: float) -> str:
    return number(100 * value, "points") if metric == "accuracy" else number(value)


def _ledger(report: ExamReport) -> None:
    steps = [LedgerStep(s.name, s.value, _gap_words(report, s), _gap_side(s), s.trees) for s in report.ledger]
    title = f"{METRIC_NAMES[report.metric_name]} of {report.target}: where it comes from"
    form = _form(report.metric_name)
    figure = ledger_chart(steps, title=title, form=form, dark=is_dark())
    st.plotly_chart(figure, width="stretch", config=PLOT, key="exam_ledger")
    chart_table("the steps", "exam_ledger", partial(step_columns, steps, METRIC_NAMES[report.metric_name], form))


def _gap_side(step: Step) -> bool | None:
    """Whether a step is better than the one before; None where there is none, or where it may be luck."""
    return None if not step.cause or not (step.low > 0 or step.high < 0) else step.gap < 0


def _gap_words(report: ExamReport, step: Step) -> str:
    if not step.cause:
        return ""
    cause = "learned" if step.cause == "bias" else step.cause
    if step.gap == 0:
        return f"{cause}: no difference"
    luck = "" if step.low > 0 or step.high < 0 or not math.isfinite(step.low) else " or luck"
    return f"{cause}: {_gain(report.metric_name, abs(step.gap))} {'worse' if step.gap > 0 else 'better'}{luck}"


def _explained(report: ExamReport) -> None:
    """Each gap named, with its interval."""
    for step in report.ledger:
        if step.cause:
            tint = {True: "green", False: "orange", None: "gray"}[_gap_side(step)]
            st.markdown(f"{CAUSES[step.cause]}  \n:{tint}[{plain(_size(report.metric_name, step))}]")
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
    chart_table("the predictions", "exam_predicted", partial(prediction_columns, report))


def _class_errors(report: ExamReport) -> None:
    dark = is_dark()
    if report.weighted:
        st.caption("Rows count by their weights here, as in the scores above.")
    columns = st.columns(3, gap="medium")
    with columns[0]:
        st.markdown("**What is taken for what**")
        assert report.confusion is not None
        figure = confusion_matrix(report.confusion.tolist(), report.classes, weighted=report.weighted, dark=dark)
        st.plotly_chart(figure, width="stretch", config=PLOT, key="exam_confusion")
        chart_table("what is taken for what", "exam_confusion", partial(confusion_columns, report))
    with columns[1]:
        st.markdown("**Ranking (ROC)**")
        curves = [(curve.name, curve.false_positive, curve.true_positive, curve.area) for curve in report.roc]
        if curves:
            st.plotly_chart(roc_chart(curves, dark=dark), width="stretch", config=PLOT, key="exam_roc")
            chart_table("the ranking", "exam_roc", partial(roc_columns, report))
        else:
            st.caption(plain(report.unknown.get("roc_auc", "These rows are all of one class, so nothing can be ranked.")))
    with columns[2]:
        st.markdown("**Calibration**")
        of_what = report.classes[1] if len(report.classes) == 2 else "the guessed class"
        bins = [(b.stated, b.observed, b.low, b.high, b.count) for b in report.calibration]
        st.plotly_chart(calibration_chart(bins, of_what=of_what, dark=dark), width="stretch", config=PLOT, key="exam_calibration")
        st.caption(f"Stated and observed are {share(report.calibration_error)} apart on average.")
        chart_table("the calibration", "exam_calibration", partial(calibration_columns, report))
    _class_table(report)


def _class_table(report: ExamReport) -> None:
    shown: Sequence[dict[str, str]] = [
        {
            "class": score.name,
            "precision": _or_dash(score.precision),
            "recall": _or_dash(score.recall),
            "F1": _or_dash(score.f1),
            "weight" if report.weighted else "rows": number(score.support) if report.weighted else whole(score.support),
        }
        for score in report.class_scores
    ]
    st.dataframe(shown, hide_index=True, width="stretch", height=min(420, 35 * len(shown) + 38))


def _or_dash(value: float) -> str:
    return share(value) if math.isfinite(value) else "–"
