"""What the engine and its workers log of requests that fail inside: no word of the table, the setup or the request."""

from __future__ import annotations

import json

import pytest

from tests.support.waiting import wait_for
from tuning_core.store import questions, runs

pytestmark = [pytest.mark.process]
SECRET = "telltale"


def test_failures_inside_are_logged_without_what_they_were_about(engine):
    db, setup = engine.db, {"target": SECRET, "features": None, "split": None, "task": None, "kinds": {}}
    unknown = runs.add_run(db, "me", "insurance", setup, "manual", {"hyperparameters": {"epochs": 2}, "seeds": [0]})
    unreadable = runs.add_run(db, "me", "insurance", setup, "manual", {SECRET: 1})
    question = questions.ask(db, "exam", {SECRET: SECRET})
    assert {engine.wait_ended(run_id).status for run_id in (unknown, unreadable)} == {"failed"}
    wait_for(lambda: questions.get_question(db, question).error)
    log = (db.home / "engine.log").read_text()
    assert SECRET not in log
    lines = [json.loads(line) for line in log.splitlines() if line.startswith('{"time": ')]
    failed = {line["event"]: line["error"] for line in lines if "error" in line}
    assert failed[f"run {unreadable} asks for something unreadable"] == "KeyError"
    assert failed["a question of kind exam failed"] == "KeyError"
    assert "engine" in {line["process"] for line in lines}
