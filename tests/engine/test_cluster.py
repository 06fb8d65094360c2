"""A cluster of one's own (`TUNESCOPE_SCHEDULER=tls://...`): real Dask processes that come late, are killed and come back."""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
import urllib.error
import urllib.request
from contextlib import suppress

import dask
import numpy as np
import pytest

import tuning_core as tc
from tests.support.certificates import dask_tls, make_certificates
from tests.support.cluster import DaskProcesses
from tests.support.engine import LiveEngine
from tests.support.relay import Relay
from tests.support.waiting import wait_for
from tuning_core.config import read_config
from tuning_core.engine.attendance import SILENCE, Attendance
from tuning_core.engine.cluster import ClusterAway, connect
from tuning_core.engine.worker_state import Assignment
from tuning_core.engine.workers import Workers
from tuning_core.store import engine_status, runs, search_configurations

pytestmark = [pytest.mark.process]
HP = tc.Hyperparameters(hidden_units=(16,), epochs=1500, batch_size=32)
SPACE, CV = tc.grid(base=HP, learning_rate=[0.1, 0.03, 0.01, 0.003], batch_size=[32, 64]), tc.CrossValidation(3)
TRAININGS = 8 * 3 + 1
WORKERS = ("one", "other")


class Away:
    """An engine that trains on a cluster elsewhere; it is started first, and the cluster in parts."""

    def __init__(self, folder) -> None:
        self.dask = DaskProcesses(folder, make_certificates(folder / "certificates"))
        self.engine = LiveEngine(folder / "home", self.dask.environment | {"TUNESCOPE_SCHEDULER": self.dask.address})
        self.heard = [self.wait_said("")]

    def wait_said(self, before: str) -> str:
        """What the engine says that keeps it waiting, when it is something new."""
        said = lambda: engine_status.get_engine(self.engine.db).detail  # noqa: E731
        return wait_for(lambda: said() if said() != before else "")

    def start(self) -> None:
        self.dask.start_scheduler()
        self.heard.append(self.wait_said(self.heard[-1]))
        for name in WORKERS:
            self.dask.start_worker(name)
        self.engine.ready()
        self.wait_workers(2)

    def restart(self) -> None:
        """All of it, as a service manager does: a worker of Dask's that has lost its scheduler ends."""
        for name in WORKERS:
            self.dask.kill(name)
        self.dask.start_scheduler()
        for name in WORKERS:
            self.dask.start_worker(name)
        self.wait_workers(2)

    def wait_workers(self, number: int) -> None:
        wait_for(lambda: engine_status.get_engine(self.engine.db).workers == number)

    @property
    def log(self) -> str:
        return (self.engine.db.home / "engine.log").read_text()

    def close(self) -> None:
        self.engine.end()
        self.dask.close()


@pytest.fixture(scope="module")
def away(tmp_path_factory):
    found = Away(tmp_path_factory.mktemp("cluster"))
    found.start()
    yield found
    found.close()


@pytest.fixture(scope="module")
def leaderboard(engine):
    """What an engine with workers of its own gives: the score of every setting."""
    run_id = engine.search(SPACE, CV)
    assert engine.wait_ended(run_id).status == "finished"
    return scores(engine, run_id)


def scores(engine, run_id):
    return np.array([setting.mean for setting in search_configurations.list_settings(engine.db, run_id)])


def middle(engine, run_id, epochs):
    """Wait until so many epochs are there, and see that some are left."""
    engine.wait_recorded(run_id, epochs)
    assert engine.recorded(run_id) < TRAININGS * HP.epochs


def test_an_engine_says_what_it_waits_for_in_sentences(away):
    no_scheduler, no_workers = away.heard
    assert f"scheduler at {away.dask.address} (TUNESCOPE_SCHEDULER) does not answer" in no_scheduler
    assert "has no workers" in no_workers and "`dask worker`" in no_workers
    assert "Traceback" not in away.log and no_scheduler in away.log


def test_a_scheduler_that_comes_back_finds_the_search_where_it_was(away, leaderboard):
    engine = away.engine
    run_id = engine.search(SPACE, CV)
    middle(engine, run_id, 200)
    away.dask.kill("scheduler")
    assert "was lost" in away.wait_said("")
    before = engine.recorded(run_id)
    away.restart()
    run = engine.wait_ended(run_id)
    assert (run.status, run.error) == ("finished", None)
    assert engine.recorded(run_id) > before
    np.testing.assert_allclose(scores(engine, run_id), leaderboard, rtol=1e-4)
    assert "Traceback" not in away.log
    assert runs.get_run(engine.db, run_id).attempts == 1, "the engine itself went on"


def test_a_search_whose_worker_is_cut_off_ends_on_another(away, leaderboard):
    engine, relay = away.engine, Relay(away.dask.port)
    for name in WORKERS:
        away.dask.kill(name)
    away.wait_workers(0)
    away.dask.start_worker("behind the relay", relay.port)
    away.wait_workers(1)
    run_id = engine.search(SPACE, CV)
    middle(engine, run_id, 1)
    relay.cut()  # all that there is of the search is on this worker, and its link is silent
    before = engine.recorded(run_id)
    for name in WORKERS:
        away.dask.start_worker(name)
    run = engine.wait_ended(run_id)
    relay.close()
    away.dask.kill("behind the relay")
    assert (run.status, run.error, run.attempts) == ("finished", None, 1)
    assert before < engine.recorded(run_id)
    np.testing.assert_allclose(scores(engine, run_id), leaderboard, rtol=1e-4)
    away.wait_workers(2)


def refusal(address: str, **settings: str) -> str:
    """Why somebody with these settings of Dask's cannot reach a scheduler."""

    async def reach() -> None:
        await connect(read_config({"TUNESCOPE_SCHEDULER": address}))

    whole = dask.config.merge(dask.config.config, dask.config.collect_env(settings))
    with dask.config.set(whole), pytest.raises(ClusterAway) as refused:
        asyncio.run(reach())
    return str(refused.value)


def test_nobody_without_a_certificate_of_its_authority_can_talk_to_it(away, tmp_path):
    stranger = dask_tls(make_certificates(tmp_path / "stranger"))
    assert "does not trust the other's certificate" in refusal(away.dask.address, **stranger)
    assert "certificates are missing" in refusal(away.dask.address)
    assert "begins with tls://" in refusal(away.dask.address.replace("tls", "tcp"))
    anybody = ssl.create_default_context()
    anybody.check_hostname, anybody.verify_mode = False, ssl.CERT_NONE
    for wrap in (lambda plain: plain, anybody.wrap_socket):
        reached = socket.create_connection(("127.0.0.1", away.dask.port))
        with reached, suppress(ConnectionError, ssl.SSLError), wrap(reached) as connection:
            connection.sendall(b"\x00" * 64)
            assert connection.recv(100) == b""
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"http://127.0.0.1:{away.dask.status_port}/json/identity.json", timeout=60)


def test_a_worker_is_gone_when_nothing_is_heard_of_it_whatever_the_clocks_say():
    seen = Attendance()
    seen.learn({"a": {"last_seen": 5e9}, "b": {"last_seen": 1.0}}, now=100.0)
    assert seen.present(100.0) == ["a", "b"]
    seen.learn({"a": {"last_seen": 5e9}, "b": {"last_seen": 1.5}}, now=100.0 + SILENCE)
    assert seen.present(100.5 + SILENCE) == ["b"]
    seen.learn({"a": {"last_seen": 4e9}}, now=101.0 + SILENCE)
    assert seen.present(101.0 + SILENCE) == ["a"]


def test_a_stack_on_a_silent_worker_goes_elsewhere_and_only_a_death_counts_as_one():
    async def look() -> None:
        workers, now = Workers(read_config({"TUNESCOPE_SCHEDULER": "tls://lab:8786"})), time.monotonic()
        workers.attendance.learn({name: {"last_seen": 1.0} for name in ("silent", "dead")}, now)
        workers.refresh()
        for state in workers.states.values():
            state.now = Assignment("run")
        silent, dead = (workers.states[name].now for name in ("silent", "dead"))
        workers.attendance.learn({"silent": {"last_seen": 1.0}}, now)
        workers.refresh()
        assert dead.lost.is_set() and dead.died and not silent.lost.is_set()
        workers.attendance.heard["silent"] = (1.0, now - SILENCE - 1)
        workers.refresh()
        assert silent.lost.is_set() and not silent.died and workers.states == {}
        workers.attendance.learn({"silent": {"last_seen": 2.0}}, now)
        workers.refresh()
        assert not workers.any_idle, "it gets nothing before it has given up what it had"
        await asyncio.gather(*workers.calling)
        assert workers.any_idle

    asyncio.run(look())
