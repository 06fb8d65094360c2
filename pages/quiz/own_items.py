"""The second half of the quiz: trainings on the person's own table, asked for here and done by the engine."""

from __future__ import annotations

from functools import lru_cache

import streamlit as st

from pages.state.database import database
from pages.state.queueing import queue_run
from pages.state.view import View, current_view
from pages.state.workspace import workspace
from pages.widgets.errors import show_error
from pages.widgets.setup_summary import setup_summary
from pages.widgets.training_progress import training_progress
from tuning_core.experiment import RunStatus
from tuning_core.lessons import QuizItem
from tuning_core.lessons.own_quiz import SEEDS, own_quiz, own_settings
from tuning_core.store import curves, datasets, runs
from tuning_core.store.runs import StoredRun

KIND = "lesson"  # of runs that belong to no history
REMEMBERED = 24  # runs that are looked through for the quiz of these rows


def own_items() -> tuple[QuizItem, ...]:
    """Items of the newest trainings of the table in view; none before they have ended. Draws the button and the progress."""
    view = current_view()
    ready = setup_summary(view) is not None
    run = _newest(view)
    live = run is not None and run.live
    st.button(
        "Train on my table" if run is None else "Train again",
        icon=":material/play_arrow:",
        type="primary" if run is None else "secondary",
        on_click=_begin,
        disabled=live or not ready,
        help=f"Trains {len(own_settings())} settings with {len(SEEDS)} seeds each: five runs, and all changes that might help. "
        "What the changes do to the validation rows decides; the test rows stay locked.",
    )
    if run is None:
        return ()
    if run.live:
        training_progress(run)
        return ()
    if run.status == RunStatus.FAILED:
        error = run.error or {}
        show_error(error.get("message", "The training failed."), error.get("remedy", "Try again."))
    dataset = datasets.get_dataset(database(), run.dataset_id)
    return _items(run.id, dataset.name if dataset else "")


@lru_cache(maxsize=16)
def _items(run_id: str, table: str) -> tuple[QuizItem, ...]:
    return tuple(own_quiz(curves.histories(database(), run_id), table, run_id))


def _spec() -> dict:
    return {"settings": [hp.to_json() for hp in own_settings()], "seeds": list(SEEDS)}


def _begin() -> None:
    view = current_view()
    if view.setup is not None:
        queue_run(view.dataset_id, view.setup, KIND, _spec())


def _newest(view: View) -> StoredRun | None:
    spec = _spec()
    for run_id, status in runs.newest(database(), workspace(), KIND, view.dataset_id, REMEMBERED):
        run = runs.get_run(database(), run_id)
        stopped = status in (RunStatus.STOPPED, RunStatus.INTERRUPTED)
        if run is not None and not stopped and run.setup == view.setup and run.spec == spec:
            return run
    return None
