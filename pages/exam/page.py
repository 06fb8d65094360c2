"""Exam: the test rows, once, for the model that was chosen."""

from __future__ import annotations

import streamlit as st

from pages.exam.recorded_example import exam_example
from pages.exam.test_set_panel import exam_panel
from pages.state.view import current_view
from pages.state.workspace import workspace
from pages.widgets.dataset_link import dataset_link
from pages.widgets.model_picker import choose_model
from pages.widgets.setup_summary import setup_summary

view = current_view()
summary = setup_summary(view)
chosen = None
with st.sidebar:
    if summary is not None:
        dataset_link(summary)
        chosen = choose_model(view, summary["vault"], workspace())
if chosen is not None and summary is not None:
    exam_panel(summary, chosen)
else:
    exam_example(ready=summary is not None)
