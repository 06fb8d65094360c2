"""After "predict the change": both settings train at once on the item's own rows, and the recorded curves come again."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.components.side_by_side import LivePanel, side_by_side
from pages.state.database import database
from pages.state.queueing import add_run, newest_run
from pages.state.samples import FOLDER
from pages.state.view import current_view
from pages.state.waiting import ask_impatiently, rerun_when
from pages.widgets.errors import show_error
from pages.widgets.text import plain
from tuning_core.errors import UserError
from tuning_core.lessons import QuizItem
from tuning_core.lessons.asked_change import ITEM_SEED, AskedChange, asked_change
from tuning_core.lessons.quiz_tables import QUIZ_TABLES
from tuning_core.store import datasets
from tuning_core.store.sharing import WORK

KIND = "lesson"  # of runs that belong to no history
OWNER = "quiz"  # the workspace of the tables that are made for the quiz: nobody's, open to all, in nobody's list


def have_table(item: QuizItem) -> None:
    """While one thinks, the item's own table is read, unless it is there."""
    table = QUIZ_TABLES.get(item.made_from)
    if table is None or datasets.get_dataset(database(), table.id) is not None:
        return
    data = (FOLDER / table.file).read_bytes() if table.file else table.csv
    name = table.file or f"{table.words}.csv"
    ask_impatiently(lambda: datasets.add_once(database(), OWNER, name, data, table.id, WORK))


def show_change(item: QuizItem) -> None:
    """The two curves under the reasons, trained now; nothing for items that ask for no change."""
    change, place = asked_change(item), _place(item)
    if change is None or place is None:
        return
    have_table(item)
    dataset_id, setup = place
    run = newest_run(dataset_id, setup, KIND, _spec(change), failed=False)
    if run is None and not _is_ready(dataset_id):
        st.caption(":material/hourglass_top: The table of this curve is being read; then both settings train on it.")

        def is_read() -> bool:
            have_table(item)  # again, where another writer kept it out of the store
            return _is_ready(dataset_id)

        rerun_when(is_read)
        return
    if run is None and _begin(change, dataset_id, setup):
        run = newest_run(dataset_id, setup, KIND, _spec(change), failed=False)
    if st.session_state.get("quiz_refusal"):
        show_error(*st.session_state.quiz_refusal)
    if run is None:
        return
    st.markdown(
        f"**Now it trains** on {plain(item.table)}, the table of this curve, with the same split and seed: what was recorded "
        "comes again."
    )
    side_by_side(
        [LivePanel(run.id, title, (number,)) for number, title in enumerate(("as it was", change.words))],
        key="quiz_live",
        live=run.live,
        target=run.setup["target"],
        file="quiz-change",
        height=360,
    )


def _place(item: QuizItem) -> tuple[str, dict[str, Any]] | None:
    """Dataset and setup of the item's own rows: its table's, or those in view of an item that was trained on them."""
    table = QUIZ_TABLES.get(item.made_from)
    if table is not None:
        return table.id, table.setup
    view = current_view()
    return (view.dataset_id, view.setup) if view.setup is not None else None


def _is_ready(dataset_id: str) -> bool:
    dataset = datasets.get_dataset(database(), dataset_id)
    return dataset is not None and dataset.status == "ready"


def _begin(change: AskedChange, dataset_id: str, setup: dict[str, Any]) -> bool:
    """Once for each answer that is told, so that what fails is not begun again and again; why not is kept in the visit."""
    answer = st.session_state.quiz_shown
    if st.session_state.get("quiz_begun") is answer:
        return False
    st.session_state.quiz_begun, st.session_state.quiz_refusal = answer, None
    try:
        add_run(dataset_id, setup, KIND, _spec(change))
    except UserError as problem:
        st.session_state.quiz_refusal = (problem.message, problem.remedy)
    return True


def _spec(change: AskedChange) -> dict[str, Any]:
    return {"settings": [change.before.to_json(), change.after.to_json()], "seeds": [ITEM_SEED]}
