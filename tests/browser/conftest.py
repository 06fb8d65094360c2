"""The real app on a store of its own, and a real browser."""

from __future__ import annotations

import pytest

from tests.support.browser import WINDOW, listen
from tests.support.chromium import ARGUMENTS, executable
from tests.support.curve_page import serve
from tests.support.engineless import Engineless
from tests.support.server import App
from tuning_core.store import Database, engine_status


@pytest.fixture(scope="package")
def app(tmp_path_factory):
    running = App(tmp_path_factory.mktemp("app"))
    running.wait_ready()
    yield running
    running.close()


@pytest.fixture(scope="package")
def server(tmp_path_factory):
    """The pages without an engine: nothing trains, and the test writes what the store holds."""
    running = Engineless(tmp_path_factory.mktemp("engineless"))
    yield running
    running.close()


@pytest.fixture(scope="package")
def folder(tmp_path_factory):
    """Where the page of the live curve alone has its store."""
    return tmp_path_factory.mktemp("curve")


@pytest.fixture(scope="package")
def page_url(folder):
    """The address of the page of the live curve alone."""
    with serve(folder) as url:
        yield url


@pytest.fixture
def db(folder):
    """The store of that page, as an engine that is ready would leave it."""
    database = Database(folder / "home")
    engine_status.beat(database, "ready", 2)
    yield database
    database.close()


@pytest.fixture(scope="package")
def chromium():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def profile(chromium):
    """The browser profile of the first page of every test: its scripts are loaded and compiled once."""
    context = chromium.new_context(**WINDOW)
    yield context
    context.close()


@pytest.fixture
def new_page(chromium, profile):
    """Opens pages, as in browsers that were never here; an error in a page's script fails the test.

    The first one has the tests' own profile, without cookies and storage; each further one, or one with options, a new profile.
    """
    contexts, opened, errors = [], [], []

    def open_page(url: str, **options):
        context = profile
        if opened or options:
            context = chromium.new_context(**(WINDOW | options))
            contexts.append(context)
        page = context.new_page()
        opened.append(page)
        page.set_default_timeout(300_000)  # for a machine that is busy with other things
        page.on("pageerror", lambda error: errors.append(str(error)))
        listen(page)
        page.goto(url)
        return page

    yield open_page
    profile.clear_cookies()
    for page in profile.pages:
        page.evaluate("localStorage.clear()")
        page.close()
    for context in contexts:
        context.close()
    assert errors == []
