"""The long poll and its neighbours, over real HTTP, against a real store written by other connections."""

from __future__ import annotations

import gzip
import http.client
import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import uvicorn
from starlette.applications import Starlette
from streamlit import config

from pages.components.shared.plotly import plotly_version
from pages.server import routes as server_routes
from pages.server.long_poll import Watcher
from pages.server.routes import routes
from pages.server.tcp_nodelay import NoDelay
from tests.support.waiting import wait_for
from tuning_core.experiment import Hyperparameters
from tuning_core.store import Database, curves, datasets, engine_status, runs
from tuning_core.store.trials import add_trials


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path)
    yield database
    database.close()


LONG = 600_000
"""Milliseconds that a reader would wait; a test that needed them fails long before, by the time-out of `get`."""


@pytest.fixture
def waiting_for(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], int]:
    """How many readers wait for news of a run."""
    made: list[Watcher] = []

    def watcher(get_database: Callable[[], Database]) -> Watcher:
        made.append(Watcher(get_database))
        return made[-1]

    monkeypatch.setattr(server_routes, "Watcher", watcher)
    monkeypatch.setattr(server_routes, "WAIT_SECONDS", LONG / 1000)
    return lambda run_id: sum(len(who) for w in made for (_, run), who in tuple(w._waiting.items()) if run == run_id)


@pytest.fixture
def port(tmp_path: Path, waiting_for: Callable[[str], int]) -> Iterator[int]:
    """A server of the routes alone, with a Database of its own on the same folder."""
    database = Database(tmp_path)
    database.close()
    app = Starlette(routes=routes(lambda: database))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
    listening = socket.socket()  # as Streamlit binds it
    listening.bind(("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    wait_for(lambda: server.started)
    yield listening.getsockname()[1]
    server.should_exit = True
    thread.join(120)


def get(port: int, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=180)
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response.status, {name.lower(): value for name, value in response.getheaders()}, body


def poll(port: int, run_id: str, **query: object) -> dict:
    status, _, body = get(port, f"/api/curves/{run_id}?" + "&".join(f"{k}={v}" for k, v in query.items()))
    assert status == 200, body
    return json.loads(body)


def new_run(db: Database, seeds: int = 2) -> str:
    dataset = datasets.add_dataset(db, "w", "a.csv", b"x\n1\n")
    run_id = runs.add_run(db, "w", dataset, {}, "tune", {})
    runs.claim(db, run_id)
    hp = Hyperparameters(epochs=10).to_json()
    add_trials(db, run_id, [(number, hp, number, None) for number in range(seeds)])
    return run_id


def epochs(n: int, start: float = 1.0) -> np.ndarray:
    return start + np.arange(5 * n, dtype=float).reshape(5, n)


def test_gives_what_is_newer_than_the_cursor_once(db: Database, port: int) -> None:
    run_id = new_run(db)
    curves.append(db, run_id, [(0, 0, epochs(2)), (1, 0, epochs(3))])
    curves.append(db, run_id, [(0, 2, epochs(1, 50.0))])

    first = poll(port, run_id, after=0, wait=0)

    assert first["run"]["status"] == "running" and first["run"]["epochs_total"] == 20 and first["run"]["epochs_done"] == 6
    assert [(c["number"], c["first"], len(c["loss"])) for c in first["chunks"]] == [(0, 0, 3), (1, 0, 3)]
    assert first["chunks"][0]["loss"] == [1, 2, 50] and first["chunks"][1]["val_metric"] == [13, 14, 15]
    assert first["trials"][0]["hyperparameters"]["epochs"] == 10 and not first["more"]
    again = poll(port, run_id, after=first["cursor"], wait=0)
    assert again["chunks"] == [] and again["cursor"] == first["cursor"]


def test_numbers_have_six_digits_or_nine_and_what_is_not_finite_is_null(db: Database, port: int) -> None:
    run_id = new_run(db, 1)
    values = np.array([[123456789.0, np.nan], [1 / 3, np.inf], [-1e-7 / 3, -np.inf], [0.0, 1e300], [1.0, 2.0]])
    curves.append(db, run_id, [(0, 0, values)])
    curves.set_context(db, run_id, 0, {"dummy_loss": float("nan"), "linear_loss": 2.5})

    answer = poll(port, run_id)

    assert answer["chunks"][0] == {
        "number": 0, "first": 0, "loss": [123457000, None], "train_loss": [0.333333, None], "val_loss": [-3.33333333e-08, None],
        "metric": [0, 1e300], "val_metric": [1, 2],
    }  # fmt: skip
    assert answer["trials"][0]["context"] == {"dummy_loss": None, "linear_loss": 2.5}


def test_waits_for_an_epoch_and_answers_when_it_comes(db: Database, port: int, waiting_for: Callable[[str], int]) -> None:
    run_id = new_run(db)
    state = poll(port, run_id)["state"]
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(poll, port, run_id, wait=LONG, state=state)
        wait_for(lambda: waiting_for(run_id) == 1)
        assert not waiting.done()
        curves.append(db, run_id, [(0, 0, epochs(2))])
        assert len(waiting.result()["chunks"]) == 1


def test_every_epoch_wakes_its_reader(db: Database, port: int) -> None:
    run_id = new_run(db, 1)
    arrived: list[int] = []

    def read() -> None:
        cursor, state = 0, poll(port, run_id)["state"]
        while len(arrived) < 12:
            answer = poll(port, run_id, after=cursor, wait=LONG, state=state)
            arrived.extend(chunk["first"] for chunk in answer["chunks"])
            cursor, state = answer["cursor"], answer["state"]

    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(read)
        for epoch in range(12):
            curves.append(db, run_id, [(0, epoch, epochs(1))])
            wait_for(lambda n=epoch: n in arrived)
        reading.result()
    assert arrived == list(range(12))


def test_small_answers_leave_at_once(db: Database, port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """With Nagle's algorithm and a delayed acknowledgment an answer takes 40 ms more."""
    options = []
    serve = NoDelay.__call__

    async def look(self, scope, receive, send):
        async def sending(message):
            served = receive.__self__.transport.get_extra_info("socket")
            options.append(served.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            await send(message)

        await serve(self, scope, receive, sending)

    monkeypatch.setattr(NoDelay, "__call__", look)
    for path in ("curves", "board", "verdicts"):
        options.clear()
        get(port, f"/api/{path}/nobody")
        assert options and 0 not in options, path


def test_a_change_of_status_is_news_too(db: Database, port: int, waiting_for: Callable[[str], int]) -> None:
    run_id = new_run(db)
    state = poll(port, run_id)["state"]
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(poll, port, run_id, wait=LONG, state=state)
        wait_for(lambda: waiting_for(run_id))
        runs.finish(db, run_id, "failed", error={"kind": "x", "message": "The <b>target</b> is constant."})
        answer = waiting.result()
    assert answer["run"]["status"] == "failed" and answer["run"]["error"]["message"] == "The <b>target</b> is constant."
    assert answer["state"] != state


def test_waits_no_longer_than_asked(db: Database, port: int) -> None:
    run_id = new_run(db)
    state = poll(port, run_id)["state"]
    start = time.monotonic()
    assert poll(port, run_id, wait=300, state=state)["chunks"] == []
    assert time.monotonic() - start > 0.25


@pytest.mark.parametrize("status", ["finished", "stopped", "failed", "interrupted", "diverged"])
def test_a_final_run_is_answered_at_once(db: Database, port: int, status: str) -> None:
    run_id = new_run(db)
    runs.finish(db, run_id, status)
    answer = poll(port, run_id)
    again = poll(port, run_id, after=answer["cursor"], wait=LONG, state=answer["state"])
    assert again["chunks"] == [] and again["run"]["status"] == status


def test_a_queued_run_says_what_it_waits_for(db: Database, port: int, waiting_for: Callable[[str], int]) -> None:
    dataset = datasets.add_dataset(db, "w", "a.csv", b"x\n1\n")
    run_id = runs.add_run(db, "w", dataset, {}, "tune", {})
    answer = poll(port, run_id)
    assert answer["run"]["status"] == "queued" and answer["engine"] == "down"
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(poll, port, run_id, wait=LONG, state=answer["state"])
        wait_for(lambda: waiting_for(run_id))
        engine_status.beat(db, "warming")
        assert waiting.result()["engine"] == "warming"


def test_a_hundred_readers_of_one_run_all_hear_of_it(db: Database, port: int, waiting_for: Callable[[str], int]) -> None:
    run_id, other = new_run(db), new_run(db)
    state = poll(port, run_id)["state"]
    with ThreadPoolExecutor(101) as pool:
        aside = pool.submit(poll, port, other, wait=2_500, state=poll(port, other)["state"])
        waiting = [pool.submit(poll, port, run_id, wait=LONG, state=state) for _ in range(100)]
        wait_for(lambda: waiting_for(run_id) == 100)
        curves.append(db, run_id, [(0, 0, epochs(4))])
        answers = [w.result() for w in waiting]
        assert all(answer["chunks"][0]["loss"] == [1, 2, 3, 4] for answer in answers)
        assert aside.result()["chunks"] == []


def test_a_deleted_run_ends_the_wait(db: Database, port: int, waiting_for: Callable[[str], int]) -> None:
    run_id = new_run(db)
    state = poll(port, run_id)["state"]
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(get, port, f"/api/curves/{run_id}?wait={LONG}&state={state}")
        wait_for(lambda: waiting_for(run_id))
        runs.delete_run(db, run_id)
        status, _, body = waiting.result()
    assert status == 404 and run_id in json.loads(body)["error"]


@pytest.mark.parametrize("query", ["after=-1", "after=x", "wait=1.5", "after=%C2%B2", "after=9999999999999999"])
def test_a_bad_number_is_named(db: Database, port: int, query: str) -> None:
    status, _, body = get(port, f"/api/curves/{new_run(db)}?{query}")
    assert status == 400 and query.partition("=")[0] in json.loads(body)["error"]


def test_a_queued_run_hears_what_it_waits_for(db: Database, port: int) -> None:
    run_id = new_run(db)
    db.write("UPDATE runs SET status = 'queued' WHERE id = ?", run_id)
    engine_status.beat(db, "ready", 2)
    _, _, body = get(port, f"/api/curves/{run_id}")
    answer = json.loads(body)
    assert answer["turn"] is None
    with ThreadPoolExecutor() as threads:
        waiting = threads.submit(get, port, f"/api/curves/{run_id}?state={answer['state']}")
        engine_status.beat(db, "ready", 2, {run_id: [3, 0, 40.0]})
        assert json.loads(waiting.result()[2])["turn"] == [3, 0, 40.0]


def test_ready_follows_the_engine(db: Database, port: int) -> None:
    status, _, body = get(port, "/api/ready")
    assert (status, json.loads(body)["engine"]) == (503, "down")
    engine_status.beat(db, "ready", 2, {"somebody's run": [1, 0, 3.0]})
    status, _, body = get(port, "/api/ready")
    assert (status, json.loads(body)) == (200, {"web": True, "engine": "ready", "workers": 2})


def test_plotly_comes_from_the_wheel_and_may_be_kept(port: int) -> None:
    status, headers, body = get(port, f"/api/plotly.min.js?v={plotly_version()}", **{"Accept-Encoding": "gzip"})
    assert status == 200 and headers["content-encoding"] == "gzip" and "immutable" in headers["cache-control"]
    script = gzip.decompress(body)
    assert b"plotly.js v" in script[:200] and len(script) > 3_000_000
    status, headers, plain = get(port, "/api/plotly.min.js?v=0")
    assert plain == script and "immutable" not in headers["cache-control"]
    assert get(port, "/api/plotly.min.js", **{"If-None-Match": headers["etag"]})[0] == 304


def test_the_routes_lie_under_the_base_path(db: Database) -> None:
    before = config.get_option("server.baseUrlPath")
    config.set_option("server.baseUrlPath", "/lab/")
    try:
        assert routes(lambda: db)[0].path == "/lab/api/curves/{run_id}"
    finally:
        config.set_option("server.baseUrlPath", before)


def test_serving_curves_imports_no_heavy_library() -> None:
    script = (
        "import sys, pages.server.routes; print([m for m in ('tensorflow', 'keras', 'sklearn', 'pandas') if m in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.strip() == "[]"
