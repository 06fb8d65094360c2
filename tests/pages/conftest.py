"""A store with the samples read in it, and no engine: pages must work while nothing trains."""

from __future__ import annotations

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.components.v2.manifest_scanner import scan_component_manifests
from streamlit.runtime.scriptrunner import script_runner
from streamlit.runtime.scriptrunner.script_cache import ScriptCache
from streamlit.testing.v1 import AppTest, local_script_runner

from pages.state import database
from pages.state.samples import add_samples
from tests.support.engine_answers import answer_setups, read_uploads
from tests.support.paths import ROUTER
from tuning_core.store import Database, datasets


@pytest.fixture(scope="session", autouse=True)
def as_in_the_web_process():
    """What the web process does once, or never, `AppTest` does for each page or each run of one.

    It reads about all installed packages, compiles the pages, and clears the session of Keras, which other tests load here.
    """
    found, compiled = scan_component_manifests(), ScriptCache()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", lambda: found)
        patch.setattr(local_script_runner, "ScriptCache", lambda: compiled)
        patch.setattr(script_runner, "_clean_problem_modules", lambda: None)
        yield


@pytest.fixture(scope="session")
def read_samples(tmp_path_factory):
    """A store folder with the samples read and the setup of a first visit checked, made once."""
    db = Database(tmp_path_factory.mktemp("store"))
    add_samples(db)
    read_uploads(db)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TUNESCOPE_HOME", str(db.home))
        database.database.cache_clear()
        AppTest.from_file(ROUTER, default_timeout=300).run()  # asks for the setup that every first visit has
        database.database.cache_clear()
    answer_setups(db)
    assert [row["status"] for row in db.rows("SELECT rowid, status FROM setups")] == ["ready"]
    return db


@pytest.fixture
def db(read_samples, monkeypatch):
    """The pages' store; what other tests trained and asked is gone, but for the setup of a first visit."""
    read_samples.write("DELETE FROM runs")
    read_samples.write("DELETE FROM questions")
    read_samples.write("DELETE FROM setups WHERE rowid > 1")
    read_samples.write("DELETE FROM datasets WHERE workspace != ?", datasets.SAMPLES)
    monkeypatch.setenv("TUNESCOPE_HOME", str(read_samples.home))
    database.database.cache_clear()  # the process's store is the one of this test
    yield read_samples
    database.database.cache_clear()


@pytest.fixture
def app(db):
    """The router at its default page: its setup has been checked, so it shows the sliders at once."""
    return AppTest.from_file(ROUTER, default_timeout=300).run()
