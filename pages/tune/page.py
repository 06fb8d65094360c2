"""Tune: move sliders, watch whole learning curves."""

from __future__ import annotations

import streamlit as st

from pages.components.live_curve import VerdictActions, live_curve
from pages.state.database import database
from pages.state.rights import held_back, may_train
from pages.state.tune_settings import settings, settings_are_sent
from pages.state.view import current_view
from pages.state.workspace import workspace
from pages.tune.beside_view import beside_view
from pages.tune.changed_sliders import changed_settings, mark_sliders, put_back_button
from pages.tune.early_stopping_actions import use_stopping
from pages.tune.experiment_actions import go_back, try_changes
from pages.tune.insides import insides_panel
from pages.tune.kept_epochs import kept_epochs
from pages.tune.presented_run import presented_run, step
from pages.tune.recorded_example import of_these_rows, recorded_line, recorded_on_screen
from pages.tune.run_bar import run_bar
from pages.tune.run_history import history_strip, overlays
from pages.tune.sliders import setting_sliders
from pages.tune.tour import show_tour
from pages.tune.train_bar import train_bar, ways_out
from pages.widgets.dataset_link import dataset_link
from pages.widgets.deletion import undo_deletion
from pages.widgets.errors import show_error
from pages.widgets.presenting import listen
from pages.widgets.setup_summary import setup_summary
from tuning_core.store import runs

HEIGHT = 530  # pixels at least of the drawing and its controls

view = current_view()
summary = setup_summary(view)
settings()  # a deep link puts its run's settings on the sliders even before the table is known
run = runs.get_run(database(), view.run_id) if view.run_id else None  # once: the curve and the bar must agree
changed = changed_settings(run)

recorded = None if view.beside else recorded_on_screen(view, run, workspace())
of_these = recorded is None or of_these_rows(recorded, view)  # whether what is said of the curve holds for the rows in view
target = recorded.setup["target"] if recorded is not None else summary["target"] if summary else ""
presented = view.presented is not None


def draw() -> None:
    """The run's curve, or the panels side by side."""
    if view.beside:
        beside_view(view, target=target, height=HEIGHT)
        return
    live_curve(
        recorded.id if recorded is not None else view.run_id,
        ghost=view.ghost_id,
        overlays=[] if presented else overlays(view),
        key="curve",
        height=HEIGHT,
        live=run is not None and run.live,
        target=target,
        invitation="Press Train: in a moment a learning curve grows here.",
        on_stopping=use_stopping,
        verdict=VerdictActions(try_changes, go_back, held_back=held_back(view.dataset_id)) if of_these else None,
        large=presented,
    )


if presented:
    presented_run(view, run, summary, draw)
else:
    with st.sidebar:
        mark_sliders(changed)
        if summary is not None:
            table, back = st.columns([6, 1], gap=None, vertical_alignment="center")
            with table:
                dataset_link(summary)
            with back:
                put_back_button(run, changed)
            setting_sliders(summary["rows"]["train"], summary["task"])
    own = run is not None and run.workspace == workspace()
    ready = summary is not None and may_train(view.dataset_id)
    train_bar(view, run, own=own, ready=ready, stands_out=run is None or bool(changed))
    notice = st.empty()  # a place of its own: the curve below stays the same one, whether or not something is said here
    refusal = st.session_state.get("refusal")
    if refusal or recorded is not None or st.session_state.get("ways_out"):
        with notice.container():
            ways_out()
            if refusal:
                show_error(*refusal)
            if recorded is not None:
                recorded_line(recorded, own=of_these)
    with st.container(key="curve_place"):
        draw()
    if not view.beside:
        kept_epochs(recorded or run)
        if run is not None and recorded is None:
            run_bar(run, workspace())
            insides_panel(run)
        else:
            undo_deletion("manual")
    history_strip(view, workspace())
    show_tour(first_visit=run is None and recorded is not None and of_these and view.guide is None)
settings_are_sent()
listen(step)
