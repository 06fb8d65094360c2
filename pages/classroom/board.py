"""The teacher's board: how to join, who has tried what, and what the teacher does with the class."""

from __future__ import annotations

import time
from collections.abc import Sequence

import streamlit as st

from pages.classroom.class_exam import exam_button, exam_results
from pages.classroom.invitation import invitation
from pages.classroom.picked_run import pick, picked_panel, picked_row
from pages.classroom.quiz_answers import quiz_answers
from pages.classroom.teacher_bar import teacher_bar
from pages.components.class_board import class_board
from pages.components.class_channel import class_channel
from pages.state.database import database
from pages.state.view import current_view
from pages.widgets.presenting import listen
from pages.widgets.text import plain
from tuning_core.store import class_board as store_board
from tuning_core.store import class_members
from tuning_core.store.class_board import BoardRow, Measure
from tuning_core.store.class_members import Member
from tuning_core.store.classrooms import Board, Classroom

HEIGHT = 440  # pixels at least
LISTED = 8  # of those who may need help
COLUMNS = (1.45, 1)  # dots, and what is beside them


def board(found: Classroom) -> None:
    """Before the first student the code, as large as can be; then the dots, with a curve beside them."""
    members = class_members.members(database(), found.id)
    presented = current_view().presented is not None
    teacher_bar(found, members, presented=presented)
    if members:
        _dots(found, members, presented)
    else:
        invitation(found)
        class_channel(found.id, found.version, 0)
    listen(lambda by: None)


def _dots(found: Classroom, members: Sequence[Member], presented: bool) -> None:
    rows = store_board.board_rows(database(), found)
    measure = store_board.measure_of(database(), found)
    row = picked_row(rows)
    whole = presented and row is None  # who may need help is nothing for a projector
    left, right = (st.container(), None) if whole else st.columns(COLUMNS, gap="medium")
    with left:
        class_board(
            found.id,
            key="class_board",
            feed="classroom",
            score=f"validation {measure.words}",
            greater=measure.greater_is_better,
            version=found.version,
            members=len(members),
            on_pick=pick,
            named=not presented or found.board is Board.NAMED,
            selected=f"{row.run_id} {row.setting}" if row is not None else None,
            height=HEIGHT,
            large=presented,
        )
    if right is not None:
        with right:
            if row is not None:
                picked_panel(found, row, height=HEIGHT, presented=presented)
            else:
                _beside(found, members, rows, measure)
    exam_results(found, named=not presented or found.board is Board.NAMED)


def _beside(found: Classroom, members: Sequence[Member], rows: Sequence[BoardRow], measure: Measure) -> None:
    """Until a dot is pressed: who may need help, and what was answered."""
    exam_button(found)
    st.markdown("##### Who may need you")
    stuck = store_board.who_is_stuck(rows, members, measure, time.time())
    names = {member.workspace: member.nickname for member in members}
    lines = [f"- **{plain(names[who])}**: {plain(reason)}" for who, reason in stuck.items()]
    if len(lines) > LISTED:
        lines[LISTED - 1 :] = [f"- and {len(lines) - LISTED + 1} more"]
    if stuck:
        st.markdown("\n".join(lines))
    else:
        st.caption("Nobody now. Whoever brings nothing new for a while is named here.")
    st.caption(":material/ads_click: Press a dot to see its curve, and to show it to the class.")
    quiz_answers(found)
