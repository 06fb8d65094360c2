"""What a workspace answered, in the quiz and in the lessons: append-only, so that two tabs lose nothing to each other."""

from __future__ import annotations

import json
from typing import Any

from tuning_core.store.database import Database


def add_answer(db: Database, workspace: str, subject: str, name: str, content: Any) -> None:
    """One more answer to the question of this name; `subject` is "quiz" or "lesson"."""
    db.write(
        "INSERT INTO answers (workspace, subject, name, content) VALUES (?, ?, ?, ?)",
        *(workspace, subject, name, json.dumps(content)),
    )


def list_answers(db: Database, workspace: str, subject: str) -> list[tuple[str, Any]]:
    """(name, content) of all answers, the oldest first."""
    rows = db.rows("SELECT name, content FROM answers WHERE workspace = ? AND subject = ? ORDER BY number", workspace, subject)
    return [(row["name"], json.loads(row["content"])) for row in rows]


def forget_answers(db: Database, workspace: str, subject: str) -> None:
    """Begin anew."""
    db.write("DELETE FROM answers WHERE workspace = ? AND subject = ?", workspace, subject)
