"""What every page has around it: a tight layout, and a word about the engine while it is not ready."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import streamlit as st

from pages.state.database import database
from pages.state.remembered import restore_remembered, save_remembered
from pages.state.view import current_view
from pages.state.waiting import forget_waits, poll_waits, rerun_when
from pages.widgets.errors import show_error
from tuning_core.store import datasets, engine_status

FOLDER = Path(__file__).parent
LOGO = str(FOLDER / "assets" / "logo.svg")
ENGINE_WORDS = {
    "starting": "The training engine is starting.",
    "warming": "The training engine is warming up: its workers load TensorFlow. You can set things up meanwhile.",
}
CSS = FOLDER / "frame.css"


def tab_title(page: str) -> str:
    """Of the browser's tab: which page of which table."""
    dataset = datasets.get_dataset(database(), current_view().dataset_id)
    return " · ".join([page, *([dataset.name] if dataset else []), "Tunescope"])


@contextmanager
def frame() -> Iterator[None]:
    """Around every page."""
    forget_waits()
    restore_remembered()
    st.html(CSS)
    st.logo(LOGO, size="medium")
    current_view()
    if st.session_state.pop("lost_link", False):
        show_error("The link names a dataset or run that is not on this server.", "The sample data are shown instead.")
    state = engine_status.get_engine(database())
    if state.status != "ready":
        text = ENGINE_WORDS.get(state.status, "The training engine is not running yet. Runs are queued until it is.")
        st.caption(f":material/hourglass_top: {text}")
        rerun_when(lambda: engine_status.get_engine(database()).status != state.status)
    try:
        yield
    finally:
        save_remembered()
    poll_waits()
