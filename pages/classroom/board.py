"""The teacher's board: how to join, who has tried what, and what the teacher does with the class."""

from __future__ import annotations

from pages.classroom.invitation import invitation
from pages.classroom.teacher_bar import teacher_bar
from pages.state.database import database
from pages.state.view import current_view
from tuning_core.store import class_members
from tuning_core.store.classrooms import Classroom


def board(found: Classroom) -> None:
    """Before the first student the code, as large as can be; then the dots, with a curve beside them."""
    members = class_members.members(database(), found.id)
    teacher_bar(found, members, presented=current_view().presented is not None)
    if not members:
        invitation(found)
