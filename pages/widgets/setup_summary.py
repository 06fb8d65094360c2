"""What every page needs to know of the table on screen before it can show anything."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.state.checked_setup import look_for_setup, setup_answer
from pages.state.database import database
from pages.state.rights import may_train
from pages.state.view import View, change_view, default_setup
from pages.state.waiting import rerun_when
from pages.widgets.errors import show_error
from tuning_core.store import datasets

VIEW_ONLY = "This table is shared with you for viewing: look, compare, export. To train, ask its owner to share it for working."


def setup_summary(view: View) -> dict[str, Any] | None:
    """What is known about the view's dataset, with its name; None (and a word on the page) while it is not there yet."""
    dataset = datasets.get_dataset(database(), view.dataset_id)
    if dataset is None or dataset.status == "refused":
        show_error("This dataset is not on this server any more.", "Choose another one on the Data page.")
        return None
    if not may_train(dataset.id):
        st.caption(f":material/visibility: {VIEW_ONLY}")
    if dataset.status != "ready":
        st.caption(":material/hourglass_top: Reading the table.")
        rerun_when(lambda: getattr(datasets.get_dataset(database(), view.dataset_id), "status", "") in ("ready", "refused"))
        return None
    if view.setup is None:
        view = change_view(setup=default_setup(view.dataset_id))
        if view.setup is None:
            show_error("No column of this table can be a target.", "Choose another table on the Data page.")
            return None
    setup = setup_answer(view.dataset_id, view.setup)
    if setup is None or setup.status == "queued":
        say_checking(view.dataset_id, view.setup)
        return None
    if setup.error is not None:
        show_error(setup.error["message"], setup.error["remedy"])
        return None
    assert setup.summary is not None
    return setup.summary | {"name": dataset.name}


def say_checking(dataset_id: str, spec: dict[str, Any]) -> None:
    """A word on the page while the engine checks a setup; the page comes back with the answer."""
    st.caption(":material/hourglass_top: Checking the setup.")
    answered = look_for_setup(dataset_id, spec)
    rerun_when(lambda: answered() is not None)
