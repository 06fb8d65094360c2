"""What is told after an answer: right or not, a reason for every option, the unseen rows, and what the doctor sees."""

from __future__ import annotations

from functools import partial

import numpy as np
import streamlit as st

from pages.quiz.live_change import show_change
from pages.quiz.question_view import COLUMNS, draw_panels, head
from pages.state.database import is_dark
from pages.widgets.chart_table import chart_table, history_columns
from pages.widgets.glossary import explained, word_chips
from pages.widgets.text import plain
from tuning_core.charts.quiz_curve import quiz_curve
from tuning_core.charts.style import number
from tuning_core.diagnosis import DISEASES, Finding, diagnose, error_rates
from tuning_core.diagnosis.wording import TITLES
from tuning_core.lessons import MISCONCEPTIONS, QuizAnswer, QuizItem, terms_in

MOST_WORDS = 6  # of the glossary, under the reasons
READ = ("verdict", "point", "cure")  # kinds that ask for a reading of the curve: the doctor's is shown beside


def tell(item: QuizItem, answer: QuizAnswer) -> None:
    """Everything at once: the curve with what nobody could see, the reasons, and the button that goes on."""
    head(item)
    with st.container(horizontal=True, vertical_alignment="center", key="quiz_verdict"):  # on a phone, too, this comes first
        with st.container():
            _verdict(item, answer)
        _next()
    findings = diagnose(item.history) if item.kind in READ and np.isfinite(item.history.train_loss).any() else []
    left, right = st.columns(COLUMNS)
    with right:
        _words(item, answer)
    with left:
        _draw(item, answer, findings[0] if findings else None)
        if findings:
            _doctor(item, findings[0])
        if item.panels:
            draw_panels(item, f"{item.id}_panels")
    show_change(item)
    told = " ".join((item.question, *item.options, *item.explanations.values()))
    word_chips(terms_in(told)[:MOST_WORDS], key="quiz_words")


def _words(item: QuizItem, answer: QuizAnswer) -> None:
    st.markdown(f"**{plain(item.question)}**")
    if item.misconception:
        st.caption(f"Often believed: “{MISCONCEPTIONS[item.misconception]}”.")
    for option in item.options:
        icon = ":material/check_circle:" if item.worth[option] >= 1 else ":material/cancel:"
        if 0 < item.worth[option] < 1:
            icon = ":material/rule:"
        mine = " (your answer)" if option == answer.choice else ""
        explained(item.explanations[option], plain, before=f"{icon} **{plain(option)}**{mine}. ")


def _verdict(item: QuizItem, answer: QuizAnswer) -> None:
    if answer.right:
        st.success(f"Right: {plain(answer.choice)}.", icon=":material/check_circle:")
    elif answer.score > 0:
        st.warning(
            f"{plain(answer.choice)} is worth {100 * answer.score:.0f} % here. Best is: {plain(item.answer)}.",
            icon=":material/rule:",
        )
    else:
        st.warning(f"It is: {plain(item.answer)}.", icon=":material/lightbulb:")


def _next() -> None:
    st.button(
        "Next",
        type="primary",
        icon=":material/arrow_forward:",
        on_click=lambda: st.session_state.pop("quiz_shown", None),
        help="What was missed comes back later.",
    )


def _draw(item: QuizItem, answer: QuizAnswer, finding: Finding | None) -> None:
    if item.curve_first and np.isfinite(item.history.train_loss).any():
        epochs = {
            "chosen": int(answer.choice.removeprefix("epoch ")) if item.kind == "point" else None,
            "answer": int(item.answer.removeprefix("epoch ")) if item.kind == "point" else None,
        }
        figure = quiz_curve(
            item.history,
            unseen=item.unseen,
            unseen_words=item.unseen_words,
            epochs=finding.epochs if finding is not None else None,
            dark=is_dark(),
            **epochs,
        )
        st.plotly_chart(figure, key=f"{item.id}_told", width="stretch")
        chart_table("the curve", f"{item.id}_told", partial(_told_columns, item))


def _told_columns(item: QuizItem) -> dict[str, list[str]]:
    """The losses with that of the rows that nobody could see."""
    columns = history_columns(item.history)
    unseen = [number(float(value)) for value in item.unseen] if item.unseen is not None else []
    return columns | ({f"loss on {item.unseen_words}": unseen} if len(unseen) == len(item.history) else {})


def _doctor(item: QuizItem, finding: Finding) -> None:
    """What the doctor says of the curve alone, how often it is right, and that it may be wrong here."""
    wrong = bool(item.verdict) and finding.kind != item.verdict
    misled = f" Here the curve misleads it: what the changes did to the {item.unseen_words} decides." if wrong else ""
    said = f"**The curve doctor** (its epochs are shaded): **{TITLES[finding.kind]}**. "
    explained(finding.message, plain, before=said, after=misled)
    if finding.kind in (*DISEASES, "healthy"):
        st.caption(plain(error_rates()[finding.kind].sentence()))
