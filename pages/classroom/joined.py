"""A student in a class: the form to join it, and what is to be seen of it."""

from __future__ import annotations

import streamlit as st

from pages.classroom.class_exam import exam_results
from pages.components.class_board import class_board as class_drawing
from pages.state.classroom import counts_for, enter_class, show_class_table
from pages.state.database import database
from pages.state.view import current_view
from pages.state.workspace import workspace
from pages.widgets.errors import show_error
from pages.widgets.text import plain
from tuning_core.charts.style import number
from tuning_core.errors import UserError
from tuning_core.store import class_board, class_members, classrooms, datasets
from tuning_core.store.class_members import LONGEST, Member
from tuning_core.store.classrooms import CODE_LENGTH, Board, Classroom

BEST = ""  # instead of the id of a run
SEEN = (
    "The class sees your nickname, your answers to quiz and lessons, and what you train **on the class's table and split** while "
    "you are in it; your teacher can open these curves. Everything else stays yours alone. There is no account, and when the "
    "class ends the nickname is deleted."
)


def join_form(code: str) -> None:
    """Code and nickname, and what the class will see."""
    found = classrooms.classroom_by_code(database(), code) if code else None
    st.subheader(f"Join {plain(found.name)}" if found is not None else "Join a class", anchor=False)
    with st.form("join_class", border=False):
        given = st.text_input(
            "Code", code, max_chars=4 * CODE_LENGTH, key="join_code", placeholder="six letters and digits",
            help="Your teacher shows it. Small letters and blanks do not matter.",
        )  # fmt: skip
        nickname = st.text_input(
            "Nickname", max_chars=LONGEST, key="join_name", help="What you are called in the class. It need not be your name."
        )
        st.caption(SEEN)
        pressed = st.form_submit_button("Join", type="primary", icon=":material/login:")
    if pressed:
        enter_class(given, nickname)
        if "join_refusal" not in st.session_state:
            st.session_state.pop("class_place", None)
            st.rerun()
    if refusal := st.session_state.pop("join_refusal", None):
        show_error(*refusal)
    elif code and found is None and not pressed:
        show_error("No class with this code is open; it may have ended.", "Ask your teacher for the code.")


def joined(found: Classroom, member: Member) -> None:
    """What a student sees of the class, under the line that names it."""
    table = datasets.get_dataset(database(), found.dataset_id)
    name = plain(table.name) if table is not None else "a table that is gone"
    with st.container(horizontal=True, vertical_alignment="bottom", key="class_place_line"):
        st.markdown(f"The class works on **{name}**, target **{plain(found.setup['target'])}**.", width="stretch")
        _answer_choice(found, member)
        _to_tune(found)
    _own_board(found, member)
    exam_results(found, of=member.workspace, named=found.board is Board.NAMED)


def _to_tune(found: Classroom) -> None:
    view = current_view()
    if st.button(
        "Train on Tune", icon=":material/tune:", type="primary", key="class_tune", help="With the class's table and split."
    ):
        if not counts_for(found, view.dataset_id, view.setup):
            show_class_table(found)
        st.switch_page("tune/page.py")


def _own_board(found: Classroom, member: Member) -> None:
    """The own dots, and everybody's where the teacher lets students see them; they come by themselves."""
    measure = class_board.measure_of(database(), found)
    alone = found.board is Board.HIDDEN
    st.markdown(
        "##### What you have tried" if alone else "##### What the class has tried :small[:gray[The large dots are yours.]]"
    )
    class_drawing(
        found.id, key="class_own", feed="class_board", score=f"validation {measure.words}", greater=measure.greater_is_better,
        named=found.board is Board.NAMED, own=member.nickname, sight=found.board, height=340, above=300,
    )  # fmt: skip


def _answer_choice(found: Classroom, member: Member) -> None:
    """Which run is handed in for the class's exam; the best one unless another is chosen."""
    rows = class_board.board_rows(database(), found)
    own = [r for r in rows if r.workspace == member.workspace and r.score is not None and not r.deleted]
    names = {r.run_id: f"setting {r.number}: {number(r.score)}" for r in own if r.score is not None}
    if not names or found.opened is not None:
        return
    key = f"class_answer_{found.id}"
    chosen = member.answer_run if member.answer_run in names else BEST
    places = [BEST, *names]
    st.selectbox(
        "My answer for the exam", places, places.index(chosen), key=key, width=300,
        format_func=lambda run_id: names.get(run_id, "my best one on the validation rows"),
        on_change=lambda: _hand_in(found, st.session_state[key] or None),
        help="The model that is examined on the test rows when the teacher opens them, once, for all.",
    )  # fmt: skip


def _hand_in(found: Classroom, run_id: str | None) -> None:
    try:
        class_members.choose_run(database(), found.id, workspace(), run_id)
    except UserError as problem:
        st.session_state.not_queued = (problem.message, problem.remedy)
