"""The searches of this workspace, newest first; a click shows one."""

from __future__ import annotations

import streamlit as st

from pages.search.results import choose
from pages.search.toolbar import search_words
from pages.state.database import database
from pages.state.view import View, change_view
from pages.widgets.run_cards import ICONS
from pages.widgets.text import plain
from tuning_core.charts.style import number
from tuning_core.store import runs
from tuning_core.store.runs import StoredRun
from tuning_core.store.search_configurations import best_setting

PER_ROW = 4


def search_list(view: View, workspace_id: str) -> None:
    """Cards with the best score of each search."""
    shown = st.session_state.get("searches_shown", PER_ROW)
    recent = runs.list_runs(database(), workspace_id, kind="search", limit=shown + 1)
    if not recent:
        return
    st.caption("Your searches")
    for start in range(0, min(shown, len(recent)), PER_ROW):
        for column, run in zip(st.columns(PER_ROW, gap="small"), recent[start : start + PER_ROW], strict=False):
            with column:
                _card(run, run.id == view.search_id)
    if len(recent) > shown:
        st.button("Older searches", icon=":material/expand_more:", on_click=_more, type="tertiary", help="Show earlier ones too.")


def _card(run: StoredRun, chosen: bool) -> None:
    best = best_setting(database(), run.id)
    score = f"best {number(best.mean)}" if best is not None and best.mean is not None else run.status
    with st.container(border=True, gap=None):
        st.button(
            f"{ICONS.get(run.status, '')} {plain(run.name or score)}",
            key=f"search_{run.id}",
            on_click=_open,
            args=(run.id,),
            type="primary" if chosen else "tertiary",
            width="stretch",
            help=plain(f"{run.status}: {search_words(run.spec)}"),
        )
        st.caption(plain(search_words(run.spec)))


def _open(run_id: str) -> None:
    run = runs.get_run(database(), run_id)
    if run is not None:
        choose(None)
        change_view(dataset_id=run.dataset_id, setup=run.setup, search_id=run.id)


def _more() -> None:
    st.session_state.searches_shown = st.session_state.get("searches_shown", PER_ROW) + 2 * PER_ROW
