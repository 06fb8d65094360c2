"""Virtual students on the real app: one of each kind does what it does once, and nothing fails."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from benchmarks.students.lesson import Lesson, hold, in_words

pytestmark = [pytest.mark.browser]


def test_each_kind_of_student_gets_what_it_came_for(app):
    kinds = ("tune", "look", "search", "upload")
    lesson = Lesson(len(kinds), seconds=600, rounds=1, arrive=0, think=(0, 0), assets=False, kinds=kinds)
    with ThreadPoolExecutor(1) as thread:  # Playwright has an event loop in this one
        result = thread.submit(lambda: asyncio.run(hold(lesson, app.port, app.home, app.process.pid))).result()
    assert not result["errors"]
    done = {name: row["n"] for name, row in result["times"].items()}
    assert done["open: first rerun"] == 4 and done["press to complete curve"] == 2 and done["press to complete search"] == 1
    assert done["upload to table shown"] == 1 and done["verdict"] == 2
    assert result["server"]["rss_max"]["web"] > 50 and "press to complete curve | 2 |" in in_words(result)
