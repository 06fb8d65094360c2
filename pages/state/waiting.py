"""Coming back when something has happened: an upload was read, a setup was checked, the engine is ready.

A fragment that reruns by itself interrupts a page that is still being built, so all waiting is done by one fragment at
the very end of the page.
"""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

SECONDS = 0.5


def forget_waits() -> None:
    """At the top of every page: nothing is waited for yet."""
    st.session_state.waits = []


def rerun_when(happened: Callable[[], bool]) -> None:
    """Run the page again as soon as `happened()` is true."""
    st.session_state.waits.append(happened)


def poll_waits() -> None:
    """At the end of every page: look twice a second, as long as there is something to wait for."""
    if st.session_state.waits:
        _look()


@st.fragment(run_every=SECONDS)
def _look() -> None:
    if any(happened() for happened in st.session_state.waits):
        st.rerun()
