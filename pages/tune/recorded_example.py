"""The first glance: before somebody has trained on a table, a recorded curve stands where the own one will."""

from __future__ import annotations

import streamlit as st

from pages.state.database import database
from pages.state.recorded import is_recorded, recorded_curve
from pages.state.view import View
from pages.widgets.text import plain
from tuning_core.store import datasets, runs
from tuning_core.store.runs import StoredRun

DIMMED = "<style>.st-key-curve_place .lc-stage { opacity: 0.6 }</style>"


def recorded_on_screen(view: View, run: StoredRun | None, workspace_id: str) -> StoredRun | None:
    """The example that is shown: the one that the address names, or one for a workspace without a run on this table."""
    if run is not None:
        return run if is_recorded(run) else None
    if runs.newest(database(), workspace_id, "manual", view.dataset_id, 1):
        return None
    return recorded_curve(view)


def of_these_rows(recorded: StoredRun, view: View) -> bool:
    """Whether it was recorded on the rows in view, so that what is said of it, and Try it, hold for them."""
    return (recorded.dataset_id, recorded.setup) == (view.dataset_id, view.setup)


def recorded_line(recorded: StoredRun, own: bool) -> None:
    """Above the curve: that it is recorded, and on what; a curve of other rows than those in view (`own` is false) is dimmed."""
    dataset = datasets.get_dataset(database(), recorded.dataset_id)
    table = dataset.name if dataset is not None else recorded.dataset_id
    of = f"{plain(recorded.setup['target'])} of the sample {plain(table)}" + ("" if own else ", not of your table")
    st.markdown(f":material/history_edu: **A recorded example**: {of}. Press Train: your own takes its place.")
    if not own:
        st.html(DIMMED)
