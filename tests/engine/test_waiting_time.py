"""What a queued run waits for: the same order as the engine's queue, and times that add up."""

from __future__ import annotations

import random
import time
from types import SimpleNamespace

from tests.support.datasets import SETUP
from tests.support.engine_answers import store_with_insurance
from tuning_core.engine.runs.machine_speed import MachineSpeed
from tuning_core.engine.runs.placement import Worker
from tuning_core.engine.runs.queue import Queue
from tuning_core.engine.runs.run_duration import folds_of, run_duration
from tuning_core.engine.runs.waiting_time import InLine, WaitingTimes, about, turns
from tuning_core.engine.workers import SLICE_SECONDS, Assignment, WorkerState
from tuning_core.store import Database, datasets, runs

SPEC = {"hyperparameters": {"epochs": 5}, "seeds": [0]}


def waiting(run_id, workspace, seconds=1.0, *, of_search=False, queued=True):
    return InLine(run_id, workspace, of_search, float(len(run_id)), seconds, queued)


def test_it_is_the_order_of_the_queue(tmp_path):
    db = Database(tmp_path)
    datasets.add_dataset(db, "samples", "a.csv", b"x,y\n1,2\n", dataset_id="d")
    draw = random.Random(5)
    for _ in range(30):
        runs.add_run(db, draw.choice("abbcccc"), "d", SETUP, "manual", SPEC)
    queue = Queue(db)
    queue.refresh()
    queue.served, queue.turn = {"a": 2, "c": 5}, 5
    line = [InLine(run.id, run.workspace, False, run.created, 1.0) for run in queue.queued]
    found = turns(line, [(0.5, waiting("", "", 0.0, queued=False))], queue.served)
    order = []
    while queue.queued:
        execution, _, _ = queue.next_work({"w": Worker(())}, MachineSpeed())
        order.append(execution.run)
    assert list(found) == [run.id for run in order]
    for place, run in enumerate(order):
        own = sum(other.workspace == run.workspace for other in order[:place])
        assert (found[run.id].others, found[run.id].own) == (place - own, own)
        assert found[run.id].seconds == about(0.5 + place)
    db.close()


def test_a_long_run_gives_way_after_its_slice_and_searches_come_last():
    long = waiting("long", "a", 100.0, queued=False)
    found = turns([waiting("q", "b", 2.0), waiting("search", "c", of_search=True)], [(SLICE_SECONDS, long)], {})
    assert (found["q"].others, found["q"].own, found["q"].seconds) == (0, 0, SLICE_SECONDS)
    # after q the long run goes on, slice by slice: the search is played through to the end of it
    assert found["search"].others == 1 and found["search"].seconds == about(SLICE_SECONDS + 2 + 100)
    assert turns([waiting("q", "a", 2.0)], [(90.0, long)], {})["q"].seconds == 90.0


def test_two_workers_are_two_lines():
    busy = [(4.0, waiting("", "x", 0.0, queued=False)), (6.0, waiting("", "y", 0.0, queued=False))]
    found = turns([waiting("q" * (i + 1), f"w{i}", 3.0) for i in range(4)], busy, {})
    assert [found["q" * (i + 1)].seconds for i in range(4)] == [4.0, 6.0, 7.0, 9.0]


def test_the_engine_says_it_of_what_really_waits(tmp_path):
    db = store_with_insurance(tmp_path)
    summary = datasets.get_setup(db, datasets.setup_id("insurance", SETUP)).summary
    speed, folds = MachineSpeed(factor=10.0), folds_of(summary, None, False)
    spec = {"hyperparameters": {"epochs": 500}, "seeds": [0, 1]}
    for name in "abc":
        runs.add_run(db, name, "insurance", SETUP, "manual", spec)
    queue = Queue(db)
    queue.refresh()
    execution, _, _ = queue.next_work({"w": Worker(())}, speed)
    first, (second, third) = execution.run, [run.id for run in queue.queued]
    now = Assignment(first.id, first.workspace, trains_from=time.monotonic(), ends=time.monotonic())
    found = WaitingTimes(db).turns(queue, SimpleNamespace(states={"w": WorkerState("w", now=now)}), speed)
    takes = min(SLICE_SECONDS, run_duration("manual", spec, folds, speed).seconds)
    assert found[second][:2] == [0, 0] and abs(found[second][2] - takes) <= 1.0
    assert found[third][:2] == [1, 0] and abs(found[third][2] - 2 * takes) <= 2.5
    assert WaitingTimes(db).turns(Queue(db), SimpleNamespace(states={}), speed) == {}
    db.close()


def test_a_crowd_is_reckoned_in_no_time():
    line = [waiting(f"r{i}", f"w{i % 100}") for i in range(200)]
    assert len(turns(line, [(1.0, waiting("", "x", 0.0, queued=False))] * 2, {})) == 150
