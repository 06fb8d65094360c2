"""An upload on its way: how far its reading is, then the table, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from pages.state.database import database
from pages.state.rights import may_train
from pages.state.view import change_view, current_view, default_setup, open_dataset
from pages.state.waiting import rerun_when
from pages.state.workspace import workspace
from pages.widgets.text import plain
from tuning_core.data.reading.options import ReadOptions
from tuning_core.data.reading.progress import progress_in
from tuning_core.errors import UserError
from tuning_core.store import datasets
from tuning_core.store.datasets import StoredDataset

VIEW_ONLY = ("This table is shared with you for viewing only.", "Ask its owner to share it for working.")


def start_reading(dataset_id: str, setup: dict[str, Any] | None = None) -> None:
    """Watch this dataset until it is read; `setup` is kept as far as the new columns allow."""
    st.session_state.uploading, st.session_state.setup_to_keep = dataset_id, setup
    st.session_state.refused = None


def read_again_with(dataset: StoredDataset, *, renamed: Mapping[str, str] | None = None, **changes: Any) -> None:
    """Read the upload again with these options changed; an option that cannot be is said, and nothing else happens.

    `renamed` has the new names of columns, which the setup in use then goes by.
    """
    st.session_state.reading_error = None
    try:
        options = ReadOptions.from_json({**dataset.options, **changes})
    except UserError as problem:
        st.session_state.reading_error = (problem.message, problem.remedy)
        return
    asked = {} if options == ReadOptions() else options.to_json()
    there = datasets.find_reading(database(), workspace(), dataset.name, dataset.sha256, asked)
    if there is None and not may_train(dataset.id):
        st.session_state.reading_error = VIEW_ONLY
        return
    view = current_view()
    setup = view.setup if view.dataset_id == dataset.id else None
    setup = renamed_setup(setup, renamed) if setup and renamed else setup
    try:
        again = there or datasets.requeue_with_options(database(), workspace(), dataset, asked)
    except UserError as problem:
        st.session_state.reading_error = (problem.message, problem.remedy)
        return
    start_reading(again, setup)


def upload_in_progress() -> None:
    """A bar while the file is read; then the table opens, or its refusal is remembered."""
    dataset = datasets.get_dataset(database(), st.session_state.get("uploading") or "")
    if dataset is None:
        return
    if dataset.status in ("queued", "reading"):
        _bar(dataset)
        return
    st.session_state.uploading = None
    if dataset.status == "ready":
        _open(dataset, st.session_state.get("setup_to_keep"))
        st.rerun()
    st.session_state.refused = dataset.id


def _bar(dataset: StoredDataset) -> None:
    folder = datasets.folder(database(), dataset.id) / "table"
    seen = share, words = progress_in(folder)
    if not words:
        words = "Waiting for the reader" if dataset.status == "queued" else "Starting to read"
    st.progress(max(share, 0.03), f"{plain(dataset.name)}: {words} …")

    def moved() -> bool:
        now = datasets.get_dataset(database(), dataset.id)
        return now is None or now.status != dataset.status or progress_in(folder) != seen

    rerun_when(moved)


def _open(dataset: StoredDataset, before: dict[str, Any] | None) -> None:
    """Show the table; of the setup before it, what its columns still allow."""
    open_dataset(dataset.id)
    assert dataset.profile is not None
    names = {column["name"] for column in dataset.profile["columns"]}
    setup = default_setup(dataset.id)
    if before is None or before["target"] not in names or setup is None:
        return
    split_columns_are_there = {before["split"].get("group"), before["split"].get("column")} <= {None, *names}
    columns = {name: before[name] for name in ("sample_weight", "part") if before.get(name) in names}
    features = [name for name in before["features"] or () if name in names]
    kept = {
        "target": before["target"],
        "features": features or None,
        "split": before["split"] if split_columns_are_there else setup["split"],
        "task": before["task"],
        "kinds": {name: kind for name, kind in before["kinds"].items() if name in names},
        **columns,
        **({"target_transform": before["target_transform"]} if before.get("target_transform") else {}),
    }
    change_view(setup=kept)


def renamed_setup(setup: dict[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """The same setup of a table whose columns are called otherwise."""

    def new(name: str | None) -> str | None:
        return None if name is None else names.get(name, name)

    split = {key: new(value) if key in ("group", "column") else value for key, value in setup["split"].items()}
    offices = {key: new(setup[key]) for key in ("part", "sample_weight") if setup.get(key)}
    return {
        **setup,
        "target": new(setup["target"]),
        "features": setup["features"] and [new(name) for name in setup["features"]],
        "kinds": {new(name): kind for name, kind in setup["kinds"].items()},
        "split": split,
        **offices,
    }
