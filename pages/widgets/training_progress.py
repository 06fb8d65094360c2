"""How far a run is, where no curve shows it."""

from __future__ import annotations

import streamlit as st

from pages.state.database import database
from pages.state.waiting import rerun_when
from tuning_core.store import runs
from tuning_core.store.runs import StoredRun

STEPS = 20  # of the bar: the page runs again with each


def training_progress(run: StoredRun) -> None:
    """A bar; the page runs again when it has moved on or the run has ended."""
    done = runs.progress(database(), run.id)
    st.progress(done, text=f"Training: {done:.0%}")
    step = int(STEPS * done)

    def moved() -> bool:
        now = runs.get_run(database(), run.id)
        return now is None or not now.live or int(STEPS * runs.progress(database(), run.id)) > step

    rerun_when(moved)
