"""Refusals in words, and the last line of defence against tracebacks."""

from __future__ import annotations

import logging

import streamlit as st

from pages.widgets.text import plain
from tuning_core.errors import UserError

log = logging.getLogger("tunescope.pages")


def log_script_error(error: Exception) -> bool:
    """What a page shows when its own code fails: a sentence; the log has the rest. True: no traceback."""
    log.error("a page failed", exc_info=error)
    if isinstance(error, UserError):
        show_error(error.message, error.remedy)
    else:
        show_error(
            "This page ran into a problem of its own.",
            "Your data and runs are safe. Reload the page; if it happens again, the server's log has the details.",
        )
    return True


def show_error(message: str, remedy: str = "") -> None:
    """A refusal: what is wrong, and what to do next."""
    st.error(f"{plain(message)} {plain(remedy)}".strip(), icon=":material/error:")
