"""A class: how it is made, who is in it, whose runs it sees, and what a pause means."""

from __future__ import annotations

import pytest

from tests.support.classes import OTHER_SETUP, expire, make_class, store_with_tables, train
from tests.support.datasets import SETUP
from tuning_core.errors import UserError
from tuning_core.experiment import Hyperparameters, SearchSpace
from tuning_core.store import class_members, classrooms, datasets, runs, sharing
from tuning_core.store.classrooms import Board
from tuning_core.store.imported_runs import import_run
from tuning_core.store.sharing import Right


@pytest.fixture
def db(tmp_path):
    return store_with_tables(tmp_path)


@pytest.fixture
def course(db):
    return make_class(db)


def seen_by(db, run_id):
    return runs.get_run(db, run_id).classroom_id


def refusal(work):
    with pytest.raises(UserError) as caught:
        work()
    assert caught.value.remedy
    return caught.value.kind


def test_a_class_is_made_on_a_table_of_ones_own_and_shares_it(db):
    assert sharing.right_to_table(db, "table", "ada") is Right.NONE
    made = classrooms.add_classroom(db, "teacher", "  Statistics   2 ", "table", SETUP, guide="g", board=Board.NAMED, days=2)
    assert sharing.right_to_table(db, "table", "ada") is Right.WORK
    assert (made.name, made.setup, made.guide, made.board, made.frozen, made.version) == (
        "Statistics 2",
        SETUP,
        "g",
        "named",
        False,
        1,
    )
    assert made.expires - made.created == pytest.approx(2 * 86400, abs=1e-3)
    assert len(made.code) == 6 and set(made.code) <= set(classrooms.CODE_LETTERS)
    assert (
        classrooms.classroom_by_code(db, f" {made.code[:3].lower()}-{made.code[3:]} ")
        == made
        == classrooms.get_classroom(db, made.id)
    )
    assert datasets.get_setup(db, datasets.setup_id("table", SETUP)) is not None, "the engine is asked to check it"
    on_sample = classrooms.add_classroom(db, "teacher", "On a sample", "sample", SETUP)
    assert [one.id for one in classrooms.classrooms_of(db, "teacher")] == [on_sample.id, made.id]
    assert classrooms.classrooms_of(db, "ada") == []


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"dataset_id": "theirs"}, "not_owner"),
        ({"dataset_id": "gone"}, "unknown_table"),
        ({"name": "  "}, "out_of_range"),
        ({"name": "x" * 81}, "out_of_range"),
        ({"days": 0}, "out_of_range"),
        ({"days": 91}, "out_of_range"),
        ({"days": float("nan")}, "out_of_range"),
        ({"guide": "x" * 4_001}, "out_of_range"),
    ],
)
def test_what_no_class_can_be_made_of(db, change, kind):
    sharing.share_table(db, "theirs", "other", "work")  # which gives no right to make a class on it
    values = {"owner": "teacher", "name": "Statistics", "dataset_id": "table", "setup": SETUP} | change
    assert refusal(lambda: classrooms.add_classroom(db, **values)) == kind
    assert classrooms.classrooms_of(db, "teacher") == []


def test_nicknames_are_plain_and_told_apart(db, course):
    assert [one.nickname for one in class_members.members(db, course.id)] == ["Ada", "Ben"]
    for nickname, kind in {
        "aDa": "nickname_taken",
        "Ａ d a": "nickname_taken",  # wide, and spaced
        "A": "nickname",
        "x" * 25: "nickname",
        "A\u202eda": "nickname",  # turns what follows round
        "Cy\x00": "nickname",
        "...": "nickname",
    }.items():
        assert refusal(lambda nickname=nickname: class_members.join(db, course.code, "cy", nickname)) == kind, nickname
    assert class_members.join(db, course.code, "cy", "  Zoë  K ").id == course.id
    assert class_members.get_member(db, course.id, "cy").nickname == "Zoë K"
    assert refusal(lambda: class_members.join(db, "AAAAAA", "cy", "Cy")) == "unknown_class"
    assert refusal(lambda: class_members.join(db, course.code, "teacher", "Boss")) == "own_class"


def test_who_joins_twice_is_one_member_with_the_newer_name_and_the_same_runs(db, course):
    run_id = train(db, "ada")
    class_members.join(db, course.code, "ada", "Countess")
    assert [one.nickname for one in class_members.members(db, course.id)] == ["Countess", "Ben"]
    assert seen_by(db, run_id) == course.id
    class_members.join(db, course.code, "cy", "Ada")  # the name is free again


def test_only_what_members_tune_on_the_classs_table_and_setup_since_they_joined_counts(db, course):
    before = train(db, "cy")
    class_members.join(db, course.code, "cy", "Cy")
    counted = [train(db, "cy", kind=kind) for kind in ("manual", "sweep", "search")]
    imported = import_run(db, "cy", "table", SETUP, [])
    not_counted = [
        before,
        imported,
        train(db, "cy", OTHER_SETUP),
        train(db, "cy", table="sample"),
        train(db, "cy", kind="gallery"),
        train(db, "teacher"),
    ]
    assert {seen_by(db, run_id) for run_id in counted} == {course.id}
    assert {seen_by(db, run_id) for run_id in not_counted} == {None}
    reordered = dict(reversed(SETUP.items()))
    assert seen_by(db, train(db, "cy", reordered)) == course.id, "the same setup, written in another order"


def test_the_teacher_views_the_classs_runs_and_members_only_the_one_that_is_shown(db, course):
    run_id, private = train(db, "ada"), train(db, "ada", OTHER_SETUP)
    right = lambda who, run=run_id: sharing.right_to_run(db, run, who)  # noqa: E731
    assert (right("ada"), right("teacher"), right("ben"), right(None)) == (Right.OWN, Right.VIEW, Right.NONE, Right.NONE)
    assert right("teacher", private) is Right.NONE
    assert refusal(lambda: classrooms.show_run(db, course.id, "teacher", private)) == "not_shown"
    classrooms.show_run(db, course.id, "teacher", run_id)
    assert (right("ben"), right("stranger"), right(None)) == (Right.VIEW, Right.NONE, Right.NONE)
    own = train(db, "teacher")
    classrooms.show_run(db, course.id, "teacher", own)
    assert (right("ben"), right("ben", own)) == (Right.NONE, Right.VIEW)
    classrooms.show_run(db, course.id, "teacher", None)
    assert right("ben", own) is Right.NONE
    class_members.leave(db, course.id, "ada")
    assert right("teacher") is Right.NONE and right("ada") is Right.OWN
    class_members.join(db, course.code, "ada", "Ada")
    assert right("teacher") is Right.NONE, "what was taken out of the class stays out of it"


def test_rights_end_with_the_class(db, course):
    run_id = train(db, "ada")
    classrooms.show_run(db, course.id, "teacher", run_id)
    expire(db, course)
    assert sharing.right_to_run(db, run_id, "teacher") is sharing.right_to_run(db, run_id, "ben") is Right.NONE
    assert seen_by(db, train(db, "ada")) is None


def test_a_student_in_two_classes_is_in_the_one_entered_last(db, course):
    second = classrooms.add_classroom(db, "teacher", "Again", "table", SETUP)
    third = classrooms.add_classroom(db, "other", "Elsewhere", "theirs", SETUP)
    class_members.join(db, second.code, "ada", "Ada")
    class_members.join(db, third.code, "ada", "Ada")
    current = lambda: class_members.classroom_of_member(db, "ada").id  # noqa: E731
    assert (current(), seen_by(db, train(db, "ada")), seen_by(db, train(db, "ada", table="theirs"))) == (
        third.id,
        second.id,
        third.id,
    )
    class_members.join(db, course.code, "ada", "Ada")
    assert (current(), seen_by(db, train(db, "ada"))) == (course.id, course.id)
    class_members.leave(db, course.id, "ada")
    expire(db, third)
    assert current() == second.id
    classrooms.freeze(db, course.id, "teacher", True)
    train(db, "ada")  # the class that was left holds nobody up


def test_frozen_means_that_members_begin_nothing_on_the_classs_table(db, course):
    going = train(db, "ada")
    runs.claim(db, going), runs.finish(db, going, "stopped")
    space = SearchSpace({}, base=Hyperparameters(), include=(Hyperparameters(),)).to_json()
    search = train(db, "ada", kind="search")
    runs.claim(db, search), runs.finish(db, search, "finished")
    classrooms.freeze(db, course.id, "other", True)
    train(db, "ada")  # somebody else's press did nothing
    classrooms.freeze(db, course.id, "teacher", True)
    for work in (
        lambda: train(db, "ada"),
        lambda: train(db, "ada", OTHER_SETUP),
        lambda: runs.request_continue(db, going),
        lambda: runs.extend_search(db, search, space),
    ):
        assert refusal(work) == "frozen"
    assert (runs.get_run(db, going).status, runs.get_run(db, search).status) == ("stopped", "finished")
    train(db, "ada", table="sample"), train(db, "teacher"), train(db, "stranger")
    classrooms.freeze(db, course.id, "teacher", False)
    train(db, "ada"), runs.request_continue(db, going)
    assert runs.get_run(db, going).status == "queued"


def test_the_version_rises_with_what_the_teacher_does_and_with_nothing_else(db, course):
    version = lambda: classrooms.version(db, course.id)  # noqa: E731
    classrooms.freeze(db, course.id, "teacher", True), classrooms.freeze(db, course.id, "teacher", False)
    classrooms.send_guide(db, course.id, "teacher", "other")
    classrooms.choose_board(db, course.id, "teacher", Board.HIDDEN)
    classrooms.show_run(db, course.id, "teacher", train(db, "ada"))
    assert version() == 6
    class_members.join(db, course.code, "cy", "Cy"), class_members.add_answer(db, course.id, "cy", "q", "a", True)
    classrooms.send_guide(db, course.id, "ada", "not mine")
    assert version() == 6 and classrooms.get_classroom(db, course.id).guide == "other"
    classrooms.end_classroom(db, course.id, "ada")
    assert version() == 6
    classrooms.end_classroom(db, course.id, "teacher")
    assert version() == 0 and classrooms.get_classroom(db, course.id) is None


def test_answers_are_counted_by_option_each_member_once(db, course):
    class_members.join(db, course.code, "cy", "Cy")
    for who, item, option, right in (
        ("ada", "gap", "too long", True),
        ("ben", "gap", "too short", False),
        ("cy", "gap", "too short", False),
        ("cy", "gap", "too long", True),  # thought again
        ("ada", "noise", "more rows", False),
        ("stranger", "gap", "too long", True),
    ):
        class_members.add_answer(db, course.id, who, item, option, right)
    found = class_members.answers(db, course.id)
    assert list(found) == ["gap", "noise"] and found["gap"].options == {"too long": 2, "too short": 1}
    assert (found["gap"].right, found["noise"].right) == (2, 0) and found["gap"].workspaces == {"ada", "ben", "cy"}
    class_members.remove_member(db, course.id, "ada", "ben")
    assert len(class_members.members(db, course.id)) == 3, "only the teacher takes somebody out"
    class_members.remove_member(db, course.id, "teacher", "ben")
    assert class_members.answers(db, course.id)["gap"].options == {"too long": 2}
    class_members.add_answer(db, course.id, "ada", "gap", "too short", False, keep_first=True)
    assert class_members.answers(db, course.id)["gap"].options == {"too long": 2}


def test_who_was_removed_comes_back_only_when_the_teacher_lets_them_in(db, course):
    class_members.leave(db, course.id, "ada"), class_members.join(db, course.code, "ada", "Ada")  # who leaves may come back
    class_members.remove_member(db, course.id, "teacher", "ada")
    assert [one.nickname for one in class_members.removed(db, course.id)] == ["Ada"]
    assert refusal(lambda: class_members.join(db, course.code, "ada", "Somebody")) == "removed"
    class_members.join(db, course.code, "cy", "Ada")  # the nickname is free
    class_members.let_in_again(db, course.id, "ben", "ada")
    assert refusal(lambda: class_members.join(db, course.code, "ada", "Adah")) == "removed", "only the teacher lets in"
    class_members.let_in_again(db, course.id, "teacher", "ada")
    assert class_members.join(db, course.code, "ada", "Adah").id == course.id and not class_members.removed(db, course.id)


def test_a_run_is_handed_in_that_the_class_sees(db, course):
    run_id = train(db, "ada")
    class_members.choose_run(db, course.id, "ada", run_id)
    assert class_members.get_member(db, course.id, "ada").answer_run == run_id
    for who, which in (("ben", run_id), ("ada", train(db, "ada", OTHER_SETUP))):
        assert refusal(lambda who=who, which=which: class_members.choose_run(db, course.id, who, which)) == "not_handed_in"
    class_members.choose_run(db, course.id, "ada", None)
    assert class_members.get_member(db, course.id, "ada").answer_run is None
