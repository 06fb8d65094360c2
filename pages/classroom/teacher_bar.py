"""Over the board: the name, the code, and what the teacher does with the class. Each of these reaches all students at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

import streamlit as st

from pages.classroom.invitation import code_again
from pages.classroom.make import SEES
from pages.state.database import database
from pages.state.guide import write_guide
from pages.state.workspace import workspace
from pages.widgets.guide_form import guide_form
from pages.widgets.presenting import leave_button, present_button
from pages.widgets.text import plain, unique_labels
from tuning_core.store import class_board, class_exam, class_members, classrooms, sharing
from tuning_core.store.class_members import Member, Removed
from tuning_core.store.classrooms import Classroom
from tuning_core.store.sharing import Right

NOT_SHARED = "You no longer share the table of this class for working, so no student can train on it."
PAUSE_PIXELS = 118  # of "Pause", so that nothing moves when it is "Go on"


def teacher_bar(found: Classroom, members: Sequence[Member], *, presented: bool) -> None:
    """In the presenter's view name and code alone."""
    with st.container(horizontal=True, vertical_alignment="center", key="class_bar"):
        st.subheader(plain(found.name), anchor=False, width="stretch")
        if members:
            code_again(found)
        _pause(found, width="content" if presented else PAUSE_PIXELS)
        if presented:
            leave_button()
            return
        with st.popover("Send settings", icon=":material/send:", key="class_send", help="To all students, onto their sliders."):
            text = write_guide(guide_form("class_send"))
            st.button(
                "Send to all", type="primary", icon=":material/send:", key="class_send_now",
                on_click=_tell(classrooms.send_guide, found), args=(text,),
                help="On every student's sliders, whatever they have set. What they trained stays.",
            )  # fmt: skip
        present_button()
        with st.popover("More", icon=":material/more_vert:", key="class_menu", help="What students see, who is here, its end."):
            _menu(found, members)
    if sharing.right_to_table(database(), found.dataset_id, None) in (Right.NONE, Right.VIEW):
        _say_not_shared(found)
    if found.frozen:
        st.warning(
            "The class is paused: nobody begins a training. What trains already goes on to its end.",
            icon=":material/pause_circle:",
        )


def _say_not_shared(found: Classroom) -> None:
    """Somebody has stopped sharing the class's table, on the Data page: the class cannot work then."""
    with st.container(horizontal=True, vertical_alignment="center", key="class_not_shared"):
        st.warning(NOT_SHARED, icon=":material/link_off:", width="stretch")
        st.button(
            "Share it again", type="primary", key="class_share", help="For working, with the class and whoever has the link.",
            on_click=sharing.share_table, args=(database(), found.dataset_id, found.owner, sharing.WORK),
        )  # fmt: skip


def _pause(found: Classroom, width: int | Literal["content"]) -> None:
    """One place for both, so that nothing beside it moves."""
    st.button(
        "Go on" if found.frozen else "Pause", icon=":material/play_arrow:" if found.frozen else ":material/pause:",
        type="primary" if found.frozen else "secondary", key="class_pause", on_click=_tell(classrooms.freeze, found),
        args=(not found.frozen,), width=width, help="While the class is paused, no student begins a training on its table.",
    )  # fmt: skip


def _menu(found: Classroom, members: Sequence[Member]) -> None:
    key = f"class_board_{found.id}"
    st.selectbox(
        "Students see", list(SEES), list(SEES).index(found.board), format_func=SEES.get, key=key,
        on_change=lambda: _tell(classrooms.choose_board, found)(st.session_state[key]), help="Of the board.",
    )  # fmt: skip
    st.download_button(
        "All settings as CSV", data=lambda: _csv(found), file_name="class.csv", mime="text/csv", icon=":material/download:",
        key="class_csv", on_click="ignore", help="A line for each setting that a student has tried, with its score.",
    )  # fmt: skip
    if found.opened is not None:
        st.download_button(
            "The exam as CSV", data=lambda: _exam_csv(found), file_name="class-exam.csv", mime="text/csv",
            icon=":material/download:", key="class_exam_csv", on_click="ignore",
            help="A line for each student who was examined, with validation and test scores.",
        )  # fmt: skip
    if found.shown_run:
        st.button(
            "Show no curve any more", icon=":material/cancel_presentation:", key="class_unshow",
            on_click=_tell(classrooms.show_run, found), args=(None,), help="Students see the curve no longer.",
        )  # fmt: skip
    if members:
        who = _choose_student("Student", members, key="class_member", help="Who is to go.")
        st.button(
            "Remove from the class", icon=":material/person_remove:", key="class_remove", disabled=who is None, on_click=_remove,
            args=(found, who), help="Nickname, answers and dots go, and this browser cannot join again until you let it in.",
        )  # fmt: skip
    if gone := class_members.removed(database(), found.id):
        who = _choose_student("Removed", gone, key="class_gone", help="Who may come back.")
        st.button(
            "Let in again", icon=":material/person_add:", key="class_let_in", disabled=who is None, on_click=_let_in,
            args=(found, who), help="They can join with the code then.",
        )  # fmt: skip
    zone = ZoneInfo(st.context.timezone or "UTC")
    st.caption(f"The class ends by itself on {datetime.fromtimestamp(found.expires, zone):%Y-%m-%d, %H:%M}.")
    sure = st.checkbox("End the class now", False, key="class_sure", help="This cannot be undone.")
    st.button(
        "End it", icon=":material/delete:", key="class_end", disabled=not sure, on_click=_end, args=(found,),
        help="Nicknames, answers and the exam of the class are deleted. Students keep their runs.",
    )  # fmt: skip


def _choose_student(label: str, students: Sequence[Member | Removed], *, key: str, help: str) -> str | None:
    """The workspace of the student who was picked by nickname."""
    names = dict(zip((one.workspace for one in students), unique_labels(one.nickname for one in students), strict=True))
    return st.selectbox(label, list(names), None, format_func=names.get, key=key, placeholder="Nobody", help=help)


def _csv(found: Classroom) -> bytes:
    from tuning_core.export.class_csv import class_csv  # pandas, which a page does without

    db = database()
    rows, measure = class_board.board_rows(db, found), class_board.measure_of(db, found)
    return class_csv(rows, class_board.settings_tried(db, found), measure)


def _exam_csv(found: Classroom) -> bytes:
    from tuning_core.export.class_csv import exam_csv

    return exam_csv(class_exam.exam_rows(database(), found.id), class_board.measure_of(database(), found))


def _tell(change: Callable[..., None], found: Classroom) -> Callable[..., None]:
    return lambda value: change(database(), found.id, workspace(), value)


def _remove(found: Classroom, who: str) -> None:
    class_members.remove_member(database(), found.id, workspace(), who)


def _let_in(found: Classroom, who: str) -> None:
    class_members.let_in_again(database(), found.id, workspace(), who)


def _end(found: Classroom) -> None:
    classrooms.end_classroom(database(), found.id, workspace())
    st.session_state.pop("class_place", None)
