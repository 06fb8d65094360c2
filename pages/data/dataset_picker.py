"""Which table: a sample, one uploaded before, or a new file."""

from __future__ import annotations

import hashlib

import streamlit as st

from pages.data.my_data import my_data
from pages.data.reading_labels import reading_words
from pages.data.table_menu import table_menu
from pages.data.upload_status import start_reading
from pages.state.classroom import open_table
from pages.state.database import database
from pages.state.samples import SAMPLES
from pages.state.view import current_view
from pages.state.workspace import workspace
from pages.widgets.text import plain, unique_labels
from pages.widgets.uploads import forget_upload
from tuning_core.data.reading.upload import display_name
from tuning_core.errors import UserError
from tuning_core.store import datasets
from tuning_core.store.datasets import StoredDataset


def choose_dataset() -> None:
    """The table select box and the upload field."""
    view = current_view()
    known = {d.id: d for d in datasets.list_datasets(database(), workspace())}
    if view.dataset_id not in known:  # opened by a link
        linked = datasets.get_dataset(database(), view.dataset_id)
        if linked is not None:
            known[linked.id] = linked
    labels = dict(zip(known, unique_labels(_label(dataset) for dataset in known.values()), strict=True))
    st.session_state.table = view.dataset_id
    st.selectbox(
        "Table",
        list(known),
        key="table",
        format_func=labels.__getitem__,
        on_change=_choose,
        help="The samples, and what you have uploaded. What you choose here is what all pages learn from.",
    )
    blurb = next((s.blurb for s in SAMPLES if s.id == view.dataset_id), None)
    if blurb:
        st.caption(blurb)
    if view.dataset_id in known:
        shown = known[view.dataset_id]
        if shown.note:
            st.caption(plain(shown.note))
        table_menu(shown)
    key = f"upload_{st.session_state.get('uploads', 0)}"
    st.file_uploader(
        "Upload your own",
        key=key,
        accept_multiple_files=False,
        on_change=_upload,
        args=(key,),
        help="CSV, TSV or text, also gzipped, with any separator and encoding. It stays on this server.",
    )
    my_data()


def _label(dataset: StoredDataset) -> str:
    if dataset.workspace == datasets.SAMPLES:
        return f"{dataset.name} (sample)"
    words = reading_words(dataset.options)
    return f"{dataset.name} ({', '.join(words)})" if words else dataset.name


def _choose() -> None:
    open_table(st.session_state.table)


def _upload(key: str) -> None:
    """The field begins anew afterwards: a file's name left in it, with a cross, would seem to be the table itself."""
    file = st.session_state[key]
    if file is None:
        return
    st.session_state.uploads = st.session_state.get("uploads", 0) + 1
    data, name = file.getvalue(), display_name(file.name)
    same = datasets.find_reading(database(), workspace(), name, hashlib.sha256(data).hexdigest(), {})
    st.session_state.refused = None
    if same is not None:
        open_table(same)
    else:
        try:
            start_reading(datasets.add_dataset(database(), workspace(), name, data))
        except UserError as problem:
            st.session_state.not_queued = (problem.message, problem.remedy)
    forget_upload(file)
