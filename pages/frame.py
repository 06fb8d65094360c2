"""What every page has around it: a tight layout, and a word about the engine while it is not ready."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import streamlit as st

from pages.state.database import database
from pages.state.view import current_view
from pages.state.waiting import forget_waits, poll_waits, rerun_when
from pages.widgets.errors import show_error
from tuning_core.store import engine_status

LOGO = str(Path(__file__).parent / "assets" / "logo.svg")
ENGINE_WORDS = {
    "starting": "The training engine is starting.",
    "warming": "The training engine is warming up: its workers load TensorFlow. You can set things up meanwhile.",
}
# Density: controls and curve fit 1280 x 720 together, and the sidebar scrolls by itself.
CSS = """
<style>
.stMainBlockContainer { padding: 3.6rem 1.6rem 1.5rem; max-width: 1900px; }
[data-testid="stSidebarHeader"] { height: 3rem; padding: 0.5rem 1rem 0; margin-bottom: 0; }
[data-testid="stSidebarUserContent"] { padding-top: 0.3rem; padding-bottom: 1rem; }
[data-testid="stSidebarUserContent"] [data-testid="stVerticalBlock"] { gap: 0.5rem; }
[data-testid="stSidebar"] [data-testid="stSlider"] [data-testid="stSliderTickBar"] { display: none; }
[data-testid="stSidebar"] [data-testid="stSlider"] { padding-bottom: 0; margin-bottom: -0.45rem; }
.st-key-gallery_head { padding-top: 0.4rem; }
[class*="st-key-card_"] :is([data-testid="stMarkdownContainer"], [data-testid="stMarkdownContainer"] p) { margin-bottom: 0; }
[data-testid="stSidebar"] [class*="st-key-strip_"] { margin: -0.2rem 0 0.1rem; padding: 0 6px; }
[data-testid="stSidebar"] [class*="st-key-swept_"] { min-height: 1.7rem; }
[data-testid="stSidebar"] [class*="st-key-sweep_buttons_"] button { min-height: 1.7rem; padding: 0 0.2rem; }
[data-testid="stSidebar"] .st-key-batch_note { min-height: 2.4rem; }
[data-testid="stSidebar"] [data-testid="stCaptionContainer"] { margin-top: -0.2rem; font-size: 0.8rem; }
</style>
"""


@contextmanager
def frame() -> Iterator[None]:
    """Around every page."""
    forget_waits()
    st.html(CSS)
    st.logo(LOGO, size="medium")
    current_view()
    if st.session_state.pop("lost_link", False):
        show_error("The link names a dataset or run that is not on this server.", "The sample data are shown instead.")
    state = engine_status.get_engine(database())
    if state.status != "ready":
        text = ENGINE_WORDS.get(state.status, "The training engine is not running yet. Runs are queued until it is.")
        st.caption(f":material/hourglass_top: {text}")
        rerun_when(lambda: engine_status.get_engine(database()).status != state.status)
    yield
    poll_waits()
