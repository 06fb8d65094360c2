"""Exam: the test rows, once, for the model that was chosen."""

from __future__ import annotations

import streamlit as st

from pages._parts.exam_choice import choose_model
from pages._parts.exam_vault import exam
from pages._parts.setup import setup_summary
from pages._parts.shared import plain
from pages._parts.view import current_view
from pages._parts.workspace import workspace

view = current_view()
summary = setup_summary(view)
chosen = None
with st.sidebar:
    if summary is not None:
        label = f"{plain(summary['name'])} → **{plain(summary['target'])}**"
        st.page_link("data.py", label=label, icon=":material/table:", help="Open the Data page to change table, target or split.")
        chosen = choose_model(view, summary["vault"], workspace())
if chosen is not None and summary is not None:
    exam(summary, chosen)
elif summary is not None:
    st.info("Train a model on this split first: the exam is for the one that you choose.", icon=":material/lock:")
    st.page_link("tune.py", label="To Tune", icon=":material/tune:")
