"""A word on the Data page once test rows have been looked at: another split is another vault."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.state.database import database
from pages.state.view import View
from pages.state.workspace import workspace
from tuning_core.experiment.test_set_look import stamp
from tuning_core.store import test_set_looks


def looks_note(view: View, summary: dict[str, Any]) -> None:
    """Nothing while nobody has looked."""
    looks = test_set_looks.looks(database(), workspace(), summary["vault"])
    others = test_set_looks.other_looks(database(), workspace(), view.dataset_id, summary["vault"])
    if looks or others:
        used = stamp(len(looks), others)
        said = "Another split starts a new vault; rows that were seen may train there, and reports will say so."
        st.caption(f":material/visibility: {used[0].upper()}{used[1:]}. {said}")
