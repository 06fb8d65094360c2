"""Predict: the chosen model on new rows, by hand or from a file, and what it does with each column."""

from __future__ import annotations

import streamlit as st

from pages.predict.batch_upload import file_of_rows
from pages.predict.insides import insides
from pages.predict.model_loader import fetch_model
from pages.predict.partial_effects import effects
from pages.predict.recorded_example import predict_example
from pages.predict.row_form import one_row
from pages.state.view import current_view
from pages.state.workspace import workspace
from pages.widgets.dataset_link import dataset_link
from pages.widgets.model_picker import choose_model, model_card
from pages.widgets.setup_summary import setup_summary

view = current_view()
summary = setup_summary(view)
chosen, refit = None, False
with st.sidebar:
    if summary is not None:
        dataset_link(summary)
        chosen = choose_model(view, summary["vault"], workspace())
        rows = summary["rows"]
        refit = chosen is not None and st.toggle(
            "Refit on training + validation",
            st.session_state.get("predict_refit", False),
            key="predict_refit",
            help=f"Trains the setting again on {rows['train'] + rows['validation']:,} rows instead of {rows['train']:,}, for as "
            "many epochs as were kept. More rows make a better model as a rule, but only the exam is left to check it by.",
        )
if chosen is not None:
    model_card(chosen)
    found = fetch_model(chosen, refit)
    if found is not None:
        form, file, columns, inside = st.tabs(
            [
                ":material/edit: One row",
                ":material/upload_file: A file of rows",
                ":material/show_chart: Effect of each column",
                ":material/hub: Inside",
            ]
        )
        with form:
            one_row(*found)
        with file:
            file_of_rows(*found, chosen.run)
        with columns:
            effects(*found)
        with inside:
            insides(*found)
else:
    predict_example(ready=summary is not None)
