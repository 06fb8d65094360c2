"""A student in a class: the form to join it, and what is to be seen of it."""

from __future__ import annotations

import streamlit as st

from pages.state.classroom import counts_for, enter_class, show_class_table
from pages.state.database import database
from pages.state.view import current_view
from pages.widgets.errors import show_error
from pages.widgets.text import plain
from tuning_core.store import classrooms, datasets
from tuning_core.store.class_members import LONGEST, Member
from tuning_core.store.classrooms import CODE_LENGTH, Classroom

SEEN = (
    "The class sees your nickname, your answers to the quiz, and what you train **on the class's table and split** while you are "
    "in it; your teacher can open these curves. Everything else stays yours alone. There is no account, and when the class ends "
    "the nickname is deleted."
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


def joined(found: Classroom, member: Member) -> None:
    """What a student sees of the class."""
    table = datasets.get_dataset(database(), found.dataset_id)
    st.subheader(plain(found.name), anchor=False)
    name = plain(table.name) if table is not None else "a table that is gone"
    st.markdown(
        f"You are **{plain(member.nickname)}**. The class works on **{name}**, target **{plain(found.setup['target'])}**."
    )
    view = current_view()
    if st.button(
        "Train on Tune", icon=":material/tune:", type="primary", key="class_tune", help="With the class's table and split."
    ):
        if not counts_for(found, view.dataset_id, view.setup):
            show_class_table(found)
        st.switch_page("tune/page.py")
