"""The runs of a workspace as rows of cards, newest first; a click on one opens it."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pages.state.database import database
from pages.widgets.text import plain
from tuning_core.experiment import RunStatus
from tuning_core.store import runs
from tuning_core.store.runs import StoredRun

ICONS = {
    RunStatus.FINISHED: ":material/check:",
    RunStatus.STOPPED: ":material/stop:",
    RunStatus.DIVERGED: ":material/trending_up:",
    RunStatus.FAILED: ":material/error:",
    RunStatus.INTERRUPTED: ":material/power_off:",
    RunStatus.QUEUED: ":material/schedule:",
    RunStatus.RUNNING: ":material/autorenew:",
}


def run_cards(
    kind: str, workspace_id: str, card: Callable[[StoredRun], None], *, per_row: int, state: str, older: str, title: str = ""
) -> None:
    """One row at first; a button shows two more.

    Parameters
    ----------
    kind : of the runs, "manual" or "search".
    card : draws what is in one card.
    state : session key of how many are shown.
    older : what the button says.
    title : stands above the cards, where there are any.
    """
    shown = st.session_state.get(state, per_row)
    recent = runs.list_runs(database(), workspace_id, kind=kind, limit=shown + 1)
    if recent and title:
        st.caption(title)
    for start in range(0, min(shown, len(recent)), per_row):
        for column, run in zip(st.columns(per_row, gap="small"), recent[start : start + per_row], strict=False):
            with column, st.container(border=True, gap=None):
                card(run)
    if len(recent) > shown:
        st.button(
            older,
            icon=":material/expand_more:",
            on_click=_show,
            args=(state, shown + 2 * per_row),
            type="tertiary",
            help="Show earlier ones too.",
        )


def open_button(run: StoredRun, label: str, hint: str, *, key: str, chosen: bool, on_click: Callable[[str], None]) -> None:
    """The button of a card: what the run came to, its settings as a hint, lit when it is the one on screen."""
    st.button(
        f"{':material/keep:' if run.pinned else ICONS.get(run.status, '')} {plain(run.name or label)}",
        key=key,
        on_click=on_click,
        args=(run.id,),
        type="primary" if chosen else "tertiary",
        width="stretch",
        help=plain(f"{run.status}: {hint}"),
    )


def _show(state: str, count: int) -> None:
    st.session_state[state] = count
