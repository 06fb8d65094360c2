"""Data: choose or upload a table, see what was read and repaired, say what to predict, and divide its rows."""

from __future__ import annotations

import streamlit as st

from pages._parts.data_choice import choose_dataset
from pages._parts.data_preview import preview
from pages._parts.data_reading import refusal
from pages._parts.data_setup import choose_setup
from pages._parts.data_upload import upload_in_progress
from pages._parts.open_run_file import open_run_file
from pages._parts.setup import setup_summary
from pages._parts.shared import database
from pages._parts.vault_note import vault_note
from pages._parts.view import current_view
from tuning_core.store import datasets

upload_in_progress()
refusal()
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
if summary is not None:
    vault_note(view, summary)
if summary is not None:
    vault_note(view, summary)
if ready and dataset is not None:
    preview(dataset, view, summary)
