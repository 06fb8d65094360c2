"""Search: build a grid or ranges, see the price, watch every curve, read what it tells."""

from __future__ import annotations

import streamlit as st

from pages.components.search_board import search_board
from pages.search.form import trainings
from pages.search.labels import axis_words
from pages.search.recorded_example import search_example
from pages.search.results import choose, load_search
from pages.search.results_charts import result_views
from pages.search.search_cards import search_list
from pages.search.sidebar import base_from_tune, current_form, search_sidebar
from pages.search.toolbar import chosen_bar, search_bar
from pages.state.view import current_view
from pages.state.workspace import workspace
from pages.widgets.board_table import board_table
from pages.widgets.deletion import undo_deletion
from pages.widgets.setup_summary import setup_summary

view = current_view()
summary = setup_summary(view)
with st.sidebar:
    search_sidebar(view, summary)

view = current_view()
results = load_search(view.search_id)
if results is not None:
    seen = search_board(
        view.search_id,
        key="board",
        axes=[axis_words(name) for name in results.space.axes],
        planned=trainings(results.run.spec)[1] if results.space.n_iter or results.space.strategy == "grid" else 0,
        selected=st.session_state.get("search_selected"),
        live=results.run.live,
        target=results.run.setup["target"],
    )
    if seen.picked is not None and seen.picked != st.session_state.get("search_selected"):
        choose(seen.picked)
        st.rerun()
    search_bar(results, view, workspace())
    chosen_bar(results, current_form(view, base_from_tune()))
    if results.settings:
        result_views(results, view)
        board_table(results.run.id, [point.number for point in results.points], "board")
else:
    undo_deletion("search")
    search_example(view, ready=summary is not None)
search_list(view, workspace())
