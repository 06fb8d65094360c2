"""Comparing before anything is chosen: what it is for, the button that begins, and recorded runs side by side."""

from __future__ import annotations

import streamlit as st

from pages.compare.plots import compare_at_a_glance
from pages.state.checked_setup import setup_answer
from pages.state.contenders import entries_of, listed_runs, same_data, set_compared
from pages.state.queueing import queue_run
from pages.state.recorded import recorded_contenders
from pages.state.tune_settings import settings, spec_from_flat
from pages.state.view import View, change_view
from pages.widgets.contender_labels import letter
from pages.widgets.errors import show_error
from pages.widgets.example import recorded_example
from pages.widgets.train_button import train_button
from tuning_core.errors import UserError
from tuning_core.experiment import Hyperparameters

FASTER = 10  # times the learning rate of the second run


def compare_example(view: View, workspace_id: str) -> None:
    """With runs of this table one ticks them; without any, two are trained at a press."""
    some = any(same_data(run, view) for run in listed_runs(workspace_id))
    st.info(
        "Tick runs in the sidebar: their curves are drawn here over each other, with what differs between them, and whether it "
        "is more than luck.",
        icon=":material/compare_arrows:",
    )
    if not some:
        _begin(view)
    entries = [entry for run in recorded_contenders() for entry in entries_of(run)]
    if entries:
        with recorded_example("compare", "three settings, five seeds each"):
            compare_at_a_glance({letter(place): entry for place, entry in enumerate(entries)})


def _begin(view: View) -> None:
    setup = setup_answer(view.dataset_id, view.setup) if view.setup is not None else None
    train_button(
        "Train two settings",
        view.dataset_id,
        type="primary",
        icon=":material/play_arrow:",
        key="begin",
        on_click=_train_two,
        disabled=setup is None or setup.summary is None,
        help=f"Trains what is on Tune's sliders, and the same with {FASTER} times the learning rate, on the same rows and seeds.",
    )
    if st.session_state.get("refusal"):
        show_error(*st.session_state.refusal)


def _train_two() -> None:
    view = change_view()
    st.session_state.refusal = None
    try:
        spec = spec_from_flat(settings())
        first = Hyperparameters.from_json(spec["hyperparameters"])
        second = spec | {"hyperparameters": first.replace(learning_rate=FASTER * first.learning_rate).to_json()}
    except UserError as problem:
        st.session_state.refusal = (problem.message, problem.remedy)
        return
    if view.setup is not None:
        own = (queue_run(view.dataset_id, view.setup, "manual", one) for one in (spec, second))
        set_compared(tuple(filter(None, own)))
