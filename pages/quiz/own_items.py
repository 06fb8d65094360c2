"""The second half of the quiz: trainings on the person's own table, asked for here and done by the engine."""

from __future__ import annotations

from functools import lru_cache

from pages.state.database import database
from pages.state.queueing import newest_run, queue_run
from pages.state.view import current_view
from pages.widgets.errors import show_error
from pages.widgets.setup_summary import setup_summary
from pages.widgets.train_button import train_button
from pages.widgets.training_progress import training_progress
from tuning_core.experiment import RunStatus
from tuning_core.lessons import QuizItem
from tuning_core.lessons.own_quiz import SEEDS, own_quiz, own_settings
from tuning_core.store import curves, datasets

KIND = "lesson"  # of runs that belong to no history


def own_items() -> tuple[QuizItem, ...]:
    """Items of the newest trainings of the table in view; none before they have ended. Draws the button and the progress."""
    view = current_view()
    ready = setup_summary(view) is not None
    run = newest_run(view.dataset_id, view.setup, KIND, _spec())
    live = run is not None and run.live
    train_button(
        "Train on my table" if run is None else "Train again",
        view.dataset_id,
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
