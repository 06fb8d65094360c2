"""Data: choose or upload a table, see what was read and repaired, say what to predict, and divide its rows."""

from __future__ import annotations

import streamlit as st

from pages.data.dataset_picker import choose_dataset
from pages.data.first_visit import first_visit
from pages.data.overview import show_overview
from pages.data.reading_options import refused_upload
from pages.data.run_file_upload import open_run_file
from pages.data.setup_form import choose_setup
from pages.data.test_set_note import looks_note
from pages.data.upload_status import upload_in_progress
from pages.state.database import database
from pages.state.view import current_view
from pages.state.workspace import workspace
from pages.widgets.setup_summary import setup_summary
from tuning_core.store import datasets

upload_in_progress()
refused_upload()
with st.sidebar:
    choose_dataset()
    open_run_file()
    view = current_view()
    dataset = datasets.get_dataset(database(), view.dataset_id)
    ready = dataset is not None and dataset.profile is not None
    if ready:
        choose_setup(dataset, view)

view = current_view()
summary = setup_summary(view)
first_visit(workspace(), is_read=ready)
if summary is not None:
    looks_note(view, summary)
if ready and dataset is not None:
    show_overview(dataset, view, summary)
