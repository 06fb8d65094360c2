"""What a browser finds again after a refresh or at the address /: sliders that were not trained yet, and switches.

It lies in the store under the workspace, not in the address: a slider that moves would leave an entry in the browser's history.
It is written beside the page, by a thread of its own: no page waits for a writer.
"""

from __future__ import annotations

import json
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any

import streamlit as st

from pages.state.database import database
from pages.state.view import current_view
from pages.state.workspace import workspace
from tuning_core.store import workspaces

SWITCHES = (
    *("auto_run", "following"),
    *("compare_everywhere", "compare_panel", "compare_scale", "compare_training", "compare_bands", "compare_beside"),
    *("predict_refit", "presented_slider", "tour_seen"),
)
SETTINGS = {"settings": "run_id", "search_form": "search_id"}
"""Session keys of what can be set, and the field of the view that says for which run: a link to another run brings its own."""

PATIENCE = 1.0  # seconds a new visit waits for what the visit before it still writes
_writer = ThreadPoolExecutor(1, thread_name_prefix="remember")
_last: dict[str, Future[None]] = {}


def restore_remembered() -> None:
    """At the top of every page. Streamlit drops the switches of other pages, so those are put back each time."""
    if "remembered" not in st.session_state:
        owner = workspace()
        if owner in _last:
            wait((_last.pop(owner),), PATIENCE)
        known = workspaces.remembered(database(), owner)
        st.session_state.remembered = known
        for name, of in SETTINGS.items():
            shown = getattr(current_view(), of)
            if name in known and name not in st.session_state and shown in (None, known.get(of)):
                st.session_state[name] = known[name]
    for name in SWITCHES:
        if name in st.session_state.remembered and name not in st.session_state:
            st.session_state[name] = st.session_state.remembered[name]


def save_remembered() -> None:
    """At the end of every page: what has changed since it began."""
    view = current_view()
    now: dict[str, Any] = {name: st.session_state[name] for name in (*SWITCHES, *SETTINGS) if name in st.session_state}
    now |= {of: getattr(view, of) for of in SETTINGS.values()}
    merged = json.loads(json.dumps(st.session_state.remembered | now, default=list))
    if merged != st.session_state.remembered:
        st.session_state.remembered = merged
        _last[workspace()] = _writer.submit(workspaces.remember, database(), workspace(), merged)
