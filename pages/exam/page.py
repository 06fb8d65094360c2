"""Exam: the test rows, once, for the model that was chosen."""

from __future__ import annotations

import streamlit as st

from pages.exam.test_set_panel import exam_panel
from pages.state.checked_setup import setup_summary
from pages.state.view import current_view
from pages.state.workspace import workspace
from pages.widgets.model_picker import choose_model
from pages.widgets.text import plain

view = current_view()
summary = setup_summary(view)
chosen = None
with st.sidebar:
    if summary is not None:
        label = f"{plain(summary['name'])} → **{plain(summary['target'])}**"
        st.page_link(
            "data/page.py", label=label, icon=":material/table:", help="Open the Data page to change table, target or split."
        )
        chosen = choose_model(view, summary["vault"], workspace())
if chosen is not None and summary is not None:
    exam_panel(summary, chosen)
elif summary is not None:
    st.info("Train a model on this split first: the exam is for the one that you choose.", icon=":material/lock:")
    st.page_link("tune/page.py", label="To Tune", icon=":material/tune:")
