"""Virtual students on the real app: one of each kind does what it does once, and a small class has its lesson; nothing fails."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from benchmarks.students import class_lesson
from benchmarks.students.class_lesson import ClassLesson
from benchmarks.students.lesson import Lesson, hold, in_words

pytestmark = [pytest.mark.browser]


def held(how, lesson, app):
    """In a thread: Playwright has an event loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(how(lesson, app.port, app.home, app.process.pid))).result()


def test_each_kind_of_student_gets_what_it_came_for(app):
    kinds = ("tune", "look", "upload")
    lesson = Lesson(len(kinds), seconds=600, rounds=1, arrive=0, think=(0, 0), assets=False, kinds=kinds)
    result = held(hold, lesson, app)
    assert not result["errors"]
    done = {name: row["n"] for name, row in result["times"].items()}
    assert done["open: first rerun"] == 3 and done["press to complete curve"] == 2
    assert done["upload to table shown"] == 1 and done["verdict"] == 2
    assert result["server"]["rss_max"]["web"] > 50 and "press to complete curve | 2 |" in in_words(result)


def test_a_lesson_of_a_class_loses_no_run_and_gives_each_member_one_look(app):
    """Joined by the code, trained, paused, gone on with a search and an answer, settings sent to all, trained, examined."""
    result = held(class_lesson.hold, ClassLesson(students=6, browsers=0, rounds=1, think=(0, 0)), app)
    assert not result["errors"]
    done = {name: row["n"] for name, row in result["times"].items()}
    assert done["open to joined"] == 6 and done["press to complete curve"] == 16 and done["press to complete search"] == 1
    assert done["teacher's press to the last student"] == 4
    found = result["class"]
    assert (found["members"], found["runs"], found["searches"], found["answers"], found["examined"]) == (6, 17, 1, 1, 6)
    assert found["settings on the board"] > 17
