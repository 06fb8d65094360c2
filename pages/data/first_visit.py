"""The Data page for somebody who has brought nothing yet: what it is for."""

from __future__ import annotations

import csv
from functools import lru_cache
from itertools import islice

import streamlit as st

from pages.state.database import database
from pages.state.recorded import SAMPLE
from pages.state.samples import FOLDER
from pages.widgets.example import recorded_example
from tuning_core.store import datasets, runs

ROWS = 5


def first_visit(workspace_id: str, is_read: bool) -> None:
    """Nothing for a workspace with a table or a run; rows of the sample while the table on screen is not read."""
    own = any(dataset.workspace == workspace_id for dataset in datasets.list_datasets(database(), workspace_id))
    if own or runs.list_runs(database(), workspace_id, limit=1):
        return
    st.markdown(
        ":material/table: Here you say what is learned from: a table with a row for each case, and the column to predict. "
        "This is a sample; **Upload your own** stands in the sidebar."
    )
    if not is_read:
        with recorded_example("data", "the first rows of a table"):
            st.table(_rows())


@lru_cache(maxsize=1)
def _rows() -> list[dict[str, str]]:
    with (FOLDER / SAMPLE.file).open(encoding="utf-8", newline="") as file:
        return list(islice(csv.DictReader(file), ROWS))
