"""Asking for a training: in the store where it is allowed, else in words on the page."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.state.database import database
from pages.state.workspace import workspace
from tuning_core.errors import UserError
from tuning_core.store import runs


def queue_run(dataset_id: str, setup: dict[str, Any], kind: str, spec: dict[str, Any], **more: Any) -> str | None:
    """The id of the new run (`store.runs.add_run`); None where it was refused, which the page's frame then says."""
    try:
        return runs.add_run(database(), workspace(), dataset_id, setup, kind, spec, **more)
    except UserError as problem:
        st.session_state.not_queued = (problem.message, problem.remedy)
        return None
