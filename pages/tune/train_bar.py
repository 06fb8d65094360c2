"""Over the curve, and never scrolled away: Train, Stop or Continue, Auto-run, and how the curve is shown."""

from __future__ import annotations

import streamlit as st

from pages.state.guide import is_hidden, is_locked
from pages.state.tune_settings import change_settings, launch, present_spec
from pages.state.view import View
from pages.state.workspace import workspace
from pages.tune.beside_values import beside_menu
from pages.widgets import run_actions
from pages.widgets.beside import find_beside
from pages.widgets.presenting import present_button
from pages.widgets.price import price
from pages.widgets.train_button import train_button
from tuning_core.store.runs import StoredRun


def train_bar(view: View, run: StoredRun | None, *, own: bool, ready: bool, stands_out: bool) -> None:
    """Each button has its place, whatever the run does.

    Parameters
    ----------
    own : whether the run is of this workspace, and so may be stopped.
    ready : whether the table has been checked.
    stands_out : whether Train would bring something that is not on screen.
    """
    going = _going(view, run if own else None)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="train_bar"):
        train_button(
            "Train",
            view.dataset_id,
            key="train",  # so that it stays the same button when its look changes under a click
            type="primary" if stands_out else "secondary",
            icon=":material/play_arrow:",
            on_click=launch,
            disabled=not ready,
            help="Train with these settings and watch the curve grow.",
        )
        _stop_or_continue(run if own and not view.beside else None, going)
        if not is_hidden("auto_run"):
            st.toggle(
                "Auto-run",
                st.session_state.get("auto_run", False),
                key="auto_run",
                width="content",
                disabled=is_locked("auto_run"),
                help="Train again whenever a setting changes; the curve before stays behind as a ghost.",
            )
        beside_menu(view, ready=ready)
        present_button()
        st.button("Settings", icon=":material/tune:", key="open_settings", help="All settings, on a sheet.")
        if ready:
            _price(view)


def _price(view: View) -> None:
    """What Train would take, at the end of the line, so that nothing moves; nothing where it is seconds."""
    words = price(view.dataset_id, view.setup, "manual", present_spec())
    if words:
        st.caption(f":material/schedule: {words}", width="content", help=PRICE)


def ways_out() -> None:
    """After a refusal: the first change of settings that would make the run fit, as a button."""
    ways = st.session_state.pop("ways_out", ())
    epochs = next((way["epochs"] for way in ways if "epochs" in way), None)
    if epochs is not None:
        st.button(
            f"Take {epochs:,} epochs", icon=":material/timer:", on_click=change_settings, kwargs={"epochs": epochs}, help=FITS
        )


def _going(view: View, run: StoredRun | None) -> list[str]:
    """Ids of what is on screen and trains: the run, or the visitor's own among the panels."""
    if not view.beside:
        return [run.id] if run is not None and run.live else []
    return [one.run.id for one in find_beside(view.beside) if one.run.live and one.run.workspace == workspace()]


def _stop_or_continue(run: StoredRun | None, going: list[str]) -> None:
    """One place for both, so that nothing beside it moves when a run ends."""
    if run is not None and not run.live and run.status.can_continue:
        run_actions.continue_button(run, CONTINUING, width=STOP_PIXELS)
    else:
        run_actions.stop_button(going, width=STOP_PIXELS)


PRICE = "Until all epochs are trained, as modelled from what was measured on this machine; others who train make it longer."
FITS = "Puts so many epochs on the slider; then press Train."
CONTINUING = "Train on to the end. Training is deterministic: the curve ends as it would have without the stop."
STOP_PIXELS = 118  # of "Continue", the longer word
