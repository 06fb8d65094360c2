"""What every page has around it: a tight layout, and a word about the engine while it is not ready."""

from __future__ import annotations

import streamlit as st

from pages._parts.shared import database, show_error
from tuning_core.store import engine_state

CSS = """
<style>
.stMainBlockContainer { padding: 3.6rem 1.6rem 1.5rem; max-width: 1900px; }
[data-testid="stSidebarUserContent"] { padding-top: 0.4rem; padding-bottom: 1rem; }
[data-testid="stSidebarHeader"] { height: 2.4rem; padding: 0.2rem 0.6rem; margin-bottom: 0; }
[data-testid="stSidebarUserContent"] [data-testid="stVerticalBlock"] { gap: 0.55rem; }
</style>
"""


def frame() -> None:
    """Call once at the top of every page."""
    st.html(CSS)
    if st.session_state.pop("lost_link", False):
        show_error("The link names a dataset or run that is not on this server.", "The sample data are shown instead.")
    state = engine_state.get_engine(database())
    if state.status != "ready":
        _engine_word()


@st.fragment(run_every=1.0)
def _engine_word() -> None:
    """Asks once a second, and stops asking when the engine is ready."""
    state = engine_state.get_engine(database())
    if state.status == "ready":
        st.rerun()
    words = {
        "starting": "The training engine is starting.",
        "warming": "The training engine is warming up: workers are loading TensorFlow. You can set things up meanwhile.",
    }
    text = words.get(state.status, "The training engine is not running yet. Runs are queued and start when it is back.")
    st.caption(f":material/hourglass_top: {text}")
