"""The class that this browser is in: its guide holds for the visit, and what the teacher does is heard on every page."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.state.database import database
from pages.state.guide import read_guide
from pages.state.tune_settings import change_settings
from pages.state.view import change_view, current_view, open_dataset
from pages.state.workspace import workspace
from tuning_core.errors import SettingsError, UserError
from tuning_core.store import class_members, classrooms
from tuning_core.store.class_members import Member
from tuning_core.store.classrooms import Classroom
from tuning_core.store.datasets import setup_id

SENT = "Your teacher has sent new settings. They are on the sliders now."


def class_of_visit() -> tuple[Classroom, Member] | None:
    """The class that this browser's student is in; one that has ended or expired is none."""
    db, me = database(), workspace()
    found = class_members.classroom_of_member(db, me)
    member = class_members.get_member(db, found.id, me) if found is not None else None
    return (found, member) if found is not None and member is not None else None


def begin_class() -> None:
    """At the top of every page: a student's visit takes the guide of the class, and each one that the teacher sends later."""
    found = class_of_visit()
    if found is not None:
        class_members.note_seen(database(), found[0].id, workspace())
    before = st.session_state.get("class_guide")
    now = (found[0].id, found[0].guide, found[0].sent) if found is not None else None
    if now == before:
        return
    st.session_state.class_guide = now
    if before is not None and now is None and not st.session_state.pop("class_left", False):
        st.session_state.not_queued = _why_out(before[0])
    if before is not None and current_view().guide == before[1]:
        change_view(guide=None)  # of a class that was left, or has another guide now
    if now is None or not now[1]:
        return
    change_view(guide=now[1])
    if before is not None and before[0] == now[0]:
        _take_settings(now[1])


def _why_out(classroom_id: str) -> tuple[str, str]:
    """For whoever is in a class no longer and has not left it."""
    if any(one.workspace == workspace() for one in class_members.removed(database(), classroom_id)):
        return "Your teacher has removed you from the class.", "Your runs stay yours. To come back, ask your teacher."
    return "The class has ended.", "Your runs stay yours."


def _take_settings(text: str) -> None:
    """Of a guide that comes while the visit goes on: on the sliders, whatever is on screen."""
    try:
        found = read_guide(text)
    except SettingsError:
        return  # `begin_guide` says so
    st.session_state.guided = text
    if found.settings:
        change_settings(**found.settings)
    st.session_state.class_sent = SENT


def enter_class(code: str, nickname: str) -> None:
    """Join, and show the class's table with its target and split; a refusal is kept for the page."""
    st.session_state.pop("join_refusal", None)
    try:
        found = class_members.join(database(), code, workspace(), nickname)
    except UserError as problem:
        st.session_state.join_refusal = (problem.message, problem.remedy)
        return
    st.session_state.class_guide = None
    st.session_state.pop("guided", None)
    show_class_table(found)


def show_class_table(found: Classroom) -> None:
    """The class's table, target and split, without a run."""
    change_view(dataset_id=found.dataset_id, setup=found.setup, run_id=None, ghost_id=None, join=None)


def open_table(dataset_id: str) -> None:
    """Show a table with the setup that suits it; that of the class, where it is the class's table."""
    visit = class_of_visit()
    if visit is not None and visit[0].dataset_id == dataset_id:
        show_class_table(visit[0])
    else:
        open_dataset(dataset_id)


def leave_class(classroom_id: str) -> None:
    st.session_state.class_left = True
    class_members.leave(database(), classroom_id, workspace())


def tell_class(item: str, option: str, right: bool, *, keep_first: bool = False) -> None:
    """Let the teacher count an answer to a question that all have; nothing outside of a class."""
    visit = class_of_visit()
    if visit is not None:
        class_members.add_answer(database(), visit[0].id, workspace(), item, option, right, keep_first=keep_first)


def question_of(chapter: str) -> str:
    """The name under which a class counts the answers to the question of a chapter of the lessons."""
    return f"lesson:{chapter}"


def prediction_of(chapter: str) -> str:
    """The same of its "which curve is it?"."""
    return f"lesson:{chapter}:prediction"


def counts_for(found: Classroom, dataset_id: str, setup: dict[str, Any] | None) -> bool:
    """Whether runs on this table and setup are those of the class."""
    return dataset_id == found.dataset_id and setup_id(dataset_id, setup or {}) == setup_id(found.dataset_id, found.setup)


def is_setup_locked(dataset_id: str) -> bool:
    """Whether target, features and split are those of the class for this browser: a member's, on the class's table."""
    visit = class_of_visit()
    return visit is not None and visit[0].dataset_id == dataset_id


def has_class() -> bool:
    """Whether this browser is in a class, has made one, or was asked into one: the page is in the bar then."""
    return bool(current_view().join) or class_of_visit() is not None or bool(classrooms.classrooms_of(database(), workspace()))
