"""From what a chapter says of the inside of a network to that network, trained on Tune with its insides open."""

from __future__ import annotations

import streamlit as st

from pages.state.insides import open_insides
from pages.state.queueing import newest_run, queue_run
from pages.state.tune_settings import load_settings
from pages.state.view import change_view
from pages.widgets.train_button import train_button
from tuning_core.lessons import Panel
from tuning_core.store.runs import StoredRun

WORDS = {"prediction": "See its prediction grow", "landscape": "See its way down the loss", "weights": "See its weights"}


def look_inside(panel: Panel, shown: str, run: StoredRun, *, key: str) -> None:
    """The button under a sight; `run` is the chapter's experiment, on whose rows the panel's first seed is trained."""
    clicked = train_button(
        f"{WORDS[shown]}: {panel.title}", run.dataset_id, key=key, type="tertiary", icon=":material/blur_on:",
        help="Trains these settings on Tune with one seed, and opens the insides of the network below its curve.",
    )  # fmt: skip
    if not clicked:
        return
    spec = {"hyperparameters": panel.hyperparameters.to_json(), "seeds": run.spec["seeds"][:1]}
    place = (run.dataset_id, run.setup, "manual", spec)
    known = newest_run(*place, failed=False)
    run_id = known.id if known is not None else queue_run(*place)
    if run_id is None:
        st.rerun()
    load_settings(spec)
    open_insides(run_id, shown)
    change_view(dataset_id=run.dataset_id, setup=run.setup, run_id=run_id, ghost_id=None)
    st.switch_page("tune/page.py")
