"""Coming back when something has happened: an upload was read, a setup was checked, the engine is ready.

A fragment that reruns by itself interrupts a page that is still being built, so all waiting is done by one fragment at
the very end of the page.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from pages.state.database import database
from tuning_core.store.database import Busy
from tuning_core.store.free_space import DiskFull

SECONDS = 0.5
LOOK_SECONDS = 0.01
WRITE_PATIENCE = 0.1  # seconds a page that asks the engine waits for another writer; then it comes back and asks again
T = TypeVar("T")


def ask_impatiently(ask: Callable[[], object]) -> bool:
    """Put a question to the engine into the store; False when another writer held it, or it is full: come back."""
    try:
        with database().impatient(WRITE_PATIENCE):
            ask()
    except (Busy, DiskFull):
        return False
    return True


def wait_for(look: Callable[[], T | None], patience: float) -> T | None:
    """The first answer of `look` that is not None, or None after `patience` seconds. A press meanwhile interrupts the page."""
    deadline = time.monotonic() + patience
    while (found := look()) is None and time.monotonic() < deadline:
        time.sleep(LOOK_SECONDS)
        st.session_state.get("waits")  # any use of the session lets Streamlit end this page run for a newer one
    return found


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
