"""Tune in the presenter's view: title, the large curve with its verdict, and one hyperparameter at the bottom."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from pages.state.database import database
from pages.state.tune_settings import launch, load_settings, settings_in_words
from pages.state.view import View, change_view, current_view
from pages.state.workspace import workspace
from pages.tune.insides import insides_are_open, insides_button, insides_panel
from pages.tune.sliders import PRESENTED, one_slider
from pages.widgets.presenting import leave_button
from pages.widgets.text import plain
from pages.widgets.train_button import train_button
from tuning_core.store import runs
from tuning_core.store.runs import StoredRun


def presented_run(view: View, run: StoredRun | None, summary: dict[str, Any] | None, draw: Callable[[], None]) -> None:
    """Everything of the view; `draw` draws the curve or the panels, in whose place the run's insides may stand."""
    with st.container(horizontal=True, vertical_alignment="center", key="presented_title"):
        st.subheader(_title(view, run, summary), anchor=False, width="stretch")
        walked = walked_runs(view)
        if view.run_id in walked and len(walked) > 1 and not view.beside:
            st.markdown(f"{walked.index(view.run_id) + 1} of {len(walked)}", width="content")
        leave_button()
    if run is not None and not view.beside and insides_are_open(run):
        insides_panel(run)
    else:
        draw()
    with st.container(horizontal=True, vertical_alignment="center", key="presented"):
        if summary is None:
            return
        labels = list(PRESENTED)
        at = labels.index(st.session_state.setdefault("presented_slider", labels[0]))
        name = st.selectbox(
            "Slider", labels, at, key="presented_slider", width=190, label_visibility="collapsed",
            help="Which setting stands here.",
        )  # fmt: skip
        one_slider(name, summary["rows"]["train"])
        train_button(
            "Train", view.dataset_id, key="train", type="primary", icon=":material/play_arrow:", on_click=launch,
            help="Train with these settings and watch the curve grow.",
        )  # fmt: skip
        if run is not None and not view.beside:
            insides_button(run)


def _title(view: View, run: StoredRun | None, summary: dict[str, Any] | None) -> str:
    table = f"{plain(summary['name'])} → {plain(summary['target'])}" if summary else ""
    if view.beside:
        return f"Side by side · {table}"
    return (plain(run.name or settings_in_words(run.spec)) if run is not None else table) or "Tune"


def walked_runs(view: View) -> list[str]:
    """What arrow keys walk: the pinned runs of this table and target, the oldest first; all of its runs where none is pinned."""
    own = [
        run
        for run in runs.list_runs(database(), workspace(), kind="manual")
        if run.dataset_id == view.dataset_id and view.setup is not None and run.setup["target"] == view.setup["target"]
    ]
    pinned = [run for run in own if run.pinned]
    return [run.id for run in reversed(pinned or own)]


def step(by: int) -> None:
    """Show the next or the previous of them, with its settings on the sliders; at the ends nothing happens."""
    view = current_view()
    walked = walked_runs(view)
    at = walked.index(view.run_id) + by if view.run_id in walked and not view.beside else 0
    if not 0 <= at < len(walked):
        return
    run = runs.get_run(database(), walked[at])
    if run is not None:
        load_settings(run.spec)
        change_view(setup=run.setup, run_id=run.id, ghost_id=None)
