"""One engine for all tests of this folder that only need one to be there."""

from __future__ import annotations

import pytest

from tests.engine.live import LiveEngine


@pytest.fixture(scope="package")
def engine(tmp_path_factory):
    engine = LiveEngine(tmp_path_factory.mktemp("engine")).ready()
    yield engine
    engine.end()
