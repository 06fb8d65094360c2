"""The engine's answer to a setup: rows per part, classes, notices, or why it cannot be trained on."""

from __future__ import annotations

import time
from typing import Any

from pages.state.database import database
from tuning_core.store import datasets

PATIENCE = 0.4  # seconds a page waits for an answer before it comes back to ask again


def setup_answer(dataset_id: str, spec: dict[str, Any]) -> datasets.StoredSetup:
    """The setup as the store has it, asked for if need be; waits a moment for the engine."""
    db = database()
    setup_id = datasets.request_setup(db, dataset_id, spec)
    deadline = time.monotonic() + PATIENCE
    while True:
        setup = datasets.get_setup(db, setup_id)
        assert setup is not None
        if setup.status != "queued" or time.monotonic() > deadline:
            return setup
        time.sleep(0.01)
