"""The exam of a class: its teacher opens the test rows once, for all; then validation stands beside test for everybody."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from pages.state.database import database, is_dark
from pages.state.tune_settings import settings_in_words
from pages.widgets.chart_table import NONE, chart_table
from pages.widgets.engine_answer import answer_to
from tuning_core.charts.style import number, whole
from tuning_core.charts.validation_and_test import validation_and_test
from tuning_core.store import class_board, class_exam, questions
from tuning_core.store.class_exam import Correlation, ExamRow
from tuning_core.store.classrooms import Board, Classroom

KIND = "class_exam"
WHY = (
    "Every student chose by the validation rows, and the best of many looks better on them than it is. The test rows are opened "
    "**once, for all at the same time**; the class has ended its search then."
)


def exam_button(found: Classroom) -> None:
    """Opens the vault of the class, after its reasons and a tick; nothing where it is open."""
    if found.opened is not None:
        return
    with st.popover(
        "The exam of the class", icon=":material/lock:", key="class_exam", help="The test rows, opened once for all."
    ):
        st.markdown(WHY)
        st.caption("Of each student the run that was handed in is examined, or else the best one on the validation rows.")
        sure = st.checkbox("Everybody is ready", False, key="class_exam_sure", help="The rows cannot be sealed again.")
        st.button(
            "Open the vault of the class", type="primary", icon=":material/lock_open:", key="class_exam_open", disabled=not sure,
            on_click=_open, args=(found,), help="Scores one model of each student. One look is counted for each of them.",
        )  # fmt: skip
    if _is_asked(found):
        answer_to(KIND, _spec(found))


def exam_results(found: Classroom, *, of: str | None = None, named: bool = True) -> None:
    """What the exam has found, once it was opened: the drawing, its table, and whether trying more went with a wider gap.

    Parameters
    ----------
    of : workspace of a student who looks, whose name is always shown, and who sees others only where the board is shown;
        None for the teacher.
    named : whether nicknames are shown.
    """
    if found.opened is None:
        return
    answer_to(KIND, _spec(found))  # scores what a fault has left unscored, and brings the page back
    rows = class_exam.exam_rows(database(), found.id)
    if of is not None and found.board is Board.HIDDEN:
        rows = [row for row in rows if row.workspace == of]
    score = class_board.measure_of(database(), found).words
    names = [row.nickname if named or row.workspace == of else f"student {i}" for i, row in enumerate(rows, 1)]
    st.markdown("##### :material/lock_open: The exam of the class")
    scored = [(n, r) for n, r in zip(names, rows, strict=True) if r.validation is not None and r.test is not None]
    waiting = sum(row.test is None and not row.error for row in rows)
    if waiting:
        st.caption(f":material/hourglass_top: Scoring the test rows: {len(rows) - waiting} of {len(rows)} students.")
    if scored:
        points = [(n, r.validation or 0.0, r.test or 0.0, r.tried) for n, r in scored]
        st.plotly_chart(
            validation_and_test(points, score=score, dark=is_dark(), narrow=of is not None), width="stretch",
            config={"displayModeBar": False}, key="class_exam_chart",
        )  # fmt: skip
        st.caption(
            "On the dashed line a model is as good on the test rows as on the validation rows. Larger dots tried more settings."
        )
    told = class_exam.gap_correlation(rows)
    if told is not None:
        st.markdown(correlation_words(told))
    chart_table("the exam", "class_exam", partial(exam_table, names, rows, score))


def exam_table(names: Sequence[str], rows: Sequence[ExamRow], score: str) -> dict[str, list[str]]:
    """A line a student, in the order in which they joined."""
    return {
        "student": list(names),
        "settings tried": [whole(row.tried) for row in rows],
        f"validation {score}": [_value(row.validation) for row in rows],
        f"test {score}": [_value(row.test) for row in rows],
        "worse on test by": [_value(row.gap) for row in rows],
        "own looks before": [whole(row.looks_before) for row in rows],
        "model": [_model(row) for row in rows],
    }


def correlation_words(told: Correlation) -> str:
    """Whether those who tried more fell further, and how far luck alone would go."""
    if abs(told.rho) <= told.by_chance:
        found = "Those who tried more settings fell neither clearly further nor less far on the test rows"
    else:
        found = f"Those who tried more settings fell **{'further' if told.rho > 0 else 'less far'}** on the test rows"
    return (
        f"{found}: Spearman's correlation of settings tried and gap is {told.rho:.2f} over {told.n} students. "
        f"Luck alone goes beyond ±{told.by_chance:.2f} in one class of twenty."
    )


def _value(value: float | None) -> str:
    return NONE if value is None else number(value)


def _model(row: ExamRow) -> str:
    if row.error or not row.hyperparameters:
        return row.error or NONE
    return settings_in_words({"hyperparameters": dict(row.hyperparameters), "seeds": list(range(row.seeds))})


def _spec(found: Classroom) -> dict[str, str]:
    return {"classroom": found.id}


def _is_asked(found: Classroom) -> bool:
    return questions.get_question(database(), questions.question_id(KIND, _spec(found))) is not None


def _open(found: Classroom) -> None:
    identity = questions.question_id(KIND, _spec(found))
    before = questions.get_question(database(), identity)
    again = before is not None and before.error is not None  # nobody had trained then
    questions.ask(database(), KIND, _spec(found), again=again)
