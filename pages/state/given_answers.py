"""Answers to the quiz and the lessons: kept for the workspace, so that a refresh and another tab find them."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.state.database import database
from pages.state.waiting import ask_impatiently
from pages.state.workspace import workspace
from tuning_core.store import answers


def given_answers(subject: str) -> list[tuple[str, Any]]:
    """(name, content) of this workspace's answers, the oldest first; "quiz" or "lesson"."""
    _tell()
    untold = [(name, content) for of, name, content in st.session_state.get("untold_answers", []) if of == subject]
    return [*answers.list_answers(database(), workspace(), subject), *untold]


def last_answer(subject: str, name: str) -> Any:
    """The newest answer to one question; None where there is none."""
    return next((content for told, content in reversed(given_answers(subject)) if told == name), None)


def give_answer(subject: str, name: str, content: Any) -> None:
    """Keep an answer. While another writer holds the store the visit keeps it, and the next page run writes it."""
    st.session_state.setdefault("untold_answers", []).append((subject, name, content))
    _tell()


def forget_answers(subject: str) -> None:
    """Begin anew."""
    st.session_state.untold_answers = [told for told in st.session_state.get("untold_answers", []) if told[0] != subject]
    ask_impatiently(lambda: answers.forget_answers(database(), workspace(), subject))


def _tell() -> None:
    untold = st.session_state.get("untold_answers", [])
    while untold and ask_impatiently(lambda: answers.add_answer(database(), workspace(), *untold[0])):
        untold.pop(0)
