"""What the board is told of a search: each thing once, lean, and news of a score as well as of an epoch."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import tuning_core as tc
from pages.server.board_feed import board_payload
from tuning_core.search_strategies import make_strategy
from tuning_core.store import Database, curves, datasets, runs, search_configurations
from tuning_core.store.run_state import board_state
from tuning_core.store.trials import add_trials

SPACE = tc.grid(base=tc.Hyperparameters(epochs=10), optimizer=["sgd", "adam"], momentum=[0.0, 0.9], learning_rate=[0.1, 1e-3])


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path)
    yield database
    database.close()


@pytest.fixture
def run_id(db: Database) -> str:
    """A search of six settings with two seeds each, begun."""
    dataset = datasets.add_dataset(db, "w", "a.csv", b"x\n1\n")
    run = runs.add_run(db, "w", dataset, {}, "search", {"space": SPACE.to_json(), "cv": None, "seeds": [0, 1]})
    runs.claim(db, run)
    asked = make_strategy(SPACE).ask()
    search_configurations.add_settings(db, run, [(c.number, c.values, c.hyperparameters) for c in asked])
    rows = [(2 * c.number + s, c.hyperparameters.to_json(), s, None, c.number) for c in asked for s in (0, 1)]
    add_trials(db, run, rows)
    return run


def told(db: Database, run_id: str, after: int = 0, known: int = 0) -> dict:
    state = board_state(db, run_id)
    assert state is not None
    body = board_payload(db, run_id, after, known, state)
    assert body is not None
    return json.loads(body)


def epochs(*values: float) -> np.ndarray:
    """Five series; the validation loss is the third."""
    return np.array([[9.0] * len(values), [8.0] * len(values), values, [7.0] * len(values), [6.0] * len(values)])


def test_settings_are_told_once_with_a_word_for_each_axis(db, run_id):
    first = told(db, run_id)
    assert [s["number"] for s in first["fresh"]] == list(range(6))
    assert first["fresh"][0] == {"number": 0, "words": ["sgd", "0", "0.1"], "trials": [[0, 10], [1, 10]]}
    assert ["adam", None, "0.001"] in [s["words"] for s in first["fresh"]], "momentum is off with adam"
    again = told(db, run_id, first["cursor"], known=6)
    assert again["fresh"] == [] and len(again["outcomes"]) == 6


def test_only_new_validation_losses_are_told_and_what_is_not_finite_is_null(db, run_id):
    curves.append(db, run_id, [(0, 0, epochs(1 / 3, 2e7)), (3, 0, epochs(np.inf))])
    curves.append(db, run_id, [(0, 2, epochs(np.nan, 0.5))])
    first = told(db, run_id)
    assert first["chunks"] == [[0, 0, [0.33333, 2e7, None, 0.5]], [3, 0, [None]]]
    curves.append(db, run_id, [(0, 4, epochs(0.25))])
    assert told(db, run_id, first["cursor"], 6)["chunks"] == [[0, 4, [0.25]]]


def test_a_score_and_a_status_are_news(db, run_id):
    before = board_state(db, run_id)
    search_configurations.score_setting(db, run_id, 1, "finished", [1.0, 2.0], [1.0, 1.0])
    scored = board_state(db, run_id)
    search_configurations.score_setting(db, run_id, 2, "diverged", [math.nan, 1.0], [math.nan, 1.0])
    diverged = board_state(db, run_id)
    assert len({before.token, scored.token, diverged.token}) == 3
    outcomes = {number: rest for number, *rest in told(db, run_id)["outcomes"]}
    assert outcomes[1] == ["finished", 1.5, pytest.approx(0.707107)] and outcomes[2] == ["diverged", None, None]
    runs.finish(db, run_id, "finished")
    assert board_state(db, run_id).final


def test_the_final_training_of_a_cross_validation_is_not_among_the_curves(db, run_id):
    add_trials(db, run_id, [(search_configurations.FINAL + 1, SPACE.base.to_json(), 0, None, 1)])
    curves.append(db, run_id, [(search_configurations.FINAL + 1, 0, epochs(1.0)), (2, 0, epochs(3.0))])
    answer = told(db, run_id)
    assert answer["chunks"] == [[2, 0, [3.0]]] and answer["fresh"][1]["trials"] == [[2, 10], [3, 10]]


def test_a_hand_picked_setting_has_its_own_values(db, run_id):
    search_configurations.add_settings(
        db, run_id, [(6, {}, tc.Hyperparameters(learning_rate=0.5, optimizer="sgd", momentum=0.3))]
    )
    assert told(db, run_id, known=6)["fresh"] == [], "its trials are not laid out yet"
    add_trials(db, run_id, [(12, SPACE.base.to_json(), 0, None, 6)])
    (fresh,) = told(db, run_id, known=6)["fresh"]
    assert dict(zip(SPACE.axes, fresh["words"], strict=True)) == {"optimizer": "sgd", "momentum": "0.3", "learning_rate": "0.5"}


def test_a_search_that_is_gone_has_no_state(db, run_id):
    runs.delete_run(db, run_id)
    assert board_state(db, run_id) is None


def page() -> None:
    import streamlit as st

    from pages.components.search_board import search_board

    event = search_board("r1", key="a", axes=["rate"], planned=12, selected=3, live=False, target="y")
    nothing = search_board(None, key="b")
    st.text(f"{event} {nothing.picked}")


def test_what_is_sent_to_the_browser() -> None:
    at = AppTest.from_function(page).run()
    assert not at.exception
    sent = [json.loads(element.proto.json) for element in at.main if element.type == "bidi_component"]
    assert (sent[0]["run_id"], sent[0]["planned"], sent[0]["selected"], sent[0]["live"]) == ("r1", 12, 3, False)
    assert sent[1]["run_id"] is None and "press Search" in sent[1]["invitation"]
    assert at.text[0].value == "BoardEvent(ended=None, picked=None, progress=None) None"
