"""A run file from elsewhere: checked, then shown with its curves where its data are here, and its settings anywhere."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.state.database import database
from pages.state.tune_settings import load_settings
from pages.state.view import change_view, current_view
from pages.state.workspace import workspace
from pages.widgets.errors import show_error
from pages.widgets.text import plain
from pages.widgets.uploads import forget_upload
from tuning_core.errors import UserError
from tuning_core.export.run_file import MAX_BYTES, RunFile, read_run_file
from tuning_core.store import datasets
from tuning_core.store.imported_runs import import_run


def open_run_file() -> None:
    """A small upload field; what it refuses changes nothing."""
    with st.popover(
        "Open a run file", icon=":material/file_open:", help="A run that somebody exported, from this or another server."
    ):
        st.file_uploader(
            "Run file",
            key=(key := f"run_file_{st.session_state.get('run_files', 0)}"),
            accept_multiple_files=False,
            on_change=_open,
            args=(key,),
            label_visibility="collapsed",
            help="JSON, checked value by value; nothing in it is ever run.",
        )
        st.caption("It holds settings, split and curves, but no data. If the same table is here, the run is shown with it.")
    for kind, words in st.session_state.pop("run_file_said", ()):
        if kind == "error":
            show_error(words)
        else:
            st.caption(f":material/info: {plain(words)}")


def _open(key: str) -> None:
    upload = st.session_state[key]
    if upload is None:
        return
    st.session_state.run_files = st.session_state.get("run_files", 0) + 1
    try:
        _show(upload)
    finally:
        forget_upload(upload)


def _show(upload: Any) -> None:
    if upload.size > MAX_BYTES:
        _say("error", f"The file has {upload.size / 2**20:,.0f} MB, but a run file has at most {MAX_BYTES // 2**20} MB.")
        return
    try:
        file = read_run_file(upload.getvalue())
    except UserError as problem:
        _say("error", f"{problem.message} {problem.remedy}")
        return
    dataset_id = _same_data(file)
    if dataset_id is None:
        _settings_only(file)
        return
    note = "From a run file; its curves were trained elsewhere."
    run_id = import_run(database(), workspace(), dataset_id, file.setup, file.trials, name=file.name, note=note)
    change_view(dataset_id=dataset_id, setup=dict(file.setup), run_id=run_id, ghost_id=None)
    _load_settings(file)
    _say("info", "The run is opened: its table is on this server, byte by byte the same.")


def _same_data(file: RunFile) -> str | None:
    """A table of mine, a sample or the one on screen with the same bytes."""
    mine = [dataset.id for dataset in datasets.list_datasets(database(), workspace())]
    for identity in (current_view().dataset_id, *mine):
        dataset = datasets.get_dataset(database(), identity)
        if dataset is not None and dataset.status == "ready" and not file.data_differs(dataset.sha256):
            names = {column["name"] for column in (dataset.profile or {}).get("columns", ())}
            if file.setup["target"] in names:
                return identity
    return None


def _settings_only(file: RunFile) -> None:
    dataset = datasets.get_dataset(database(), current_view().dataset_id)
    difference = file.data_differs(dataset.sha256) if dataset is not None else ""
    _load_settings(file)
    _say("error", f"The data of this run are not on this server. {difference}")
    _say("info", f"Its settings are on the sliders of the Tune page. Upload {file.dataset_name!r} and open the run file again.")


def _load_settings(file: RunFile) -> None:
    seeds = sorted({trial.seed for trial in file.trials})
    load_settings({"hyperparameters": file.trials[0].hyperparameters.to_json(), "seeds": seeds})


def _say(kind: str, words: str) -> None:
    st.session_state.setdefault("run_file_said", []).append((kind, words))
