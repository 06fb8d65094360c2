"""The store of this process, and the theme of this browser."""

from __future__ import annotations

from functools import lru_cache

import streamlit as st

from tuning_core.store import Database


@lru_cache(maxsize=1)
def database() -> Database:
    """The store in TUNESCOPE_HOME, opened once per process."""
    return Database()


def is_dark() -> bool:
    """Whether this browser shows the dark theme."""
    return st.context.theme.type == "dark"
