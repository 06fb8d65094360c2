"""The store of this process, plain text for untrusted words, and the last line of defence against tracebacks."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from functools import lru_cache

import streamlit as st

from tuning_core.errors import UserError
from tuning_core.store import Database

log = logging.getLogger("tunescope.pages")


@lru_cache(maxsize=1)
def database() -> Database:
    """The store in TUNESCOPE_HOME, opened once per process."""
    return Database()


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


def is_dark() -> bool:
    """Whether this browser shows the dark theme."""
    return st.context.theme.type == "dark"


_WORD_JOINER = "\u2060"
_REPLACED = re.compile(r"(?<=:)(?=[\w+/-]+:)|(?<=[<>~-])(?=[->=])|(?<=:)(?=//)|(?<=www)(?=\.)|(?<=[\w.+-])(?=@)", re.IGNORECASE)
"""Where Streamlit would put an icon (":material/home:"), an emoji (":cat:"), a symbol ("->") or a link, escaped or not."""


def plain(text: object) -> str:
    """Untrusted text for places that render Markdown: every character shows as itself."""
    line = _REPLACED.sub(_WORD_JOINER, re.sub(r"\s+", " ", str(text)))
    line = re.sub(r"([\\`*_{}\[\]()<>#+\-.!|~$:&=@^\"'])", r"\\\1", line)
    return line.replace("\\<", "&lt;").replace("\\>", "&gt;").replace("\\&", "&amp;")


def told_apart(labels: Iterable[str]) -> list[str]:
    """The labels of a list of options, equal ones numbered: a browser sends back the label, not the place, of what is chosen."""
    told: dict[str, None] = {}
    for label in labels:
        words, place = label, 1
        while words in told:
            place += 1
            words = f"{label} ({place})"
        told[words] = None
    return list(told)


def show_error(message: str, remedy: str = "") -> None:
    """A refusal: what is wrong, and what to do next."""
    st.error(f"{plain(message)} {plain(remedy)}".strip(), icon=":material/error:")
