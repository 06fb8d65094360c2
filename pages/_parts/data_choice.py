"""Which table: a sample, one uploaded before, or a new file."""

from __future__ import annotations

import hashlib

import streamlit as st

from pages._parts.samples import SAMPLES
from pages._parts.shared import database, show_error
from pages._parts.view import current_view, open_dataset
from pages._parts.waiting import come_back_when
from pages._parts.workspace import workspace
from tuning_core.store import datasets

TYPES = ["csv", "tsv", "txt", "data", "gz"]


def choose_dataset() -> None:
    """The table select box and the upload field; a refused file says why and changes nothing."""
    view = current_view()
    known = {d.id: d for d in datasets.list_datasets(database(), workspace())}
    if view.dataset_id not in known:  # opened by a link
        linked = datasets.get_dataset(database(), view.dataset_id)
        if linked is not None:
            known[linked.id] = linked
    ids = list(known)
    st.session_state.table = view.dataset_id
    st.selectbox(
        "Table",
        ids,
        key="table",
        format_func=lambda i: known[i].name + (" (sample)" if known[i].workspace == datasets.SAMPLES else ""),
        on_change=_choose,
        help="The samples, and what you have uploaded.",
    )
    blurb = next((s.blurb for s in SAMPLES if s.id == view.dataset_id), None)
    if blurb:
        st.caption(blurb)
    st.file_uploader(
        "Upload your own",
        key="upload",
        accept_multiple_files=False,
        on_change=_upload,
        help="CSV, TSV or text, also gzipped. It stays on this server.",
    )
    _upload_in_progress()


def _choose() -> None:
    open_dataset(st.session_state.table)


def _upload() -> None:
    file = st.session_state.upload
    if file is None:
        return
    data = file.getvalue()
    st.session_state.refused = None
    same = database().row(
        "SELECT id FROM datasets WHERE workspace = ? AND sha256 = ? AND name = ? AND status = 'ready' AND options = '{}'",
        workspace(),
        hashlib.sha256(data).hexdigest(),
        file.name,
    )
    if same is not None:
        open_dataset(same["id"])
        return
    st.session_state.uploading = datasets.add_dataset(database(), workspace(), file.name, data)


def _upload_in_progress() -> None:
    """Opens the upload when the engine has read it, or says why not."""
    dataset = datasets.get_dataset(database(), st.session_state.get("uploading") or "")
    if dataset is not None and dataset.status in ("queued", "reading"):
        st.progress(0.3 if dataset.status == "queued" else 0.7, "Reading the file")
        before = dataset
        come_back_when(lambda: getattr(datasets.get_dataset(database(), before.id), "status", "") != before.status)
    elif dataset is not None:
        st.session_state.uploading = None
        if dataset.status == "ready":
            open_dataset(dataset.id)
            st.rerun()
        error = dataset.error or {}
        st.session_state.refused = (error.get("message", ""), error.get("remedy", ""))
    if st.session_state.get("refused"):
        show_error(*st.session_state.refused)
