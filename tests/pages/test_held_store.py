"""No page waits for whoever writes to the store: while another writer holds its lock, every page opens."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from pages.state import database
from tests.support.engine_answers import answer_setups
from tests.support.paths import ROUTER
from tests.support.stored_runs import trained
from tuning_core.store import Database

PAGES = ("tune", "lessons", "data", "search", "compare", "exam", "predict", "gallery")


@pytest.fixture
def held(db) -> Iterator[None]:
    """Another process is writing, for as long as the test goes on: whoever waits for it waits 30 s, and fails."""
    database.database()  # the web process opens the store when it starts
    other = Database(db.home)
    with other.transaction():
        yield
    other.close()


def opened(name: str) -> AppTest:
    test = AppTest.from_file(ROUTER, default_timeout=25)
    return test.switch_page(f"{name}/page.py").run()


def said(test: AppTest) -> str:
    return " ".join(str(element.value) for element in (*test.main.caption, *test.main.markdown))


@pytest.mark.parametrize("name", PAGES)
def test_a_page_that_nobody_has_opened_before(db, held, name):
    test = opened(name)
    assert not test.exception
    assert "Checking the setup" in said(test) or name in ("data", "compare")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_whose_answers_are_known(db, name, request):
    trained(db, "w")
    answer_setups(db)
    request.getfixturevalue("held")
    test = opened(name)
    assert not test.exception and "Checking the setup" not in said(test)


def test_what_could_not_be_asked_is_asked_when_the_page_comes_back(db):
    database.database()
    other = Database(db.home)
    with other.transaction():
        test = AppTest.from_file(ROUTER, default_timeout=25).run()
        assert not test.exception and not db.rows("SELECT id FROM setups")
    other.close()
    test.run()
    assert len(db.rows("SELECT id FROM setups WHERE status = 'queued'")) == 1
    answer_setups(db)
    assert "Learning rate" in [slider.label for slider in test.run().sidebar.select_slider]
