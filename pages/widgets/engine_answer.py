"""Questions to the engine from a page: the answer when it is there, a wait at the end of the page when it is not."""

from __future__ import annotations

import time
from typing import Any

from pages.state.database import database
from pages.state.waiting import rerun_when
from pages.widgets.errors import show_error
from tuning_core.store import questions
from tuning_core.store.questions import Question

PATIENCE = 0.3  # seconds a page waits for an answer before it comes back to ask again


def answer_to(kind: str, spec: dict[str, Any], *, patience: float = PATIENCE) -> Question | None:
    """The answered question; None while it is being worked out or was refused; the page comes back by itself."""
    db = database()
    identity = questions.ask(db, kind, spec)
    deadline = time.monotonic() + patience
    while (question := questions.get_question(db, identity)) is not None and question.is_open:
        if time.monotonic() > deadline:
            rerun_when(lambda: not getattr(questions.get_question(db, identity), "is_open", False))
            return None
        time.sleep(0.01)
    if question is not None and question.error is not None:
        show_error(question.error["message"], question.error["remedy"])
        return None
    return question
