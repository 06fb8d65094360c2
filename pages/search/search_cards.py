"""The searches of this workspace, newest first; a click shows one."""

from __future__ import annotations

from functools import partial

import streamlit as st

from pages.search.results import choose
from pages.search.toolbar import search_words
from pages.state.database import database
from pages.state.view import View, change_view
from pages.widgets.run_cards import open_button, run_cards
from pages.widgets.text import plain
from tuning_core.charts.style import number
from tuning_core.store import runs
from tuning_core.store.runs import StoredRun
from tuning_core.store.search_configurations import best_setting

PER_ROW = 4


def search_list(view: View, workspace_id: str) -> None:
    """Cards with the best score of each search."""
    card = partial(_card, chosen_id=view.search_id)
    run_cards(
        "search", workspace_id, card, per_row=PER_ROW, state="searches_shown", older="Older searches", title="Your searches"
    )


def _card(run: StoredRun, chosen_id: str | None) -> None:
    best = best_setting(database(), run.id)
    score = f"best {number(best.mean)}" if best is not None and best.mean is not None else run.status
    words = search_words(run.spec)
    open_button(run, score, words, key=f"search_{run.id}", chosen=run.id == chosen_id, on_click=_open)
    st.caption(plain(words))


def _open(run_id: str) -> None:
    run = runs.get_run(database(), run_id)
    if run is not None:
        choose(None)
        change_view(dataset_id=run.dataset_id, setup=run.setup, search_id=run.id)
