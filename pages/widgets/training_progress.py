"""How far a run is, or a question whose answer trains, where no curve shows it."""

from __future__ import annotations

import streamlit as st

from pages.state.database import database
from pages.state.waiting import rerun_when
from tuning_core.data.reading.progress import progress_in
from tuning_core.store import questions, runs
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


def question_progress(identity: str, doing: str) -> None:
    """A bar with epochs and time left, and the button that stops it; the page runs again when the bar has moved on."""
    folder = questions.work_folder(database(), identity)
    done, words = progress_in(folder)
    with st.container(horizontal=True, vertical_alignment="center", key=f"progress_{identity}"):
        st.progress(done, text=f"{doing}: {words or 'it waits for a free worker'}")
        st.button(
            "Stop insides",
            icon=":material/stop:",
            key=f"stop_{identity}",
            on_click=questions.request_stop,
            args=(database(), identity),
            help="Stop this training. The run itself stays as it is.",
        )
    rerun_when(lambda: progress_in(folder)[1] != words)
