"""What a teacher and a student see of a class that has trained: the page, without its drawing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from pages.classroom.class_exam import correlation_words, exam_table
from pages.classroom.quiz_answers import answer_table, questions_asked
from pages.state.classroom import prediction_of
from tests.support.app_test import button
from tests.support.datasets import SETUP
from tests.support.paths import ROUTER
from tests.support.stored_runs import LINEAR, recorded_run
from tuning_core.lessons import chapters, quiz_items
from tuning_core.store import class_board, class_exam, class_members, classrooms
from tuning_core.store.class_exam import Correlation
from tuning_core.store.class_members import ItemAnswers
from tuning_core.store.classrooms import Board

TEACHER, ANA, BO = "teacher-of-the-board", "ana-on-the-board", "bo-on-the-board-1"


@pytest.fixture
def found(db):
    """A class with Ana, who has tried seven settings, and Bo, who has tried none."""
    db.write("DELETE FROM classrooms")
    made = classrooms.add_classroom(db, TEACHER, "Tuesday", "insurance", SETUP)
    for who, nickname in ((ANA, "Ana"), (BO, "Bo")):
        class_members.join(db, made.code, who, nickname)
    for level in (10.0, 9.0, 11.0, 12.0, 13.0, 14.0, 15.0):
        recorded_run(db, ANA, [LINEAR], level=level)
    return made


def visit(workspace, page="classroom"):
    app = AppTest.from_file(ROUTER, default_timeout=300)
    app.session_state["workspace"] = workspace
    app.run()
    app.switch_page(f"{page}/page.py").run()
    assert not app.exception
    return app


def words(app):
    return " ".join(e.value for e in (*app.markdown, *app.caption, *app.warning, *app.error))


def test_the_teacher_sees_who_is_stuck_and_shows_a_curve_that_was_pressed(db, found):
    app = visit(TEACHER)
    assert "**Ana**: the last 5 settings brought no gain" in words(app) and "**Bo**" not in words(app)
    best = class_board.board_rows(db, found)[1]
    app.session_state["class_picked"] = f"{best.run_id} {best.setting}"
    app.run()
    assert not app.exception and "**Ana**, setting 2: 4.55" in words(app)  # the mean of half of 9, 9.1 and 9.2
    button(app, "Show it to all").click().run()
    assert classrooms.get_classroom(db, found.id).shown_run == best.run_id
    student = visit(BO)
    assert "Your teacher shows a curve" in words(student)
    button(student, "Look at it").click().run()
    assert not student.exception and student.session_state["view"].run_id == best.run_id
    button(app, "Stop showing it").click().run()
    student.run()
    assert student.session_state["view"].run_id is None and "Your teacher shows" not in words(student)


def test_a_press_that_names_no_dot_of_the_class_opens_nothing(db, found):
    other = recorded_run(db, "somebody-of-another", [LINEAR])
    app = visit(TEACHER)
    for dot in (f"{other} 0", "x", "x 0"):
        app.session_state["class_picked"] = dot
        app.run()
        assert not app.exception and "Who may need you" in words(app)


def test_a_projected_board_names_nobody_unless_students_see_names(db, found):
    app = visit(TEACHER)
    button(app, "Presenter view").click().run()
    assert "Ana" not in words(app)
    best = class_board.board_rows(db, found)[1]
    app.session_state["class_picked"] = f"{best.run_id} {best.setting}"
    app.run()
    assert "A student" in words(app) and "Ana" not in words(app)
    classrooms.choose_board(db, found.id, TEACHER, Board.NAMED)
    assert "**Ana**, setting 2" in words(app.run())


def test_students_are_told_of_others_only_what_the_teacher_lets_them_see(db, found):
    row = class_board.board_rows(db, found)[0]
    hidden, named = (class_board.told_to_member(row, replace(found, board=board), BO) for board in (Board.UNNAMED, Board.NAMED))
    for told in (hidden, named):
        assert ANA not in str(told) and row.run_id not in str(told) and (told.number, told.score) == (row.number, row.score)
    assert "Ana" not in str(hidden) and named.nickname == "Ana"
    assert class_board.told_to_member(row, found, ANA) == row
    assert class_board.told_to_member(row, replace(found, board=Board.HIDDEN), BO) is None
    app = visit(BO)
    assert "Ana" not in words(app) and "What the class has tried" in words(app)


def test_a_student_hands_in_a_run(db, found):
    app = visit(ANA)
    rows = class_board.board_rows(db, found)
    choice = next(s for s in app.selectbox if s.label == "My answer for the exam")
    choice.set_value(rows[3].run_id).run()
    assert not app.exception and class_members.get_member(db, found.id, ANA).answer_run == rows[3].run_id
    next(s for s in app.selectbox if s.label == "My answer for the exam").set_value("").run()
    assert class_members.get_member(db, found.id, ANA).answer_run is None


def test_answers_are_counted_by_option_and_the_right_one_is_marked(db, found):
    item = next(item for item in quiz_items() if item.kind == "verdict")
    wrong = next(option for option in item.options if option != item.answer)
    class_members.add_answer(db, found.id, ANA, item.id, wrong, False)
    class_members.add_answer(db, found.id, BO, item.id, item.answer, True)
    app = visit(TEACHER)
    assert any("1 of 2 right" in expander.label for expander in app.expander)
    point = next(item for item in quiz_items() if item.kind == "point")
    table = answer_table(questions_asked()[point.id], ItemAnswers({"epoch 10": 2, "epoch 9": 1}, 0, frozenset()))
    assert table.index("epoch 9") < table.index("epoch 10") and f"**{point.answer}** :material/check: | 0 |" in table


def test_the_first_answer_to_a_lesson_is_counted_for_the_teacher(db, found):
    chapter = chapters()[0]
    right = next(option.text for option in chapter.question.options if option.right)
    wrong = next(option.text for option in chapter.question.options if not option.right)
    app = visit(BO, "lessons")
    for chosen in (wrong, right):  # the reasons stand there after the first one
        next(radio for radio in app.radio if chapter.question.text in radio.label).set_value(chosen).run()
        assert not app.exception
    (told,) = class_members.answers(db, found.id).values()
    assert told == ItemAnswers({wrong: 1}, 0, frozenset({BO}))
    teacher = visit(TEACHER)
    label = next(expander.label for expander in teacher.expander if "right" in expander.label)
    assert chapter.title in label and label.endswith("0 of 1 right")
    predicted = next(chapter for chapter in chapters() if chapter.prediction is not None)
    asked = questions_asked()[prediction_of(predicted.name)]
    assert f"**{predicted.prediction.answer}** :material/check: | 2 |" in answer_table(
        asked, ItemAnswers({predicted.prediction.answer: 2}, 2, frozenset())
    )


def test_the_exam_stands_on_the_page_of_the_teacher_and_of_a_student_who_sees_only_what_is_shown(db, found):
    rows = class_board.board_rows(db, found)
    assert "On the dashed line" not in words(visit(TEACHER))
    best = class_board.best_rows(rows, class_board.measure_of(db, found))[ANA]
    with db.transaction() as connection:
        connection.execute("UPDATE classrooms SET opened = 1.0 WHERE id = ?", (found.id,))
        connection.execute(
            "INSERT INTO class_exam (classroom_id, workspace, run_id, setting, tried, looks_before) VALUES (?, ?, ?, ?, 7, 1)",
            (found.id, ANA, best.run_id, best.setting),
        )
    class_exam.keep(db, found.id, {ANA: {"seeds": 3, "validation": 4.55, "test": 5.25, "gap": 0.7}})
    app = visit(TEACHER)
    assert "The exam of the class" in words(app) and "On the dashed line" in words(app)
    (row,) = class_exam.exam_rows(db, found.id)
    table = exam_table(["Ana"], [row], "error")
    assert table["validation error"] == ["4.55"] and table["test error"] == ["5.25"] and table["worse on test by"] == ["0.700"]
    assert table["settings tried"] == ["7"] and table["own looks before"] == ["1"] and "batch" in table["model"][0]
    classrooms.choose_board(db, found.id, TEACHER, Board.HIDDEN)
    assert "On the dashed line" in words(visit(ANA)) and "On the dashed line" not in words(visit(BO))


def test_words_of_a_correlation_say_what_luck_alone_does():
    assert "**further**" in correlation_words(Correlation(0.9, 8, 0.74)) and "±0.74" in correlation_words(
        Correlation(0.9, 8, 0.74)
    )
    assert "**less far**" in correlation_words(Correlation(-0.9, 8, 0.74))
    assert "neither clearly" in correlation_words(Correlation(0.5, 8, 0.74))
