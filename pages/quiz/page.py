"""Quiz: read a real curve, commit to an answer, and see what the unseen rows say."""

from __future__ import annotations

import streamlit as st

from pages.components.page_top import begin_at_top
from pages.quiz.feedback import tell
from pages.quiz.own_items import own_items
from pages.quiz.question_view import ask
from pages.quiz.record_view import show_record
from pages.state.given_answers import forget_answers, given_answers
from pages.widgets.glossary import begin_words
from tuning_core.lessons import KINDS, QuizAnswer, next_item, quiz_items

ALL = "All kinds"


def begin_anew() -> None:
    forget_answers("quiz")
    st.session_state.pop("quiz_shown", None)


begin_words()
answers = [QuizAnswer(name, **content) for name, content in given_answers("quiz")]
with st.sidebar:
    kind = st.selectbox(
        "Practise",
        [ALL, *KINDS],
        format_func=lambda name: KINDS.get(name, name),
        key="quiz_kind",
        help="Curves of real trainings on more than 50 tables. What is right was decided by what changes did to unseen rows.",
    )
    own = st.toggle(
        "On my own table",
        key="quiz_own",
        help="Curves trained on the table that is chosen on the Data page, instead of recorded ones.",
    )
    everything = own_items() if own else quiz_items()
items = [item for item in everything if kind in (ALL, item.kind)]
by_id = {item.id: item for item in (*quiz_items(), *everything)}
shown: QuizAnswer | None = st.session_state.get("quiz_shown")
begin_at_top(f"{len(answers)} {shown is None}")  # a question, and what is told after it
if shown is not None and shown.item in by_id:
    tell(by_id[shown.item], shown)
elif (item := next_item(items, answers)) is not None:
    ask(item, len(answers))
elif items:
    st.success("All of these are answered, and nothing is missed.", icon=":material/check_circle:")
elif everything:
    st.info(
        f"Among your own curves there is no clear case for “{KINDS[kind]}”. Choose another kind to practise.",
        icon=":material/filter_alt_off:",
    )
elif own:
    st.info(
        "Train five settings on your own table, each with every change that might help it. What is right is then decided by what "
        "the changes did to the validation rows, as far as these can tell; the test rows stay locked.",
        icon=":material/quiz:",
    )
show_record(by_id, answers, begin_anew)
