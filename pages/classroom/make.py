"""A new class: its name, its table and setup, what is set for the students, and what they see of each other."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.state.database import database
from pages.state.guide import Guide, write_guide
from pages.state.view import View, default_setup
from pages.state.workspace import workspace
from pages.widgets.errors import show_error
from pages.widgets.guide_form import guide_form
from pages.widgets.text import plain, unique_labels
from tuning_core.errors import UserError
from tuning_core.store import classrooms, datasets
from tuning_core.store.classrooms import DAYS, LONGEST_NAME, MOST_DAYS, Board

SEES = {
    Board.UNNAMED: "Everybody's dots, without names",
    Board.NAMED: "Everybody's dots, with nicknames",
    Board.HIDDEN: "Only their own dots",
}
ABOUT = (
    "A class has a table with one target and split for all. Students join with a code and a nickname, without accounts. "
    "You see, live, every setting that they try on it; at the end the test rows are opened once, for all."
)
SHARES = "Making the class shares this table for working: whoever is in the class sees it and trains on it."


def make_form(view: View) -> None:
    """Everything that can be chosen, and the button; a refusal stands above it."""
    st.subheader("Make a class", anchor=False)
    st.markdown(ABOUT)
    name = st.text_input(
        "Name of the class", max_chars=LONGEST_NAME, key="class_name", placeholder="Machine learning, Tuesday",
        help="Students see it.",
    )  # fmt: skip
    dataset_id = _table(view)
    if dataset_id is None:
        return
    setup = view.setup if dataset_id == view.dataset_id else default_setup(dataset_id)
    if setup is None:
        st.caption(":material/info: This table has no target yet. Choose one on the Data page first.")
        return
    st.caption(f"Target **{plain(setup['target'])}**. Target, features and split are the same for all, as on the Data page now.")
    with st.expander("What is set for the students", icon=":material/tune:"):
        guide = guide_form("class")
    sees, days = st.columns([2, 1])
    with sees:
        board = st.selectbox(
            "Students see", list(SEES), format_func=SEES.get, key="class_sees", help="Of the board. You see all, with nicknames."
        )
    with days:
        term = st.number_input(
            "Days", 1, int(MOST_DAYS), int(DAYS), key="class_days", help="Then the class ends, and its nicknames are deleted."
        )
    if refusal := st.session_state.pop("class_refusal", None):
        show_error(*refusal)
    text = write_guide(guide) if guide != Guide() else ""
    st.button(
        "Make the class", type="primary", icon=":material/group_add:", key="make_class", on_click=_make,
        args=(name, dataset_id, setup, text, board, float(term)), help="Then the code is shown.",
    )  # fmt: skip


def _table(view: View) -> str | None:
    """One of the teacher's own, or a sample: others may not be passed on."""
    ready = {one.id: one for one in datasets.list_datasets(database(), workspace()) if one.status == "ready"}
    if not ready:
        st.caption(":material/hourglass_top: The tables are being read.")
        return None
    labels = dict(zip(ready, unique_labels(one.name for one in ready.values()), strict=True))
    if st.session_state.get("class_table") not in labels:
        st.session_state.class_table = view.dataset_id if view.dataset_id in labels else next(iter(labels))
    chosen = st.selectbox(
        "Table", list(labels), list(labels).index(st.session_state.class_table), key="class_table",
        format_func=labels.__getitem__, help="A sample, or one that you have uploaded on the Data page.",
    )  # fmt: skip
    if ready[chosen].workspace != datasets.SAMPLES:
        st.caption(f":material/group: {SHARES}")
    return chosen


def _make(name: str, dataset_id: str, setup: dict[str, Any], guide: str, board: Board, days: float) -> None:
    try:
        found = classrooms.add_classroom(database(), workspace(), name, dataset_id, setup, guide=guide, board=board, days=days)
    except UserError as problem:
        st.session_state.class_refusal = (problem.message, problem.remedy)
        return
    st.session_state.class_place = found.id
