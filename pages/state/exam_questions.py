"""The question behind one look at the test rows, found again by who asks, of which vault, for which look."""

from __future__ import annotations

import hashlib
from typing import Any

from pages.state.database import database
from tuning_core.store import questions, test_set_looks
from tuning_core.store.questions import question_id
from tuning_core.store.runs import StoredRun


def exam_spec(owner: str, vault_id: str, place: int, run_id: str, number: int | None, reason: str) -> dict[str, Any]:
    """The question of the nth look; its word is the same for everybody who asks it, so that a double click is one look."""
    word = hashlib.sha256(f"{owner} {vault_id} {place}".encode()).hexdigest()[:24]
    return {"run": run_id, "trial": number, "reason": reason, "look": word}


def exam_question_id(run: StoredRun, number: int, vault_id: str) -> str | None:
    """The id of the question whose answer is the last exam of this trial; None when it was not examined."""
    found = None
    for place, look in enumerate(test_set_looks.looks(database(), run.workspace, vault_id)):
        if (look.run_id, look.number) == (run.id, number):
            spec = exam_spec(run.workspace, vault_id, place, look.run_id, look.number, look.reason)
            question = questions.get_question(database(), question_id("exam", spec))
            found = question.id if question is not None and question.answer is not None else found
    return found
