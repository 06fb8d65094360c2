"""A class on the pages: a teacher makes it, students join it, and what the teacher does holds in their visits alone."""

from __future__ import annotations

import secrets
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from pages.state.guide import Guide, write_guide
from pages.state.tune_settings import START
from tests.support.app_test import button, slider
from tests.support.datasets import SETUP
from tests.support.engine_answers import read_uploads
from tests.support.paths import INSURANCE, ROUTER
from tests.support.stored_runs import all_runs
from tuning_core.lessons import chapters
from tuning_core.store import class_members, classrooms, datasets, sharing
from tuning_core.store.classrooms import Board

TEACHER = "teacher-of-the-class"
LOCKED = write_guide(Guide({"learning_rate": 1.0}, locked=("batch_size",), note="Lower it."))
PAUSED = "Your teacher has paused the class"


@pytest.fixture
def visit(db):
    """Opens pages in the browser of a workspace, or in one that was never here."""
    db.write("DELETE FROM classrooms")

    def opened(workspace=None, page=None, **query):
        app = AppTest.from_file(ROUTER, default_timeout=300)
        app.session_state["workspace"] = workspace or secrets.token_hex(8)
        for name, value in query.items():
            app.query_params[name] = value
        app.run()
        if page is not None:
            app.switch_page(f"{page}/page.py").run()
        assert not app.exception
        return app

    return opened


@pytest.fixture
def found(db, visit):
    """A class on the sample of a first visit, with a guide."""
    return classrooms.add_classroom(db, TEACHER, "Tuesday", "insurance", SETUP, guide=LOCKED)


def labelled(elements, label):
    return next(one for one in elements if one.label == label)


def join(app, code, nickname):
    labelled(app.text_input, "Code").set_value(code)
    labelled(app.text_input, "Nickname").set_value(nickname)
    button(app, "Join").click().run()
    assert not app.exception
    return app


def words(app):
    return " ".join(e.value for e in (*app.markdown, *app.caption, *app.success, *app.warning, *app.error))


def test_a_teacher_makes_a_class_and_sees_its_code(db, visit):
    app = visit(TEACHER, "classroom")
    button(app, "Make the class").click().run()
    assert any("name of the class" in error.value for error in app.error) and not classrooms.classrooms_of(db, TEACHER)
    labelled(app.text_input, "Name of the class").set_value("Tuesday <b>")
    labelled(app.selectbox, "Students see").set_value(Board.HIDDEN)
    labelled(app.radio, "Settings").set_value("of a lesson").run()
    labelled(app.multiselect, "Locked").set_value(["seeds"])
    button(app, "Make the class").click().run()
    assert not app.exception
    (made,) = classrooms.classrooms_of(db, TEACHER)
    assert (made.name, made.dataset_id, made.board) == ("Tuesday <b>", "insurance", Board.HIDDEN)
    assert made.setup == app.session_state["view"].setup and made.guide
    assert f"join={made.code}" in " ".join(code.value for code in app.code)
    assert "Waiting for students" in words(app)


def test_a_student_joins_by_the_link_and_gets_table_and_guide(db, visit, found):
    app = visit(page="classroom", join=found.code.lower(), dataset="penguins")
    assert labelled(app.text_input, "Code").value == found.code.lower()
    join(app, found.code, "A")
    assert any("2 to 24" in error.value for error in app.error)
    join(app, found.code, "Ana")
    (member,) = class_members.members(db, found.id)
    assert member.nickname == "Ana" and member.workspace == app.session_state["workspace"]
    assert "join" not in app.query_params and app.query_params["guide"] == LOCKED
    assert app.session_state["view"].dataset_id == "insurance" and app.session_state["view"].setup == SETUP
    app.switch_page("tune/page.py").run()
    assert slider(app, "Learning rate").value == 1.0 and slider(app, "Batch size").disabled
    assert "Class **Tuesday** · Ana: Lower it" in words(app)
    other = visit()
    assert slider(other, "Learning rate").value == START.learning_rate and "Tuesday" not in words(other)


def test_a_wrong_code_and_a_nickname_that_is_taken_are_refused_in_words(visit, found, db):
    class_members.join(db, found.code, "somebody-else-1", "Ana")
    app = join(visit(page="classroom"), "NOCODE", "Ana")
    assert any("not the code of a class" in error.value for error in app.error)
    join(app, found.code, "ANA")
    assert any("is called" in error.value for error in app.error)
    assert len(class_members.members(db, found.id)) == 1


@pytest.fixture
def student(db, visit, found):
    """Ana on Tune, in the class."""
    class_members.join(db, found.code, "ana-in-the-class", "Ana")
    return visit("ana-in-the-class")


def test_pausing_stops_new_trainings_of_the_class_and_says_so(db, visit, found, student):
    assert not button(student, "Train").disabled
    classrooms.freeze(db, found.id, TEACHER, True)
    button(student, "Train").click().run()  # the page has not heard of it yet: the store refuses
    assert PAUSED in words(student) and not all_runs(db)
    assert button(student, "Train").disabled
    assert not button(visit(), "Train").disabled
    classrooms.freeze(db, found.id, TEACHER, False)
    button(student.run(), "Train").click().run()
    assert [run.classroom_id for run in all_runs(db)] == [found.id] and PAUSED not in words(student)


BEGINS = ("play_arrow", "search", "query_stats")  # icons of buttons that begin a training


@pytest.mark.parametrize("page", ["tune", "search", "lessons", "gallery", "compare", "exam"])
def test_while_the_class_is_paused_nothing_that_trains_can_be_pressed_and_each_says_why(db, visit, found, page):
    class_members.join(db, found.code, "ana-in-the-class", "Ana")
    app = visit("ana-in-the-class", page)
    if page == "lessons":
        sample = next(chapter for chapter in chapters() if chapter.sample == "insurance")
        app.session_state["view"] = replace(app.session_state["view"], chapter=sample.name)
        app.run()

    def begins():
        return [one for one in app.button if one.proto.icon.removeprefix(":material/").rstrip(":") in BEGINS]

    able = {one.key or one.label for one in begins() if not one.disabled}
    assert able
    classrooms.freeze(db, found.id, TEACHER, True)
    app.run()
    assert not app.exception and {one.key or one.label for one in begins()} >= able
    assert all(one.disabled for one in begins()) and PAUSED in words(app)
    assert all(PAUSED in one.help for one in begins() if (one.key or one.label) in able)


def test_auto_run_waits_while_the_class_is_paused(db, found, student):
    labelled(student.toggle, "Auto-run").set_value(True).run()
    classrooms.freeze(db, found.id, TEACHER, True)
    slider(student.run(), "Learning rate").set_value(0.1).run()
    assert not all_runs(db) and not student.error
    classrooms.freeze(db, found.id, TEACHER, False)
    slider(student.run(), "Learning rate").set_value(0.3).run()
    assert len(all_runs(db)) == 1


def test_members_cannot_change_the_setup_of_the_class_and_are_told_the_ways_out(db, visit):
    setup = SETUP | {"features": ["age", "bmi"], "split": {**SETUP["split"], "seed": 99}}
    found = classrooms.add_classroom(db, TEACHER, "Locked", "insurance", setup)
    app = visit("bo-in-the-class-1", "data")
    labelled(app.number_input, "Split seed").set_value(5)  # begun before the class, and not of it
    class_members.join(db, found.code, "bo-in-the-class-1", "Bo")
    app.run()
    button(app, "Back to the class").click().run()
    form = [*app.selectbox, *app.slider, *app.number_input, *app.toggle]
    form = [one for one in form if "read_" not in (one.key or "")]  # reading the file anew makes another table
    assert {one.label for one in form if not one.disabled} == {"Table"} and len(form) > 6
    assert labelled(app.number_input, "Split seed").value == 99 and app.session_state["view"].setup == setup
    assert any("take another table, or leave the class" in info.value for info in app.info)
    labelled(app.selectbox, "Table").set_value("penguins").run()
    assert not labelled(app.selectbox, "Target").disabled
    labelled(app.selectbox, "Table").set_value("insurance").run()
    assert not app.exception and app.session_state["view"].setup == setup and "does not count" not in words(app)
    teacher = visit(TEACHER, "data")
    assert not labelled(teacher.selectbox, "Target").disabled


def test_settings_that_are_sent_come_onto_the_sliders_whatever_is_on_screen(db, found, student):
    slider(student, "Learning rate").set_value(0.1).run()
    button(student, "Train").click().run()
    classrooms.send_guide(db, found.id, TEACHER, write_guide(Guide({"learning_rate": 0.03})))
    student.run()
    assert slider(student, "Learning rate").value == 0.03 and not slider(student, "Batch size").disabled
    assert "Your teacher has sent new settings" in words(student)
    slider(student, "Learning rate").set_value(0.3).run()
    assert slider(student, "Learning rate").value == 0.3 and "has sent" not in words(student)
    classrooms.freeze(db, found.id, TEACHER, True)
    assert slider(student.run(), "Learning rate").value == 0.3 and "has sent" not in words(student)
    classrooms.send_guide(db, found.id, TEACHER, write_guide(Guide({"learning_rate": 0.03})))
    assert slider(student.run(), "Learning rate").value == 0.03 and "has sent" in words(student), "the same once more"


def test_what_does_not_count_for_the_class_is_said_and_one_press_leads_back(db, found, student):
    assert "does not count" not in words(student)
    student.session_state["view"] = student.session_state["view"].__class__("penguins", None)
    student.run()
    assert "does not count for the class" in words(student)
    button(student, "Back to the class").click().run()
    assert student.session_state["view"].setup == SETUP and "does not count" not in words(student)


def test_a_table_that_is_shared_no_longer_is_said_to_the_teacher_who_shares_it_again(db, visit):
    own = datasets.add_dataset(db, TEACHER, "own.csv", INSURANCE.read_bytes())
    read_uploads(db)
    made = classrooms.add_classroom(db, TEACHER, "Own table", own, SETUP)
    app = visit(TEACHER, "classroom")
    assert "no longer share" not in words(app)
    sharing.share_table(db, own, TEACHER, None)
    assert "no student can train on it" in words(app.run())
    button(app, "Share it again").click().run()
    assert "no longer share" not in words(app)
    class_members.join(db, made.code, "ana-in-the-class", "Ana")
    assert sharing.right_to_table(db, own, "ana-in-the-class") is sharing.Right.WORK
    datasets.delete_dataset(db, own)


def test_leaving_ends_the_guide_and_the_teacher_removes_and_ends(db, visit, found, student):
    button(student, "Leave the class").click().run()
    assert not class_members.members(db, found.id) and "guide" not in student.query_params
    assert not slider(student, "Batch size").disabled and "Tuesday" not in words(student)
    class_members.join(db, found.code, "ana-in-the-class", "Ana"), student.run()
    teacher = visit(TEACHER, "classroom")
    labelled(teacher.selectbox, "Student").set_value("ana-in-the-class").run()
    button(teacher, "Remove from the class").click().run()
    assert not class_members.members(db, found.id) and "has removed you" in words(student.run())
    join(student.switch_page("classroom/page.py").run(), found.code, "Anna")
    assert "let you in again" in words(student) and not class_members.members(db, found.id)
    labelled(teacher.run().selectbox, "Removed").set_value("ana-in-the-class").run()
    button(teacher, "Let in again").click().run()
    join(student, found.code, "Anna")
    assert [member.nickname for member in class_members.members(db, found.id)] == ["Anna"]
    button(teacher, "Pause").click().run()
    assert classrooms.get_classroom(db, found.id).frozen
    labelled(teacher.checkbox, "End the class now").check().run()
    button(teacher, "End it").click().run()
    assert not teacher.exception and not classrooms.classrooms_of(db, TEACHER) and "The class has ended" in words(student.run())
    assert datasets.get_dataset(db, "insurance") is not None and "Make a class" in [h.value for h in teacher.subheader]
