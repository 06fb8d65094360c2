"""Whose insides are open on Tune, and which of them."""

from __future__ import annotations

import streamlit as st

OPEN = "insides_of"  # the run whose insides are open
SHOWN_KEY = "insides_shown"  # of the widget that chooses among them
SHOWN = {"prediction": "Prediction", "landscape": "Loss landscape", "weights": "Weights"}


def are_open(run_id: str) -> bool:
    return st.session_state.get(OPEN) == run_id


def toggle(run_id: str) -> None:
    st.session_state[OPEN] = None if are_open(run_id) else run_id


def open_insides(run_id: str, shown: str) -> None:
    """Of a run, as soon as it has ended; `shown` is one of `SHOWN`."""
    st.session_state[OPEN], st.session_state[SHOWN_KEY] = run_id, SHOWN[shown]
