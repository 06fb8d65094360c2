"""Asking for a training, in the store where it is allowed, else in words on the page; and finding one that was asked for."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.state.database import database
from pages.state.workspace import workspace
from tuning_core.errors import UserError
from tuning_core.experiment import RunStatus
from tuning_core.store import runs
from tuning_core.store.runs import StoredRun

REMEMBERED = 24  # runs that are looked through for one that is wanted again


def queue_run(dataset_id: str, setup: dict[str, Any], kind: str, spec: dict[str, Any], **more: Any) -> str | None:
    """The id of the new run (`store.runs.add_run`); None where it was refused, which the page's frame then says."""
    try:
        return runs.add_run(database(), workspace(), dataset_id, setup, kind, spec, **more)
    except UserError as problem:
        st.session_state.not_queued = (problem.message, problem.remedy)
        return None


def newest_run(
    dataset_id: str, setup: dict[str, Any] | None, kind: str, spec: dict[str, Any], *, failed: bool = True
) -> StoredRun | None:
    """The newest run of just this training that was not cut off; with `failed` also one that failed, so that it can be said."""
    passed_over = {RunStatus.STOPPED, RunStatus.INTERRUPTED} | (set() if failed else {RunStatus.FAILED})
    for run_id, status in runs.newest(database(), workspace(), kind, dataset_id, REMEMBERED):
        run = runs.get_run(database(), run_id) if status not in passed_over else None
        if run is not None and run.setup == setup and run.spec == spec:
            return run
    return None
