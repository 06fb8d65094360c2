"""Names for the columns of a file that has none."""

from __future__ import annotations

import streamlit as st

from pages.data.upload_status import read_again_with
from pages.widgets.errors import show_error
from tuning_core.store.datasets import StoredDataset


def name_columns(dataset: StoredDataset) -> None:
    """Above the columns of a table without a header: one field for all names; the file is read again with them."""
    assert dataset.profile is not None
    if dataset.profile["reading"].get("header", True):
        return
    names = [column["name"] for column in dataset.profile["columns"]]
    key = f"column_names_{dataset.id}"
    named = bool(dataset.options.get("names"))
    with st.expander("Rename the columns" if named else "This file has no names of columns: name them", icon=":material/label:"):
        words = st.text_input(
            f"Names of all {len(names)} columns, with commas between",
            value=", ".join(names),
            key=key,
            help="In the order of the file. The target, what is left out and the split follow the new names.",
        )
        st.button(
            "Name the columns",
            icon=":material/check:",
            key=key + "_use",
            on_click=_use,
            args=(dataset, names, key),
            disabled=words == ", ".join(names),
            help="Reads the file again. What was trained with the names before stays as it is.",
        )
    if st.session_state.get("naming_error"):
        show_error(*st.session_state.naming_error)


def _use(dataset: StoredDataset, before: list[str], key: str) -> None:
    after = [name.strip() for name in st.session_state[key].split(",")]
    st.session_state.naming_error = mistake(before, after)
    if st.session_state.naming_error is None:
        read_again_with(dataset, renamed=dict(zip(before, after, strict=True)), names=after, header=False)


def mistake(before: list[str], after: list[str]) -> tuple[str, str] | None:
    """(what is wrong, what to do) with new names; None when they can be used."""
    if len(after) != len(before):
        return f"{len(after)} names for {len(before)} columns.", "Name each column once, with commas between."
    if not all(after):
        return f"The name of column {after.index('') + 1} is empty.", "Give it one."
    double = next((name for name in after if after.count(name) > 1), None)
    if double is not None:
        return f"Two columns are called {double}.", "Give each a name of its own."
    return None
