"""What is deleted is gone with everything that belongs to it, and nothing else is."""

from __future__ import annotations

import pytest

from tests.support.datasets import SETUP
from tuning_core.store import Database, answers, datasets, questions, runs, workspaces
from tuning_core.store.deletion import delete_older, delete_workspace
from tuning_core.store.questions import File


@pytest.fixture
def db(tmp_path):
    found = Database(tmp_path)
    for owner, name in (("me", "mine"), ("other", "theirs"), (datasets.SAMPLES, "sample")):
        datasets.add_dataset(found, owner, "a.csv", b"a,b\n1,2\n", dataset_id=name)
    return found


def asked_about(db, run_id):
    identity = questions.ask(db, "export", {"what": "script", "trials": [{"run": run_id, "trial": 0}]})
    questions.answer_question(db, identity, File("a.py", b"1"))
    return identity


def files(db):
    return {path.name for path in (db.home / "answers").iterdir()}


def test_answers_go_with_their_run(db):
    first, second = (runs.add_run(db, "me", "mine", SETUP, "manual", {}) for _ in range(2))
    gone, kept = asked_about(db, first), asked_about(db, second)
    runs.delete_run(db, first)
    assert questions.get_question(db, gone) is None and questions.get_question(db, kept) is not None
    assert files(db) == {kept}
    runs.trash_run(db, second)
    assert runs.empty_trash(db, -1.0) == 1 and files(db) == set()


def test_answers_go_with_their_table(db):
    of_run = asked_about(db, runs.add_run(db, "me", "mine", SETUP, "manual", {}))
    of_table = questions.ask(db, "estimate", {"dataset_id": "mine"})
    other = questions.ask(db, "estimate", {"dataset_id": "theirs"})
    datasets.delete_dataset(db, "mine")
    assert [questions.get_question(db, which) is None for which in (of_run, of_table, other)] == [True, True, False]
    assert files(db) == set()


def test_everything_of_one_is_deleted_and_nothing_of_another(db):
    runs.add_run(db, "me", "mine", SETUP, "manual", {})
    on_sample = runs.add_run(db, "me", "sample", SETUP, "manual", {})
    theirs = runs.add_run(db, "other", "sample", SETUP, "manual", {})
    opened = [questions.ask(db, "run_file", {"workspace": who, "tables": ["sample"]}, given=b"{}") for who in ("me", "other")]
    workspaces.remember(db, "me", {"a": 1})
    answers.add_answer(db, "me", "quiz", "q", 1), answers.add_answer(db, "other", "quiz", "q", 2)
    looks = "INSERT INTO looks (id, workspace, vault, run_id, number, name, reason) VALUES (?, ?, 'v', 'r', 0, 'anna', 'why')"
    db.write(looks, "1", "me"), db.write(looks, "2", "other")
    delete_workspace(db, "me")
    assert [questions.get_question(db, which) is None for which in opened] == [True, False]
    assert files(db) == {f"{opened[1]}.given"}
    assert [row["id"] for row in db.rows("SELECT id FROM datasets ORDER BY id")] == ["sample", "theirs"]
    assert [row["id"] for row in db.rows("SELECT id FROM runs")] == [theirs] and runs.get_run(db, on_sample) is None
    assert answers.list_answers(db, "me", "quiz") == [] and answers.list_answers(db, "other", "quiz") == [("q", 2)]
    assert workspaces.remembered(db, "me") == {} and not datasets.folder(db, "mine").exists()
    assert [tuple(row) for row in db.rows("SELECT name, reason FROM looks ORDER BY id")] == [("", ""), ("anna", "why")]


def test_no_file_of_the_store_holds_what_was_deleted(db):
    db.write("UPDATE datasets SET profile = json_object('columns', 'a very personal column') WHERE id = 'mine'")
    runs.add_run(db, "me", "mine", SETUP, "manual", {"name": "a very personal column"})

    def holding() -> list[str]:
        return [path.name for path in db.home.rglob("*") if path.is_file() and b"very personal" in path.read_bytes()]

    assert holding()
    delete_workspace(db, "me")
    assert holding() == []


def test_what_is_old_goes_and_live_runs_and_samples_stay(db):
    old, live, new = (runs.add_run(db, "me", "mine", SETUP, "manual", {}) for _ in range(3))
    db.write("UPDATE runs SET created = created - 864000")
    db.write("UPDATE datasets SET created = created - 864000")
    db.write("UPDATE runs SET status = 'finished', finished = created WHERE id = ?", old)
    db.write("UPDATE runs SET status = 'finished', finished = created + 864000 WHERE id = ?", new)
    assert delete_older(db, 11) == (0, 0)
    assert delete_older(db, 9) == (1, 1)  # 'theirs' has no run; 'mine' has two that are not old
    assert {row["id"] for row in db.rows("SELECT id FROM runs")} == {live, new}
    assert {row["id"] for row in db.rows("SELECT id FROM datasets")} == {"mine", "sample"}


def test_folders_that_no_row_names_are_removed(db):
    stray = datasets.folder(db, "half")
    stray.mkdir()
    (stray / "upload.bin").write_bytes(b"a,")
    assert datasets.remove_strays(db) == 0  # it may be an upload on its way
    assert datasets.remove_strays(db, older_than=-1.0) == 1 and not stray.exists()
    assert datasets.folder(db, "mine").exists()
