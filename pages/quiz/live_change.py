"""After "predict the change": both settings train at once on the table in view, and their curves grow side by side."""

from __future__ import annotations

import streamlit as st

from pages.components.side_by_side import LivePanel, side_by_side
from pages.state.database import database
from pages.state.queueing import add_run, newest_run
from pages.state.view import View, current_view
from pages.widgets.errors import show_error
from pages.widgets.text import plain
from tuning_core.errors import UserError
from tuning_core.lessons import QuizItem
from tuning_core.lessons.asked_change import AskedChange, asked_change
from tuning_core.store import datasets
from tuning_core.store.runs import StoredRun

KIND = "lesson"  # of runs that belong to no history
SEEDS = (0, 1, 2)


def train_change(item: QuizItem) -> None:
    """Begin once an answer is committed, where the item asks for a change, unless it is trained here already."""
    view, change = current_view(), asked_change(item)
    st.session_state.quiz_refusal = None
    if change is None or view.setup is None or _trained(view, change) is not None:
        return
    try:
        add_run(view.dataset_id, view.setup, KIND, _spec(change))
    except UserError as problem:
        st.session_state.quiz_refusal = (problem.message, problem.remedy)


def show_change(item: QuizItem) -> None:
    """The two curves under the reasons; nothing for items that ask for no change."""
    view, change = current_view(), asked_change(item)
    if change is None:
        return
    if st.session_state.get("quiz_refusal"):
        show_error(*st.session_state.quiz_refusal)
    run = _trained(view, change)
    dataset = datasets.get_dataset(database(), view.dataset_id)
    if run is None or dataset is None:
        return
    st.markdown(
        f"**Now it trains** on {plain(dataset.name)}, the table that is chosen on the Data page, with {len(SEEDS)} seeds. "
        "Another table may answer otherwise."
    )
    titles = ("as it was", change.words)
    n = len(SEEDS)
    side_by_side(
        [LivePanel(run.id, title, tuple(range(i * n, (i + 1) * n))) for i, title in enumerate(titles)],
        key="quiz_live",
        live=run.live,
        target=run.setup["target"],
        file="quiz-change",
        height=360,
    )


def _spec(change: AskedChange) -> dict:
    return {"settings": [change.before.to_json(), change.after.to_json()], "seeds": list(SEEDS)}


def _trained(view: View, change: AskedChange) -> StoredRun | None:
    """The newest run of these two settings on the rows in view that was neither stopped nor failed."""
    return newest_run(view.dataset_id, view.setup, KIND, _spec(change), failed=False)
