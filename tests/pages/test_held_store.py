"""No page waits for whoever writes to the store: while another writer holds its lock, every page opens."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from pages.state import database
from pages.state.samples import add_samples
from tests.support.engine_answers import answer_setups, read_uploads
from tests.support.paths import ROUTER
from tests.support.stored_runs import trained
from tuning_core.store import Database

PAGES = ("tune", "lessons", "data", "search", "compare", "exam", "predict", "gallery")


@pytest.fixture(scope="module")
def read_store(tmp_path_factory):
    """A store of its own with the samples read, and no setup checked."""
    store = Database(tmp_path_factory.mktemp("unasked"))
    add_samples(store)
    read_uploads(store)
    return store


@pytest.fixture
def db(read_store, monkeypatch) -> Iterator[Database]:
    """The pages' store, in which nothing was asked yet."""
    for table in ("runs", "setups", "questions"):
        read_store.write(f"DELETE FROM {table}")
    monkeypatch.setenv("TUNESCOPE_HOME", str(read_store.home))
    database.database.cache_clear()
    yield read_store
    database.database.cache_clear()


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
    test._page_hash = calc_hash(name)  # `switch_page` knows a page by its address only after a first run
    return test.run()


def said(test: AppTest) -> str:
    return " ".join(str(element.value) for element in (*test.main.caption, *test.main.markdown))


@pytest.mark.parametrize("name", PAGES)
def test_a_page_that_nobody_has_opened_before(db, held, name):
    test = opened(name)
    assert not test.exception
    assert "Checking the setup" in said(test) or name in ("data", "compare", "lessons"), (
        "these three show something without a setup"
    )


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
