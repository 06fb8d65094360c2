"""/api/metrics: OpenMetrics that another parser reads, with numbers counted by hand, about nobody; what /api/ready tells."""

from __future__ import annotations

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families
from starlette.applications import Starlette
from starlette.testclient import TestClient

from pages.server.routes import routes
from tuning_core.store import Database, datasets, engine_status, questions, runs


@pytest.fixture
def db(tmp_path):
    db = Database(tmp_path)
    yield db
    db.close()


def samples(db):
    with TestClient(Starlette(routes=routes(lambda: Database(db.home)))) as client:
        answer = client.get("/api/metrics")
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("application/openmetrics-text")
    text = answer.text
    return text, {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_an_empty_store_without_an_engine(db):
    _, found = samples(db)
    assert found["tunescope_engine_up",] == found["tunescope_workers", "busy"] == found["tunescope_questions",] == 0
    assert found["tunescope_run_seconds_gcount",] == 0 and found["tunescope_live_runs", "manual", "queued"] == 0
    assert found["tunescope_memory_bytes", "web"] > 1e7 and found["tunescope_disk_free_bytes",] > 0


def test_what_waits_goes_on_and_has_ended_is_counted(db):
    table = datasets.add_dataset(db, "telltale-workspace", "telltale-table.csv", b"telltale\n1\n")
    ids = [runs.add_run(db, "telltale-workspace", table, {"target": "telltale"}, "manual", {}) for _ in range(6)]
    search = runs.add_run(db, "telltale-workspace", table, {}, "search", {})
    for run_id, seconds in zip(ids[:3], (0.2, 2.0, 5000.0), strict=True):
        runs.claim(db, run_id)
        runs.finish(db, run_id, "finished")
        db.write("UPDATE runs SET finished = started + ? WHERE id = ?", seconds, run_id)
    runs.claim(db, ids[3])
    runs.claim(db, search)
    runs.rename(db, ids[4], "telltale-name")
    questions.ask(db, "estimate", {"telltale": 1})
    engine_status.beat(db, "ready", 3, {ids[4]: [1, 0, 2.0]}, busy=2)
    text, found = samples(db)
    assert found["tunescope_live_runs", "manual", "queued"] == 2 and found["tunescope_live_runs", "manual", "running"] == 1
    assert found["tunescope_live_runs", "search", "running"] == 1 and found["tunescope_ended_runs", "finished"] == 3
    buckets = [found["tunescope_run_seconds_bucket", bound] for bound in ("0.1", "0.3", "1", "3", "3600", "+Inf")]
    assert buckets == [0, 1, 1, 2, 2, 3] and found["tunescope_run_seconds_gsum",] == pytest.approx(5002.2, rel=1e-4)
    assert (found["tunescope_engine_up",], found["tunescope_workers", "busy"], found["tunescope_workers", "idle"]) == (1, 2, 1)
    assert found["tunescope_questions",] == found["tunescope_uploads",] == 1
    assert found["tunescope_memory_bytes", "engine"] > 0, "this process said that it is the engine"
    assert "telltale" not in text and not any(name in text for name in (table, search, *ids))


def test_what_keeps_the_engine_waiting_is_told_on_this_machine_only(db):
    why = "The scheduler at tls://lab:8786 does not answer."
    engine_status.beat(db, "starting", detail=why)
    with TestClient(Starlette(routes=routes(lambda: Database(db.home))), client=("127.0.0.1", 40_000)) as client:
        here, there = (client.get("/api/ready", headers=sent).json() for sent in ({}, {"X-Forwarded-For": "10.0.0.7"}))
    assert here.pop("detail") == why
    assert here == there == {"web": True, "engine": "starting", "workers": 0}
