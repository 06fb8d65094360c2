"""The engine's answer to a setup: rows per part, classes, notices, or why it cannot be trained on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pages.state.database import database
from pages.state.waiting import ask_impatiently, wait_for
from tuning_core.store import datasets

PATIENCE = 0.4  # seconds a page waits for an answer before it comes back to ask again


def setup_answer(dataset_id: str, spec: dict[str, Any]) -> datasets.StoredSetup | None:
    """The setup as the store has it, asked for if need be; waits a moment for the engine.

    None while another writer keeps the question out of the store; the page should come back then.
    """
    answered = look_for_setup(dataset_id, spec)
    return wait_for(answered, PATIENCE) or datasets.get_setup(database(), datasets.setup_id(dataset_id, spec))


def look_for_setup(dataset_id: str, spec: dict[str, Any]) -> Callable[[], datasets.StoredSetup | None]:
    """What gives the answered setup, or None; asks for it, too, as long as nobody could."""
    identity = datasets.setup_id(dataset_id, spec)

    def look() -> datasets.StoredSetup | None:
        setup = datasets.get_setup(database(), identity)
        if setup is None:
            ask_impatiently(lambda: datasets.request_setup(database(), dataset_id, spec))
        return setup if setup is not None and setup.status != "queued" else None

    return look
