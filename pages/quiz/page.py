"""Quiz: read a real curve, commit to an answer, and see what the unseen rows say."""

from __future__ import annotations

import streamlit as st

from pages.quiz.feedback import tell
from pages.quiz.question_view import ask
from pages.quiz.record_view import show_record
from pages.state.given_answers import forget_answers, given_answers
from tuning_core.lessons import KINDS, QuizAnswer, next_item, quiz_items

ALL = "All kinds"


def begin_anew() -> None:
    forget_answers("quiz")
    st.session_state.pop("quiz_shown", None)


answers = [QuizAnswer(name, **content) for name, content in given_answers("quiz")]
with st.sidebar:
    kind = st.selectbox(
        "Practise",
        [ALL, *KINDS],
        format_func=lambda name: KINDS.get(name, name),
        key="quiz_kind",
        help="Curves of real trainings on more than 50 tables. What is right was decided by what changes did to unseen rows.",
    )
items = [item for item in quiz_items() if kind in (ALL, item.kind)]
by_id = {item.id: item for item in quiz_items()}
shown: QuizAnswer | None = st.session_state.get("quiz_shown")
if shown is not None and shown.item in by_id:
    tell(by_id[shown.item], shown)
elif (item := next_item(items, answers)) is not None:
    ask(item, len(answers))
else:
    st.success("All of these are answered, and nothing is missed.", icon=":material/check_circle:")
show_record(by_id, answers, begin_anew)
