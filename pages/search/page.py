"""Search: build a grid or ranges, see the price, watch every curve, read what it tells."""

from __future__ import annotations

import streamlit as st

from pages.components.search_board import search_board
from pages.search.form import trainings
from pages.search.labels import axis_words
from pages.search.results import choose, chosen_setting, shown_search
from pages.search.results_charts import result_views
from pages.search.search_cards import search_list
from pages.search.sidebar import builder, the_form, tune_base
from pages.search.toolbar import chosen_bar, search_bar
from pages.state.checked_setup import setup_summary
from pages.state.view import current_view
from pages.state.workspace import workspace

view = current_view()
summary = setup_summary(view)
with st.sidebar:
    builder(view, summary)

view = current_view()
shown = shown_search(view.search_id)
chosen = chosen_setting(shown) if shown else None
seen = search_board(
    view.search_id,
    key="board",
    axes=[axis_words(name) for name in shown.space.axes] if shown else (),
    planned=trainings(shown.run.spec)[1] if shown and (shown.space.n_iter or shown.space.strategy == "grid") else 0,
    selected=st.session_state.get("search_selected"),
    live=shown is not None and shown.run.live,
    target=shown.run.setup["target"] if shown else "",
)
if seen.picked is not None and seen.picked != st.session_state.get("search_selected"):
    choose(seen.picked)
    st.rerun()
if shown is not None:
    search_bar(shown, view, workspace())
    chosen_bar(shown, the_form(view, tune_base()))
    if shown.settings:
        result_views(shown, view)
search_list(view, workspace())
