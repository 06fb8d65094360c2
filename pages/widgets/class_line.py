"""Which class this browser is in, on every page: what the teacher says, shows or has paused, and the way out."""

from __future__ import annotations

import streamlit as st

from pages.components.class_channel import class_channel
from pages.state.classroom import class_of_visit, counts_for, leave_class, show_class_table
from pages.state.database import database
from pages.state.guide import guide, leave_guide
from pages.state.rights import PAUSED, seen_run
from pages.state.view import change_view, current_view
from pages.widgets.text import plain
from tuning_core.store import datasets
from tuning_core.store.classrooms import Classroom

LEAVING = "Your nickname and your answers are removed from the class, and it no longer sees your runs. They stay yours."


def class_line() -> bool:
    """One line, and what the teacher does under it; returns whether the class's guide was said in it."""
    visit = class_of_visit()
    if visit is None:
        return False
    found, member = visit
    guided = bool(found.guide) and current_view().guide == found.guide
    with st.container(horizontal=True, vertical_alignment="center", key="class_line"):
        note = f": {plain(guide().note)}" if guided and guide().note else ""
        st.markdown(f":material/groups: Class **{plain(found.name)}** · {plain(member.nickname)}{note}", width="stretch")
        st.page_link("classroom/page.py", label="The class", icon=":material/scatter_plot:", width="content")
        with st.popover("Leave", icon=":material/logout:", type="tertiary", key="leave_class_menu", help="Leave class or guide."):
            if guided:
                st.button("Leave the guide", icon=":material/lock_open:", key="leave_guide", on_click=leave_guide,
                          help="Opens all controls and pages; you stay in the class.")  # fmt: skip
            st.button("Leave the class", icon=":material/logout:", key="leave_class", on_click=leave_class, args=(found.id,),
                      help=LEAVING)  # fmt: skip
            st.caption(LEAVING)
    _notices(found)
    class_channel(found.id, found.version)
    return guided


def _notices(found: Classroom) -> None:
    if said := st.session_state.pop("class_sent", None):
        st.success(said, icon=":material/tune:")
    if found.frozen:
        st.warning(PAUSED, icon=":material/pause_circle:")
    view = current_view()
    if found.shown_run and found.shown_run != view.run_id:
        with st.container(horizontal=True, vertical_alignment="center", key="class_shown"):
            st.markdown(":material/present_to_all: Your teacher shows a curve.", width="content")
            if st.button("Look at it", key="class_look", type="primary", help="Opens it on Tune, for looking."):
                _open_shown(found.shown_run)
    elif not counts_for(found, view.dataset_id, view.setup):
        table = datasets.get_dataset(database(), found.dataset_id)
        name = plain(table.name) if table is not None else "another table"
        with st.container(horizontal=True, vertical_alignment="center", key="class_elsewhere"):
            st.caption(f"What you train here does not count for the class: it works on {name}, with its own target and split.")
            st.button("Back to the class's table", icon=":material/undo:", key="class_back", type="tertiary",
                      on_click=show_class_table, args=(found,), help="Table, target and split of the class.")  # fmt: skip


def _open_shown(run_id: str) -> None:
    run = seen_run(run_id)
    if run is not None:
        change_view(dataset_id=run.dataset_id, setup=run.setup, run_id=run.id, ghost_id=None)
        st.switch_page("tune/page.py")
