"""Everything that this browser has stored here, and a button that deletes it."""

from __future__ import annotations

import streamlit as st

from pages.state.database import database
from pages.state.samples import SAMPLES
from pages.state.view import open_dataset
from pages.state.workspace import workspace
from tuning_core.store import workspaces
from tuning_core.store.deletion import delete_workspace


def my_data() -> None:
    """Nothing for somebody who has stored nothing."""
    if not workspaces.has_anything(database(), workspace()):
        return
    with st.popover("All of mine", icon=":material/folder_delete:", help="Delete everything that you have stored here."):
        st.caption(
            "Your tables, runs, searches, answers and settings on this server. How often you looked at test rows stays counted."
        )
        sure = st.checkbox("This cannot be undone", key="delete_all_sure")
        st.button(
            "Delete everything of mine",
            icon=":material/delete_forever:",
            key="delete_all",
            disabled=not sure,
            on_click=_delete_all,
            help="At once and for good; nobody else's tables or runs are touched.",
        )


def _delete_all() -> None:
    delete_workspace(database(), workspace())
    st.session_state.pop("deleted_run", None)
    open_dataset(SAMPLES[0].id)
