"""kill -9 in the middle of a run: no recorded epoch is lost, and the run ends with the curves of an undisturbed one."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys

import numpy as np
import psutil
import pytest

from tests.support.datasets import SETUP
from tests.support.engine import assert_same_curves, reference
from tests.support.paths import ROOT
from tests.support.waiting import wait_for
from tuning_core.store import Database, curves, datasets, engine_status, runs
from tuning_core.store.trials import get_trials

pytestmark = [pytest.mark.process]
SETTINGS = {"learning_rate": 0.01, "epochs": 2000, "hidden_units": [48]}


@pytest.fixture(scope="module")
def undisturbed():
    return reference(2, **SETTINGS)


def serve(home, port):
    """The real web process with its engine."""
    environment = os.environ | {"TUNESCOPE_HOME": str(home), "TUNESCOPE_WORKERS": "1"}
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py"), "--server.port", str(port)]
    with (home / "web.log").open("ab") as log:
        return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)


def test_killing_the_web_process(tmp_path, undisturbed):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    db = Database(tmp_path)
    web = serve(tmp_path, port)
    spec = {"hyperparameters": SETTINGS, "seeds": [0, 1]}
    wait_for(lambda: datasets.get_dataset(db, "insurance"))
    run_id = runs.add_run(db, "me", "insurance", SETUP, "manual", spec)
    wait_for(lambda: sum(trial.epochs for trial in get_trials(db, run_id)) >= 200)
    web.kill()
    web.wait()
    run = wait_for(lambda: (r := runs.get_run(db, run_id)).status == "interrupted" and r)
    assert "server was stopped" in run.note
    before = curves.histories(db, run_id)
    assert len(before[0]) >= 100
    web = serve(tmp_path, port)
    try:
        wait_for(lambda: engine_status.get_engine(db).status == "ready")
        assert runs.get_run(db, run_id).status == "interrupted"  # it waits for the click
        runs.request_continue(db, run_id)
        wait_for(lambda: runs.get_run(db, run_id).status == "finished")
        after = curves.histories(db, run_id)
        np.testing.assert_array_equal(after[0].val_loss[: len(before[0])], before[0].val_loss)
        assert_same_curves(db, run_id, undisturbed)
    finally:
        web.terminate()
        web.wait(300)
    lines = [json.loads(line) for line in (tmp_path / "server.log").read_text().splitlines()]
    assert "ready" in {line["event"] for line in lines if line["process"] == "engine"}


def test_killing_the_workers(engine, undisturbed):
    run_id = engine.run(2, **SETTINGS)
    engine.wait_recorded(run_id, 200)
    before = curves.histories(engine.db, run_id)
    for worker in engine.workers():
        worker.kill()
    run = engine.wait_ended(run_id)
    assert run.status == "finished", run.error
    after = curves.histories(engine.db, run_id)
    for number, history in before.items():
        np.testing.assert_array_equal(after[number].matrix()[:, : len(history)], history.matrix())
    assert_same_curves(engine.db, run_id, undisturbed)


def test_killing_the_engine(engine, undisturbed):
    run_id = engine.run(2, **SETTINGS)
    engine.wait_recorded(run_id, 200)
    children = psutil.Process(engine.process.pid).children(recursive=True)
    engine.kill()
    before = engine.recorded(run_id)
    assert runs.get_run(engine.db, run_id).status == "running"  # nobody was left to say otherwise
    wait_for(lambda: engine_status.get_engine(engine.db).status == "down")
    wait_for(lambda: not any(child.is_running() and child.status() != "zombie" for child in children))
    engine.start()
    run = engine.wait_ended(run_id)
    assert run.status == "finished", run.error
    assert engine.recorded(run_id) == 4000 > before
    assert_same_curves(engine.db, run_id, undisturbed)
