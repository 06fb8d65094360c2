"""Deleting a run, and taking it back."""

from __future__ import annotations

import streamlit as st

from pages.state.database import database
from pages.state.view import change_view
from pages.widgets.text import plain
from tuning_core.store import runs

FIELDS = {"manual": "run_id", "search": "search_id"}  # of the view
NOUNS = {"manual": "run", "search": "search"}


def delete_run(run_id: str) -> None:
    """Off the screen and out of every list; the trash keeps it for a day."""
    run = runs.get_run(database(), run_id)
    if run is not None:
        runs.trash_run(database(), run_id)
        st.session_state.deleted_run = run_id
        change_view(**{FIELDS[run.kind]: None})


def undo_deletion(kind: str) -> None:
    """In place of the run that was deleted last in this visit: its name and a button that brings it back."""
    run = runs.get_run(database(), st.session_state.get("deleted_run", ""))
    if run is None or run.deleted is None or run.kind != kind:
        return
    what = NOUNS[kind]
    with st.container(horizontal=True, vertical_alignment="center"):
        name = f" {plain(run.name)}" if run.name else ""
        st.markdown(f":material/delete: The {what}{name} is deleted.", width="content")
        st.button(
            "Undo",
            icon=":material/undo:",
            key="undo_deletion",
            on_click=_restore,
            args=(run.id,),
            help=f"Bring the {what} and its curves back. A day after it was deleted it is gone for good.",
        )


def _restore(run_id: str) -> None:
    run = runs.get_run(database(), run_id)
    if run is not None:
        runs.restore_run(database(), run_id)
        change_view(dataset_id=run.dataset_id, setup=run.setup, **{FIELDS[run.kind]: run.id})
