"""What is left of a class when it ends, expires or loses somebody: nothing of a person, and the students' runs stay theirs."""

from __future__ import annotations

import pytest

from tests.support.classes import expire, make_class, store_with_tables, train
from tests.support.datasets import SETUP
from tuning_core.errors import UserError
from tuning_core.store import class_members, classrooms, datasets, runs, sharing
from tuning_core.store.deletion import delete_older, delete_workspace
from tuning_core.store.sharing import Right


@pytest.fixture
def db(tmp_path):
    return store_with_tables(tmp_path)


@pytest.fixture
def course(db):
    return make_class(db)


def seen_by(db, run_id):
    return runs.get_run(db, run_id).classroom_id


PERSONAL = ("members", "class_answers", "class_exam", "class_removals")


def left(db):
    return {table: db.row(f"SELECT count(*) AS n FROM {table}")["n"] for table in ("classrooms", *PERSONAL)}


def full(db, course):
    run_id = train(db, "ada")
    class_members.add_answer(db, course.id, "ada", "q", "a", True)
    db.write("INSERT INTO class_exam VALUES (?, 'ada', ?, 0, 1, 0, NULL)", course.id, run_id)
    db.write("INSERT INTO class_removals (classroom_id, workspace, nickname) VALUES (?, 'dan', 'Dan')", course.id)
    return run_id


def test_when_the_days_are_over_nothing_of_the_class_is_left_and_students_keep_their_runs(db, course):
    run_id = full(db, course)
    assert classrooms.forget_expired(db) == 0
    expire(db, course)
    assert classrooms.classroom_by_code(db, course.code) is None and classrooms.version(db, course.id) == 0
    assert class_members.classroom_of_member(db, "ada") is None and classrooms.classrooms_of(db, "teacher") == []
    assert classrooms.forget_expired(db) == 1 and set(left(db).values()) == {0}
    assert seen_by(db, run_id) is None and sharing.right_to_run(db, run_id, "ada") is Right.OWN


def test_the_class_goes_with_its_table_and_with_its_teacher(db, course):
    full(db, course)
    on_sample = classrooms.add_classroom(db, "teacher", "On a sample", "sample", SETUP)
    theirs = classrooms.add_classroom(db, "other", "Theirs", "sample", SETUP)
    class_members.join(db, on_sample.code, "ada", "Ada")
    datasets.delete_dataset(db, "table")
    assert left(db) == {"classrooms": 2, "members": 1, "class_answers": 0, "class_exam": 0, "class_removals": 0}
    delete_workspace(db, "teacher")
    assert left(db)["members"] == 0 and classrooms.get_classroom(db, theirs.id) == theirs


def test_of_a_student_who_deletes_everything_nothing_is_left_in_the_class(db, course):
    full(db, course)
    class_members.add_answer(db, course.id, "ben", "q", "b", False)
    delete_workspace(db, "ada")
    assert [one.nickname for one in class_members.members(db, course.id)] == ["Ben"]
    assert class_members.answers(db, course.id)["q"].workspaces == {"ben"} and left(db)["class_exam"] == 0


def test_a_table_stays_as_long_as_a_class_lives_on_it(db, course):
    db.write("UPDATE datasets SET created = created - 864000")
    assert delete_older(db, 5.0) == (1, 0) and datasets.get_dataset(db, "table") is not None
    expire(db, course)
    assert delete_older(db, 5.0) == (1, 0) and datasets.get_dataset(db, "table") is None


def test_a_class_whose_table_is_shared_no_more_cannot_work(db, course):
    sharing.share_table(db, "table", "teacher", None)
    with pytest.raises(UserError) as caught:
        train(db, "ada")
    assert caught.value.kind == "not_shared"
    sharing.share_table(db, "table", "teacher", "work")
    train(db, "ada")
