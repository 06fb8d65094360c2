"""What can be done with an uploaded table: another name, a note, and deleting it with its runs."""

from __future__ import annotations

import streamlit as st

from pages.state.database import database
from pages.state.samples import SAMPLES
from pages.state.view import open_dataset
from pages.state.workspace import workspace
from pages.widgets.share_link import share_table
from tuning_core.data.reading.upload import display_name
from tuning_core.store import datasets, runs
from tuning_core.store.datasets import LONGEST_NAME, LONGEST_NOTE, StoredDataset


def table_menu(dataset: StoredDataset) -> None:
    """Nothing for a sample or somebody else's table."""
    if dataset.workspace != workspace():
        return
    key = f"table_{dataset.id}_"
    with st.popover("This table", icon=":material/more_horiz:", help="Name, describe, share or delete this table."):
        st.session_state[key + "name"], st.session_state[key + "note"] = dataset.name, dataset.note
        st.text_input(
            "Name",
            key=key + "name",
            max_chars=LONGEST_NAME,
            on_change=_rename,
            args=(dataset.id, key + "name"),
            help="Shown wherever the table is. An empty name changes nothing.",
        )
        st.text_area(
            "Note",
            key=key + "note",
            max_chars=LONGEST_NOTE,
            on_change=_annotate,
            args=(dataset.id, key + "note"),
            help="What it is about and where it comes from, for whoever opens it next. Shown under the table's name.",
        )
        st.markdown("**Share**")
        share_table(dataset)
        count = runs.count_runs(database(), dataset.id)
        what = "and nothing else: it has no runs" if not count else "and its run" if count == 1 else f"and its {count:,} runs"
        st.caption(f"Deleting removes the table {what}. This cannot be undone.")
        st.button(
            f"Delete table and {count:,} run{'s' if count != 1 else ''}" if count else "Delete table",
            icon=":material/delete:",
            key=key + "delete",
            on_click=_delete,
            args=(dataset.id,),
            help="The file, what was read of it, its runs, searches and their curves. Looks at its test rows stay counted.",
        )


def _rename(dataset_id: str, key: str) -> None:
    if st.session_state[key].strip():
        datasets.rename_dataset(database(), dataset_id, display_name(st.session_state[key].strip()))


def _annotate(dataset_id: str, key: str) -> None:
    datasets.annotate_dataset(database(), dataset_id, st.session_state[key].strip())


def _delete(dataset_id: str) -> None:
    datasets.delete_dataset(database(), dataset_id)
    open_dataset(SAMPLES[0].id)
