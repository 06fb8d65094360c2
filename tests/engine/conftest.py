"""One engine for all tests of this folder that only need one to be there."""

from __future__ import annotations

import pytest

from tests.support.datasets import make_dataset
from tests.support.engine import LiveEngine
from tuning_core.store import Database, datasets


@pytest.fixture(scope="package")
def engine(tmp_path_factory):
    engine = LiveEngine(tmp_path_factory.mktemp("engine")).ready()
    yield engine
    engine.end()


@pytest.fixture(scope="module")
def dataset():
    return make_dataset()


@pytest.fixture
def db(tmp_path):
    found = Database(tmp_path)
    datasets.add_dataset(found, "me", "a.csv", b"x,y\n1,2\n", dataset_id="d")
    return found
