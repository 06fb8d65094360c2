"""Questions are asked once, answered once, and survive an engine that died over them."""

from __future__ import annotations

import pytest

from tuning_core.store import Database, questions
from tuning_core.store.questions import File


@pytest.fixture
def db(tmp_path):
    return Database(tmp_path)


def test_the_same_question_is_asked_once_and_keeps_its_answer(db):
    first = questions.ask(db, "estimate", {"a": 1, "b": [2]})
    assert questions.ask(db, "estimate", {"b": [2], "a": 1}) == first
    assert questions.ask(db, "estimate", {"a": 2, "b": [2]}) != first
    taken = questions.take_questions(db)
    assert {q.id for q in taken} >= {first} and len(taken) == 2 and questions.take_questions(db) == []
    questions.answer_question(db, first, {"seconds": 3.0})
    questions.ask(db, "estimate", {"a": 1, "b": [2]})
    found = questions.get_question(db, first)
    assert (found.status, found.answer, found.is_open) == ("answered", {"seconds": 3.0}, False)


def test_a_refusal_can_be_asked_again(db):
    identity = questions.ask(db, "exam", {"run": "r"})
    questions.take_questions(db)
    questions.refuse_question(db, identity, {"kind": "k", "message": "m", "remedy": "r"})
    assert questions.get_question(db, identity).error["message"] == "m"
    questions.ask(db, "exam", {"run": "r"}, again=True)
    found = questions.get_question(db, identity)
    assert (found.status, found.error) == ("queued", None)


def test_a_file_is_kept_beside_the_store(db):
    identity = questions.ask(db, "export", {"what": "script"})
    questions.answer_question(db, identity, File("../../etc/train.py", b"print(1)\n"))
    found = questions.get_question(db, identity)
    assert found.filename == "../../etc/train.py" and questions.file_of(db, found) == b"print(1)\n"
    assert [p.name for p in (db.home / "answers").iterdir()] == [identity]  # the name never became a path


def test_tidy_queues_what_was_left_half_way_and_forgets_what_is_old(db):
    left, old = questions.ask(db, "exam", {"run": "left"}), questions.ask(db, "export", {"run": "old"})
    questions.take_questions(db)
    questions.answer_question(db, old, File("a", b"1"))
    db.write("UPDATE questions SET created = created - ? WHERE id = ?", questions.KEPT_SECONDS + 60, old)
    questions.tidy(db)
    assert questions.get_question(db, left).status == "queued"
    assert questions.get_question(db, old) is None and list((db.home / "answers").iterdir()) == []


def test_what_an_exam_found_is_never_forgotten(db):
    exam = questions.ask(db, "exam", {"run": "a"})
    questions.answer_question(db, exam, {"mae": 1})
    db.write("UPDATE questions SET created = 0")
    questions.tidy(db)
    assert questions.get_question(db, exam).answer == {"mae": 1}
