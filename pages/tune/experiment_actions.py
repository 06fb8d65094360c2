"""From a run to the next experiment and back: a change is launched on the same split and seeds, and can be taken back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from pages.state.database import database
from pages.state.queueing import queue_run
from pages.state.tune_settings import load_settings
from pages.state.view import change_view, current_view
from tuning_core.errors import UserError
from tuning_core.experiment import Hyperparameters
from tuning_core.store import runs


def try_changes(run_id: str, wanted: Mapping[str, Any]) -> None:
    """Train a run's settings with some changed, on its split and seeds; the sliders follow, the run stays behind as a ghost."""
    run = runs.get_run(database(), run_id)
    if run is None or run.kind != "manual":
        return
    st.session_state.refusal = None
    try:
        changed = Hyperparameters.from_json(run.spec["hyperparameters"]).replace(**wanted)
    except UserError as problem:
        st.session_state.refusal = (problem.message, problem.remedy)
        return
    spec = run.spec | {"hyperparameters": changed.to_json()}
    new = queue_run(run.dataset_id, run.setup, "manual", spec)
    if new is None:
        return
    load_settings(spec)
    change_view(dataset_id=run.dataset_id, setup=run.setup, run_id=new, ghost_id=run.id)


def go_back() -> None:
    """Show the run before, with its settings on the sliders; the shown one becomes the ghost, so that this can be undone too."""
    view = current_view()
    before = runs.get_run(database(), view.ghost_id) if view.ghost_id else None
    if before is None:
        change_view(ghost_id=None)
        return
    load_settings(before.spec)
    change_view(dataset_id=before.dataset_id, setup=before.setup, run_id=before.id, ghost_id=view.run_id)
