"""Whether this workspace has been shown around: once by itself, and again when somebody asks."""

from __future__ import annotations

import secrets

import streamlit as st


def tour_on_screen(first_visit: bool) -> str | None:
    """The word of the tour that is open; a first visit opens one, unless the workspace has seen it."""
    if first_visit and not st.session_state.get("tour_seen"):
        begin_tour()
    return st.session_state.get("tour_turn")


def begin_tour() -> None:
    """Open it anew; from now on the workspace has seen it."""
    st.session_state.tour_seen = True
    st.session_state.tour_turn = secrets.token_hex(4)


def end_tour() -> None:
    st.session_state.tour_turn = None
