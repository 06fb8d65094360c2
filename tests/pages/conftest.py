"""A store with the samples read in it, and no engine: pages must work while nothing trains."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.runtime.scriptrunner import script_runner
from streamlit.testing.v1 import AppTest

from pages.state import database
from pages.state.samples import add_samples
from tuning_core.engine import uploads
from tuning_core.store import Database, datasets

ROUTER = Path(__file__).resolve().parents[2] / "pages" / "_main.py"


@pytest.fixture(scope="session", autouse=True)
def keras_as_in_the_web_process():
    """Other tests load Keras in this process, and Streamlit then clears its session after every run of a page: two seconds.

    The web process never loads Keras, so there it costs nothing.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(script_runner, "_clean_problem_modules", lambda: None)
        yield


@pytest.fixture(scope="session")
def read_samples(tmp_path_factory):
    """A store folder with the samples read, made once."""
    db = Database(tmp_path_factory.mktemp("store"))
    add_samples(db)
    read_uploads(db)
    return db


@pytest.fixture
def db(read_samples, monkeypatch):
    """The pages' store; runs and setups of other tests are gone."""
    for name in ("runs", "setups"):
        read_samples.write(f"DELETE FROM {name}")
    read_samples.write("DELETE FROM datasets WHERE workspace != ?", datasets.SAMPLES)
    monkeypatch.setenv("TUNESCOPE_HOME", str(read_samples.home))
    database.database.cache_clear()  # the process's store is the one of this test
    yield read_samples
    database.database.cache_clear()


def read_uploads(db):
    """What the engine would do: read every upload that is queued."""
    while (dataset := datasets.next_queued_dataset(db)) is not None:
        outcome = uploads.read(datasets.folder(db, dataset.id), dataset.name, dataset.options)
        if "error" in outcome:
            datasets.set_refused(db, dataset.id, outcome["error"])
        else:
            datasets.set_ready(db, dataset.id, outcome["profile"])


def answer_setups(db):
    """What the engine would do: check every setup that pages have asked for."""
    for setup in datasets.queued_setups(db):
        datasets.answer_setup(db, setup.id, **uploads.check(datasets.folder(db, setup.dataset_id), setup.spec))


@pytest.fixture
def app(db):
    """The router at its default page, run twice: it asks for the setup, the answer comes, it shows the sliders."""
    test = AppTest.from_file(ROUTER, default_timeout=30)
    test.run()
    answer_setups(db)
    return test.run()
