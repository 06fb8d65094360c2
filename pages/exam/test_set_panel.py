"""The vault on the Exam page: why the test rows are locked, how they are opened, and who has looked."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st

from pages.exam.report_view import show_report
from pages.state.database import database, is_dark
from pages.state.exam_questions import exam_spec
from pages.state.workspace import workspace
from pages.widgets.chart_table import chart_table, split_columns
from pages.widgets.engine_answer import answer_to
from pages.widgets.model_picker import Chosen, model_card, model_words
from pages.widgets.text import plain
from tuning_core.charts.split_bar import split_bar
from tuning_core.exam.report import ExamReport
from tuning_core.experiment import TestSetLook
from tuning_core.experiment.test_set_look import stamp
from tuning_core.store import questions, test_set_looks
from tuning_core.store.questions import Question, question_id
from tuning_core.store.trials import get_trials

WHY = (
    "Every setting that you have tried was judged on the validation rows, and the best of many looks better on them than it is: "
    "part of its lead is luck. The test rows have judged nothing yet. They tell what the model is worth on rows that nobody "
    "chose it by, **once**: whoever looks, changes something and looks again has begun to choose by them, too."
)


OTHERS = (
    ":material/lock_person: Only whoever trained this run can open its vault: a look counts for its owner, for good. "
    "Train a model of your own on this table, and you have a vault of your own."
)


def exam_panel(summary: dict[str, Any], chosen: Chosen) -> None:
    """Locked: the reasons and one button. Opened: the report of the last look, and how to look again."""
    db = database()
    vault_id, owner = summary["vault"], chosen.run.workspace
    looks = test_set_looks.looks(db, owner, vault_id)
    others = test_set_looks.other_looks(db, owner, chosen.run.dataset_id, vault_id)
    asked = st.session_state.get("exam_asked")
    specs = [exam_spec(owner, vault_id, i, look.run_id, look.number, look.reason) for i, look in enumerate(looks)]
    if asked is not None and asked["vault"] == vault_id and asked["spec"] not in specs:
        specs.append(asked["spec"])
    question = _question(specs, looks)
    if question is not None and question.is_open:
        st.caption(":material/hourglass_top: Scoring the test rows. A model whose weights were not kept is trained again first.")
        return
    report = ExamReport.from_json(question.answer) if question is not None and question.answer is not None else None
    if report is None:
        _locked(summary, chosen, looks, others)
        return
    _header(report, looks, others)
    show_report(report)
    if _is_own(chosen):
        _look_again(chosen, vault_id, looks)
    _log(looks)


def _is_own(chosen: Chosen) -> bool:
    return chosen.run.workspace == workspace()


def _question(specs: list[dict[str, Any]], looks: tuple[TestSetLook, ...]) -> Question | None:
    """The question of the look that is shown, the last one unless somebody chooses; None before the first."""
    kept = [i for i, spec in enumerate(specs) if questions.get_question(database(), question_id("exam", spec)) is not None]
    if not kept:
        return None
    place = kept[-1]
    if len(kept) > 1:
        place = st.selectbox(
            "Report",
            kept[::-1],
            format_func=lambda i: f"look {i + 1}: {looks[i].what}" if i < len(looks) else f"look {i + 1}",
            key=f"exam_shown_{len(kept)}",
            help="What each look has shown. Reading it again is no further look.",
        )
    answered = answer_to("exam", specs[place])
    return answered or questions.get_question(database(), question_id("exam", specs[place]))


def _locked(summary: dict[str, Any], chosen: Chosen, looks: tuple[TestSetLook, ...], others: int) -> None:
    rows = summary["rows"]
    st.markdown(f"### :material/lock: {rows['test']:,} test rows are locked")
    st.plotly_chart(split_bar(rows, dark=is_dark()), width="stretch", config={"displayModeBar": False}, key="exam_split")
    chart_table("the split", "exam_split", partial(split_columns, rows))
    st.markdown(WHY)
    _other_splits(looks, others)
    with st.container(border=True):
        st.caption("The model to be examined")
        model_card(chosen)
        tried = test_set_looks.tried(database(), chosen.run.workspace, chosen.run.dataset_id, summary["vault"])
        if tried > 1:
            st.caption(f"Chosen from {tried:,} configurations that were tried with these test rows kept aside.")
        if not rows["test"]:
            st.caption(":material/info: This split keeps no test rows. Choose one that does on the Data page, and train again.")
        if not _is_own(chosen):
            st.caption(OTHERS)
            return
        st.button(
            "Open the vault" if not looks else "Look again",
            type="primary",
            icon=":material/lock_open:",
            disabled=not rows["test"],
            on_click=_open,
            args=(chosen, summary["vault"], len(looks), "" if not looks else "The report of the look before was not kept."),
            help="Scores the chosen model on the test rows. This is counted, and every report says so from then on.",
        )
    _log(looks)


def _other_splits(looks: tuple[TestSetLook, ...], others: int) -> None:
    if others and not looks:
        times = "once" if others == 1 else f"{others} times"
        st.warning(
            f"This split has a vault of its own, and it is sealed. But test rows of other splits of this file were used {times}; "
            "some of them train or validate now. Reports will say so.",
            icon=":material/history:",
        )


def _open(chosen: Chosen, vault_id: str, place: int, reason: str) -> None:
    if not _is_own(chosen):
        return
    spec = exam_spec(chosen.run.workspace, vault_id, place, chosen.run.id, chosen.number, reason)
    questions.ask(database(), "exam", spec, again=_was_refused(spec))
    st.session_state.exam_asked = {"vault": vault_id, "spec": spec}


def _was_refused(spec: dict[str, Any]) -> bool:
    before = questions.get_question(database(), question_id("exam", spec))
    return before is not None and before.error is not None


def _header(report: ExamReport, looks: tuple[TestSetLook, ...], others: int) -> None:
    used = stamp(max(len(looks), len(report.looks)), max(others, report.other_looks))
    last = report.looks[-1] if report.looks else None
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown("### :material/lock_open: The exam", width="content")
        st.badge(used, icon=":material/visibility:", color="gray" if len(report.looks) == 1 and not others else "orange")
    if last is not None:
        tried = f", chosen from {report.tried:,} configurations" if report.tried > 1 else ""
        st.caption(f"{plain(_model(last))}{tried}, on {report.n_rows:,} test rows, {_when(last.time)}.")
    if len(report.looks) > 1:
        st.caption(
            ":material/info: These rows had been looked at before, so this model may have been chosen by them: the numbers are "
            "no longer those of rows that judged nothing."
        )


def _look_again(chosen: Chosen, vault_id: str, looks: tuple[TestSetLook, ...]) -> None:
    with st.expander("Look again", icon=":material/visibility:"), st.form("look_again", border=False):
        st.markdown("A further look is possible. It is counted with its reason, and all reports carry the number from then on.")
        model_card(chosen)
        if any((look.run_id, look.number) == (chosen.run.id, chosen.number) for look in looks):
            st.caption("This very model has been examined already; its numbers will be the same.")
        reason = st.text_input("Reason", max_chars=300, key="exam_reason", help="Why these rows are looked at once more.")
        if st.form_submit_button("Look again", icon=":material/lock_open:"):
            if not reason.strip():
                st.error("Say why: the reason is part of the report.", icon=":material/error:")
            else:
                _open(chosen, vault_id, len(looks), reason.strip())
                st.rerun()


def _log(looks: tuple[TestSetLook, ...]) -> None:
    if looks:
        st.markdown("#### Who has looked")
        rows = [{"when": _when(look.time), "model": _model(look), "reason": look.reason or "the first look"} for look in looks]
        st.dataframe(rows, hide_index=True, width="stretch")


def _model(look: TestSetLook) -> str:
    """The model that was examined, in words as long as its run is there."""
    trial = next((t for t in get_trials(database(), look.run_id) if t.number == look.number), None)
    return f"{look.what}: {model_words(trial.hyperparameters, trial.seed)}" if trial is not None else look.what


def _when(seconds: float) -> str:
    zone = ZoneInfo(st.context.timezone or "UTC")
    return datetime.fromtimestamp(seconds, zone).strftime("%Y-%m-%d %H:%M")
