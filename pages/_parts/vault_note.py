"""A word on the Data page once test rows have been looked at: another split is another vault."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages._parts.shared import database
from pages._parts.view import View
from pages._parts.workspace import workspace
from tuning_core.experiment.look import stamp
from tuning_core.store import vault


def vault_note(view: View, summary: dict[str, Any]) -> None:
    """Nothing while nobody has looked."""
    looks = vault.looks(database(), workspace(), summary["vault"])
    others = vault.other_looks(database(), workspace(), view.dataset_id, summary["vault"])
    if looks or others:
        used = stamp(len(looks), others)
        said = "Another split starts a new vault; rows that were seen may train there, and reports will say so."
        st.caption(f":material/visibility: {used[0].upper()}{used[1:]}. {said}")
