"""What would take absurdly long is refused with ways that really fit, in pages before it is stored and in the engine at last."""

from __future__ import annotations

import pytest

import tuning_core as tc
from tests.support.datasets import SETUP
from tests.support.engine_answers import store_with_insurance
from tuning_core.engine.runs.machine_speed import MachineSpeed
from tuning_core.engine.runs.placement import Worker
from tuning_core.engine.runs.queue import Queue
from tuning_core.engine.runs.run_duration import folds_of, run_duration
from tuning_core.engine.runs.run_limit import TooLong, bounded, check_duration
from tuning_core.store import machine_speed, runs

ABSURD = {"hyperparameters": {"hidden_units": [1024] * 3, "epochs": 10_000, "batch_size": 32}, "seeds": list(range(5))}
SUMMARY = {
    "rows": {"train": 936, "validation": 268},
    "task": "regression",
    "classes": [],
    "encoded_features": 11,
    "split": {"method": "random"},
}
FOLDS = folds_of(SUMMARY, None, False)


def seconds(spec, kind="manual", speed=None):
    return run_duration(kind, spec, FOLDS, speed or MachineSpeed()).seconds


def test_the_time_is_that_of_its_floating_point_operations():
    """By hand: 8 models side by side, 30 steps of 32 rows; 6 operations for each weight and row, 2 to look at it."""
    weights = 12 * 1024 + 2 * 1025 * 1024 + 1025
    operations = 10_000 * 8 * (6 * 30 * 32 + 2 * 1.3 * 936) * weights
    updates = 10_000 * 8 * 30 * weights * 3e-10
    assert seconds(ABSURD) == pytest.approx(operations / 2e11 + updates, rel=0.02)
    assert seconds(ABSURD, speed=MachineSpeed(factor=3.0)) == pytest.approx(3 * seconds(ABSURD), rel=0.02)


def test_the_absurd_is_refused_and_each_way_out_fits():
    with pytest.raises(TooLong, match=r"would take about 2 h .* may take 60 minutes at most") as refused:
        check_duration("manual", ABSURD, FOLDS, MachineSpeed(), 2, 60)
    problem = refused.value
    assert problem.kind == "too_long" and "TUNESCOPE_RUN_MINUTES" in problem.remedy
    fewer, smaller, larger = problem.ways
    assert f"{fewer['epochs']:,} epochs" in problem.remedy and "layers of 512, 512, 512 units" in problem.remedy
    assert smaller == {"hidden_units": [512] * 3} and f"batches of {larger['batch_size']:,} rows" in problem.remedy
    for way in problem.ways:
        check_duration("manual", {**ABSURD, "hyperparameters": ABSURD["hyperparameters"] | way}, FOLDS, MachineSpeed(), 2, 60)
    assert seconds(bounded(ABSURD, epochs=round(1.1 * fewer["epochs"]))) > 3600, "it is not much fewer than need be"
    check_duration("manual", ABSURD, FOLDS, MachineSpeed(), 2, 240)


def test_sweeps_are_looked_at_as_a_whole_and_early_stopping_counts_as_it_went_so_far():
    one = {"hidden_units": [1024] * 2, "epochs": 4000}
    sweep = {"settings": [{**one, "learning_rate": 0.1 / (i + 1)} for i in range(24)], "seeds": [0]}
    assert seconds({"hyperparameters": one, "seeds": [0]}) < 3600 < seconds(sweep, "sweep")
    with pytest.raises(TooLong) as refused:
        check_duration("sweep", sweep, FOLDS, MachineSpeed(), 1, 60)
    assert "epochs" in refused.value.ways[0]
    stopping = {**ABSURD, "hyperparameters": ABSURD["hyperparameters"] | {"early_stopping": {"patience": 9}}}
    check_duration("manual", stopping, FOLDS, MachineSpeed(early=0.1), 1, 60)
    with pytest.raises(TooLong):
        check_duration("manual", stopping, FOLDS, MachineSpeed(early=0.9), 1, 60)


@pytest.mark.parametrize("strategy", [tc.random, tc.halving, tc.bayesian])
def test_searches_are_refused_unless_they_have_a_time_budget(strategy):
    base = tc.Hyperparameters(hidden_units=(1024,) * 3, epochs=10_000)
    space = strategy(base=base, n_iter=64, learning_rate=tc.loguniform(1e-4, 1))
    spec = {"space": space.to_json(), "cv": None, "seeds": [0]}
    with pytest.raises(TooLong, match="This search would take") as refused:
        check_duration("search", spec, FOLDS, MachineSpeed(), 2, 60)
    assert "time budget of 60 minutes" in refused.value.remedy
    budget = strategy(base=base, n_iter=64, seconds=600.0, learning_rate=tc.loguniform(1e-4, 1))
    check_duration("search", {**spec, "space": budget.to_json()}, FOLDS, MachineSpeed(), 2, 60)


def test_what_reached_the_store_all_the_same_is_refused_by_the_engine(tmp_path):
    db = store_with_insurance(tmp_path)
    machine_speed.save(db, MachineSpeed(factor=2.0).to_json())
    run_id = runs.add_run(db, "me", "insurance", SETUP, "manual", ABSURD)
    queue = Queue(db)

    def refused():
        queue.refresh()
        assert queue.next_work({"w": Worker(())}, MachineSpeed()) is None
        run = runs.get_run(db, run_id)
        return run.status == "failed" and run.error["kind"] == "too_long"

    assert refused()
    runs.request_continue(db, run_id)
    assert refused()
    db.close()
