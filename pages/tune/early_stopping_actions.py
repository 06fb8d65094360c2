"""Rules of early stopping that were tried out on a recorded curve: put on the sliders, or the whole curve recorded."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.state.database import database
from pages.state.tune_settings import change_settings, launch, load_settings
from tuning_core.errors import UserError
from tuning_core.experiment import EarlyStopping
from tuning_core.store import runs


def use_stopping(asked: dict[str, Any]) -> None:
    """ "take": these rules go on the sliders. "record": the run's settings are trained again without early stopping."""
    run = runs.get_run(database(), str(asked.get("run_id", "")))
    try:
        rules = EarlyStopping.from_json(dict(asked.get("rules") or {}))
    except UserError as problem:
        st.session_state.refusal = (problem.message, problem.remedy)
        return
    if asked.get("action") == "record" and run is not None:
        load_settings(run.spec)
        change_settings(stops_early=False)
        launch()
    else:
        change_settings(stops_early=True, **rules.to_json())
        if st.session_state.get("auto_run"):
            launch(automatic=True)
