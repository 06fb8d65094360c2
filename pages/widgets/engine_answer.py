"""Questions to the engine from a page: the answer when it is there, a wait at the end of the page when it is not."""

from __future__ import annotations

from typing import Any

from pages.state.database import database
from pages.state.waiting import ask_impatiently, rerun_when, wait_for
from pages.widgets.errors import show_error
from tuning_core.store import questions
from tuning_core.store.questions import Question

PATIENCE = 0.3  # seconds a page waits for an answer before it comes back to ask again


def is_still_open(kind: str, spec: dict[str, Any]) -> bool:
    """Whether the engine has still to answer: neither answered nor refused."""
    question = questions.get_question(database(), questions.question_id(kind, spec))
    return question is None or question.is_open


def answer_to(kind: str, spec: dict[str, Any], *, patience: float = PATIENCE) -> Question | None:
    """The answered question; None while it is being worked out or was refused; the page comes back by itself."""
    identity = questions.question_id(kind, spec)

    def look() -> Question | None:
        question = questions.get_question(database(), identity)
        if question is None:  # another writer may keep it out of the store for a while
            ask_impatiently(lambda: questions.ask(database(), kind, spec))
        return question if question is not None and not question.is_open else None

    question = wait_for(look, patience)
    if question is None:
        rerun_when(lambda: look() is not None)
        return None
    if question.error is not None:
        show_error(question.error["message"], question.error["remedy"])
        return None
    return question
