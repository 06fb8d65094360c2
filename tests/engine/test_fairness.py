"""Nobody has the server alone while somebody else waits."""

from __future__ import annotations

import time
from collections import Counter
from types import SimpleNamespace

import numpy as np
import pytest

import tuning_core as tc
from tests.support.datasets import SETUP
from tests.support.paths import INSURANCE
from tests.support.waiting import wait_for
from tuning_core.engine.runs.machine_speed import MachineSpeed
from tuning_core.engine.runs.placement import Worker
from tuning_core.engine.runs.queue import Queue
from tuning_core.engine.worker.messages import Stack
from tuning_core.engine.worker.tasks import train
from tuning_core.engine.worker_state import Assignment, WorkerState
from tuning_core.engine.workers import SLICE_SECONDS, Workers
from tuning_core.experiment import Hyperparameters
from tuning_core.store import Database, datasets, limits, runs
from tuning_core.store.limits import MOST_QUEUED, MOST_SEARCHES
from tuning_core.training.fold_cache import FoldCache
from tuning_core.training.specs import TrialSpec

SPEC = {"hyperparameters": {"epochs": 5}, "seeds": [0]}


@pytest.fixture
def db(tmp_path):
    db = Database(tmp_path)
    datasets.add_dataset(db, "samples", "a.csv", b"x,y\n1,2\n", dataset_id="d")
    yield db
    db.close()


def queue_run(db, workspace, kind="manual"):
    return runs.add_run(db, workspace, "d", SETUP, kind, SPEC)


def test_one_visitors_long_line_is_not_everybodys(db):
    for _ in range(MOST_QUEUED):
        queue_run(db, "many")
    last = queue_run(db, "one")
    assert last in {run.id for run in runs.queued_runs(db)}
    queue = Queue(db)
    queue.refresh()
    taken = [queue.next_work({"w": Worker(())}, MachineSpeed()) for _ in range(4)]
    assert [execution.run.workspace for execution, _, _ in taken] == ["many", "one", "many", "many"]


def test_who_has_a_worker_comes_after_who_has_none(db):
    queue = Queue(db)
    queue_run(db, "a")
    queue_run(db, "b")
    queue.refresh()
    queue.served = {"b": 9}
    execution, _, _ = queue.next_work({"w": Worker(())}, MachineSpeed(), {"a": 1})
    assert execution.run.workspace == "b"


def test_a_workspace_may_not_queue_without_end(db):
    for _ in range(MOST_QUEUED):
        queue_run(db, "many")
    with pytest.raises(tc.UserError, match=f"{MOST_QUEUED} of your runs wait") as refusal:
        queue_run(db, "many")
    assert refusal.value.kind == "too_many_runs" and "stop or delete" in refusal.value.remedy
    queue_run(db, "another")
    searches = [queue_run(db, "searcher", "search") for _ in range(MOST_SEARCHES)]
    with pytest.raises(tc.UserError, match="searches are under way"):
        queue_run(db, "searcher", "search")
    runs.request_stop(db, searches[0])
    Queue(db).refresh()
    queue_run(db, "searcher", "search")


def working(*given):
    """Workers that train: (workspace, seconds since they began to train, whether it is a search)."""
    workers = Workers(SimpleNamespace())
    for i, (workspace, seconds, of_search) in enumerate(given):
        now = Assignment(f"run {i}", workspace, of_search, trains_from=time.monotonic() - seconds)
        workers.states[str(i)] = WorkerState(str(i), now=now)
    return workers


def asked(workers, searching=(), **waiting):
    return [state.address for state in workers.to_pause(Counter(waiting), searching)]


def test_a_run_gives_way_after_its_slice_and_never_to_its_own():
    assert asked(working(("a", SLICE_SECONDS + 1, False)), b=1) == ["0"]
    assert asked(working(("a", SLICE_SECONDS - 2, False)), b=1) == []
    assert asked(working(("a", 1e6, False)), a=5) == asked(working(("a", 1e6, False))) == []


def test_a_search_gives_way_at_once_and_first():
    workers = working(("a", 1e6, False), ("b", 0.0, True))
    assert asked(workers, c=1) == ["1"] and asked(workers, c=1) == [], "one is enough for one"
    assert asked(workers, c=2) == ["0"]
    assert asked(working(("a", 0.0, True)), a=1) == ["0"], "also to a single run of its own"


def test_who_has_several_workers_keeps_one():
    assert asked(working(("a", 0.0, False), ("a", 0.0, False)), b=5) == ["0"]
    assert asked(working(("a", 0.0, False), ("b", 0.0, False)), c=5) == []


def test_a_search_gives_way_to_those_of_others_as_a_run_does_to_runs():
    assert asked(working(("a", SLICE_SECONDS + 1, True)), {"b"}) == ["0"]
    assert asked(working(("a", SLICE_SECONDS - 2, True)), {"b"}) == []
    assert asked(working(("a", 0.0, True), ("a", 0.0, True)), {"a", "b"}) == ["0"], "all but one worker"
    assert asked(working(("a", 1e6, True), ("b", 1e6, True)), {"a", "b"}) == [], "who has a worker waits for nobody"
    assert asked(working(("a", 1e6, False)), {"b"}) == [], "no single run waits for a search"
    assert asked(working(("a", 1e6, True), ("b", 1e6, True)), {"c"}, d=1) == ["0", "1"]


def test_what_a_workspace_stores_is_bounded_in_bytes_and_rows(db, monkeypatch):
    def upload(workspace="many", size=10):
        return datasets.add_dataset(db, workspace, "a.csv", b"1" * size)

    monkeypatch.setattr(limits, "MOST_BYTES", 35)
    ids = [upload() for _ in range(3)]
    with pytest.raises(tc.UserError, match="Your tables have") as refusal:
        upload()
    assert refusal.value.kind == "too_much_stored" and "All of mine" in refusal.value.remedy
    with pytest.raises(tc.UserError, match="together they may have"):  # read again is stored again
        datasets.requeue_with_options(db, "many", datasets.get_dataset(db, ids[0]), {"decimal": ","})
    upload(size=5), upload("another", 35), upload(datasets.SAMPLES, 99)
    datasets.delete_dataset(db, ids[0])
    monkeypatch.setattr(limits, "MOST_ROWS", 200)
    db.write("UPDATE datasets SET profile = json_object('rows', 100) WHERE id IN (?, ?)", *ids[1:])
    with pytest.raises(tc.UserError, match="200 rows already; together they may have 200 rows"):
        upload(size=1)
    datasets.delete_dataset(db, ids[1])
    upload(size=1)


def test_a_run_that_made_room_is_the_one_that_did_not(monkeypatch):
    setup = tc.Dataset(tc.read_table(INSURANCE), target="charges")
    hp = Hyperparameters(epochs=60, hidden_units=(8,), batch_size=32)
    stack = Stack(tuple(TrialSpec(seed, hp, seed) for seed in range(2)))
    book = FoldCache(setup, None)
    whole = train(stack, book, lambda news: None, lambda: False)
    for name in ("CHUNK_SECONDS", "AT_ONCE_SECONDS"):
        monkeypatch.setattr(f"tuning_core.training.stack.{name}", 0.0)  # an epoch at a time
    parts = [train(stack, book, lambda news: None, lambda: False, lambda: True)]
    while parts[-1].left:
        assert not parts[-1].trials and len(parts) < 60
        again = Stack(parts[-1].left, paused=parts[-1].paused)
        parts.append(train(again, book, lambda news: None, lambda: False, lambda: len(parts) < 3))
    assert len(parts) > 2
    for trial, expected in zip(parts[-1].trials, whole.trials, strict=True):
        assert trial.best_epoch == expected.best_epoch and trial.status == expected.status
        np.testing.assert_array_equal(trial.history.matrix(), expected.history.matrix())
        for a, b in zip(trial.weights, expected.weights, strict=True):
            np.testing.assert_array_equal(a, b)


def check_they_go_on_until_stopped(engine, run_ids):
    known = {run_id: engine.recorded(run_id) for run_id in run_ids}
    assert all(runs.get_run(engine.db, run_id).status == "running" for run_id in run_ids)
    for run_id in run_ids:
        wait_for(lambda run_id=run_id: engine.recorded(run_id) > known[run_id])
        runs.request_stop(engine.db, run_id)
    assert {engine.wait_ended(run_id).status for run_id in run_ids} == {"stopped"}


@pytest.mark.process
def test_two_endless_runs_do_not_stop_the_others(engine):
    endless = [engine.run(1, workspace=name, epochs=10_000, batch_size=1) for name in ("x", "y")]
    for run_id in endless:
        wait_for(lambda run_id=run_id: engine.recorded(run_id) > 0)
    short = engine.run(1, workspace="z", epochs=3)
    assert engine.wait_ended(short).status == "finished"
    check_they_go_on_until_stopped(engine, endless)


@pytest.mark.process
def test_two_long_searches_stop_neither_short_runs_nor_a_short_search(engine):
    base = Hyperparameters(epochs=10_000, batch_size=1)
    space = tc.grid(base=base, learning_rate=[0.1 / 2**i for i in range(8)], hidden_units=[(8,), (8, 8)])
    long = [engine.search(space, workspace=name) for name in ("x", "y")]
    for run_id in long:
        wait_for(lambda run_id=run_id: engine.recorded(run_id) > 0)
    short = [engine.run(1, workspace=f"student {i}", epochs=3, batch_size=64) for i in range(10)]
    quick = tc.grid(base=base.replace(epochs=3, batch_size=64), learning_rate=[0.1, 0.01])
    short.append(engine.search(quick, workspace="z"))
    assert {engine.wait_ended(run_id).status for run_id in short} == {"finished"}
    check_they_go_on_until_stopped(engine, long)
