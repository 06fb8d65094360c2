"""What pages ask the engine to work out: an estimate, an exam, an export. Asked once, answered once, kept for a week.

A page has neither scikit-learn nor TensorFlow. It asks a question of some kind with a JSON spec; the engine answers with
JSON, with a file, or with an error that a person can mend.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tuning_core.store.database import Database
from tuning_core.store.migrations import NOW

KEPT_SECONDS = 7 * 86400.0
STOP = "stop"  # a file in the working folder: the answer is no longer wanted


@dataclass(frozen=True)
class File:
    """An answer that is to be downloaded."""

    name: str
    data: bytes


@dataclass(frozen=True)
class Question:
    """status: queued | working | answered | refused. `answer` is JSON, `filename` names the file of an answer that has one."""

    id: str
    kind: str
    spec: dict[str, Any]
    status: str
    answer: dict[str, Any] | None
    filename: str | None
    error: dict[str, Any] | None

    @property
    def is_open(self) -> bool:
        return self.status in ("queued", "working")


def question_id(kind: str, spec: dict[str, Any]) -> str:
    """The same question has the same id; put something unique into the spec where each asking counts."""
    return hashlib.sha256(json.dumps([kind, spec], sort_keys=True).encode()).hexdigest()[:24]


def ask(db: Database, kind: str, spec: dict[str, Any], *, again: bool = False, given: bytes | None = None) -> str:
    """Ask the engine; what was asked before keeps its answer unless it is asked `again`. Returns the question's id.

    Nothing is written, and no writer is waited for, when the question is known. A file that the question is about is `given`;
    it is gone once the question is answered or refused.
    """
    identity = question_id(kind, spec)
    if db.row("SELECT 1 FROM questions WHERE id = ?", identity) is None:
        if given is not None:
            _given_path(db, identity).parent.mkdir(exist_ok=True)
            db.need_space(len(given))
            _given_path(db, identity).write_bytes(given)
        db.write("INSERT OR IGNORE INTO questions (id, kind, spec) VALUES (?, ?, ?)", identity, kind, json.dumps(spec))
    if again:
        db.write(
            f"""UPDATE questions SET status = 'queued', answer = NULL, filename = NULL, error = NULL, created = {NOW}
            WHERE id = ? AND status IN ('answered', 'refused')""",  # nosec B608
            identity,
        )
    return identity


def get_question(db: Database, identity: str) -> Question | None:
    row = db.row("SELECT * FROM questions WHERE id = ?", identity)
    return _question(row) if row else None


def file_of(db: Database, question: Question) -> bytes:
    """The bytes of an answer that is a file."""
    return _path(db, question.id).read_bytes()


def given_to(db: Database, identity: str) -> bytes:
    """The file that came with a question."""
    return _given_path(db, identity).read_bytes()


def request_stop(db: Database, identity: str) -> None:
    """Whoever works on it stops soon, and the question is refused; nothing where it is answered already."""
    question = get_question(db, identity)
    if question is not None and question.is_open:
        work_folder(db, identity).mkdir(parents=True, exist_ok=True)
        (work_folder(db, identity) / STOP).touch()


def work_folder(db: Database, identity: str) -> Path:
    """Where a worker tells how far it is (`data.reading.progress`) and hears that it should stop; gone once it is answered."""
    return db.home / "answers" / f"{identity}.work"


# ---- the engine's side ----------------------------------------------------------------------------------------------


def take_questions(db: Database) -> list[Question]:
    """Queued ones, oldest first; they count as being worked on from now on."""
    rows = db.rows("SELECT * FROM questions WHERE status = 'queued' ORDER BY created LIMIT 32")
    for row in rows:
        db.write("UPDATE questions SET status = 'working' WHERE id = ?", row["id"])
    return [_question(row) for row in rows]


def answer_question(db: Database, identity: str, answer: dict[str, Any] | File) -> None:
    if isinstance(answer, File):
        _path(db, identity).parent.mkdir(exist_ok=True)
        db.need_space(len(answer.data))
        _path(db, identity).write_bytes(answer.data)
        db.write("UPDATE questions SET status = 'answered', filename = ? WHERE id = ?", answer.name, identity)
    else:
        db.write("UPDATE questions SET status = 'answered', answer = ? WHERE id = ?", json.dumps(answer), identity)
    _clear(db, identity)


def refuse_question(db: Database, identity: str, error: dict[str, Any]) -> None:
    db.write("UPDATE questions SET status = 'refused', error = ? WHERE id = ?", json.dumps(error), identity)
    _clear(db, identity)


def tidy(db: Database) -> None:
    """When an engine starts: what another left half-way is queued again, and old answers are forgotten.

    What an exam has found is kept: it cannot be asked again without a further look.
    """
    db.write("UPDATE questions SET status = 'queued' WHERE status = 'working'")
    for row in db.rows(f"SELECT id FROM questions WHERE kind != 'exam' AND created < {NOW} - ?", KEPT_SECONDS):  # nosec B608
        _forget(db, row["id"])


def forget(db: Database, *ids: str) -> None:
    """Forget what was asked about runs or tables that are gone: every question whose spec names one of them."""
    for identity in ids:
        for row in db.rows("SELECT id FROM questions WHERE instr(spec, ?)", json.dumps(identity)):
            _forget(db, row["id"])


def forget_older(db: Database, seconds: float) -> None:
    """Forget answers of any kind that are so old."""
    for row in db.rows(f"SELECT id FROM questions WHERE created < {NOW} - ?", seconds):  # nosec B608
        _forget(db, row["id"])


def _path(db: Database, identity: str) -> Path:
    return db.home / "answers" / identity


def _given_path(db: Database, identity: str) -> Path:
    return db.home / "answers" / f"{identity}.given"


def _clear(db: Database, identity: str) -> None:
    """What only the working out of the answer needed."""
    _given_path(db, identity).unlink(missing_ok=True)
    shutil.rmtree(work_folder(db, identity), ignore_errors=True)


def _forget(db: Database, identity: str) -> None:
    _path(db, identity).unlink(missing_ok=True)
    _clear(db, identity)
    db.write("DELETE FROM questions WHERE id = ?", identity)


def _question(row: Any) -> Question:
    loaded = {name: json.loads(row[name]) if row[name] else None for name in ("answer", "error")}
    return Question(row["id"], row["kind"], json.loads(row["spec"]), row["status"], filename=row["filename"], **loaded)
