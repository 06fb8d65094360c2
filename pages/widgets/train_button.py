"""A button that begins a training, or goes on with one: while the class is paused it cannot be pressed, and says why."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.state.rights import held_back


def train_button(label: str, dataset_id: str, *, disabled: bool = False, help: str | None = None, **more: Any) -> bool:
    """`st.button` for a training on this table; every page uses it, so that a pause holds on all of them alike."""
    why = held_back(dataset_id)
    return st.button(label, disabled=disabled or bool(why), help=why or help, **more)
