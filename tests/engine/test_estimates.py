"""Estimates: what is counted exactly, how time adds up over workers, and that measurements correct the model."""

from __future__ import annotations

import pytest

import tuning_core as tc
from tests.support.datasets import SETUP
from tests.support.paths import INSURANCE
from tuning_core.engine import uploads
from tuning_core.engine.questions import estimate
from tuning_core.engine.runs.machine_speed import MachineSpeed, contention
from tuning_core.errors import UserError
from tuning_core.store import Database, datasets, engine_status, machine_speed
from tuning_core.training.cost_model import epoch_seconds
from tuning_core.training.fold import FoldShape
from tuning_core.training.specs import TrialSpec, width_of

HP = tc.Hyperparameters(hidden_units=(64,), epochs=100, batch_size=16)
FACTS = {0: FoldShape("regression", 0, 900, 11)}


@pytest.fixture(scope="module")
def db(tmp_path_factory):
    found = Database(tmp_path_factory.mktemp("estimates"))
    datasets.add_dataset(found, datasets.SAMPLES, "insurance.csv", INSURANCE.read_bytes(), dataset_id="insurance")
    outcome = uploads.read(datasets.folder(found, "insurance"), "insurance.csv", {})
    datasets.set_ready(found, "insurance", outcome["profile"])
    engine_status.beat(found, "ready", workers=2)
    return found


def ask(db, space, cv=None, seeds=(0,), **speed):
    machine_speed.save(db, MachineSpeed(**speed).to_json())
    spec = {"space": space.to_json(), "cv": cv.to_json() if cv else None, "seeds": list(seeds)}
    return estimate.answer(db, {"dataset_id": "insurance", "setup": SETUP, "search": spec})


def test_the_lessons_grid(db):
    space = tc.grid(base=HP, batch_size=[10, 40], epochs=[10, 50])
    found = ask(db, space, tc.CrossValidation(5))
    assert (found["settings"], found["trials"], found["stacks"], found["workers"]) == (4, 20, 2, 2)
    assert 1.0 < found["seconds"] < 4.0


def test_a_compilation_counts_once_for_each_worker_and_program(db):
    one = ask(db, tc.grid(base=HP, learning_rate=[0.1]), compiling=10.0)["seconds"]
    same = ask(db, tc.random(base=HP, n_iter=128, learning_rate=tc.loguniform(1e-4, 1)), compiling=10.0)
    other = ask(db, tc.grid(base=HP, activation=["relu", "tanh", "elu", "sigmoid"]), compiling=10.0)["seconds"]
    assert 10 < one < 11 and same["stacks"] == 4 and 10 < same["seconds"] < 13
    twice = 20 * contention(2)
    assert twice < other < twice + 2, "four programs on two workers"


def test_strategies_and_budgets(db):
    rates = {"learning_rate": tc.loguniform(1e-4, 1)}
    heavy = HP.replace(epochs=5000)
    halving, random = (ask(db, make(base=heavy, n_iter=27, **rates))["seconds"] for make in (tc.halving, tc.random))
    assert halving < 0.7 * random
    assert ask(db, tc.bayesian(base=HP, n_iter=32, **rates))["stacks"] == 4
    bounded = ask(db, tc.random(base=HP, n_iter=None, seconds=60.0, **rates))
    assert bounded["seconds"] == 60.0 and bounded["settings"] > 500
    early = tc.random(base=heavy.replace(early_stopping=tc.EarlyStopping()), n_iter=64, **rates)
    assert ask(db, early, early=0.1)["seconds"] < 0.5 * ask(db, early, early=1.0)["seconds"]


def test_the_absurd_is_refused_with_a_way_out(db):
    space = tc.random(base=HP, n_iter=5000, learning_rate=tc.loguniform(1e-4, 1))
    with pytest.raises(UserError, match="5,000 settings with 5 trainings each") as refused:
        ask(db, space, tc.CrossValidation(5))
    assert "200 at random" in refused.value.remedy
    huge = {"options": [i + 1 for i in range(1000)]}
    axes = {"batch_size": {"kind": "choice", **huge}, "epochs": {"kind": "choice", **huge}}
    spec = {"space": {"axes": axes, "base": HP.to_json()}, "cv": None, "seeds": [0]}
    with pytest.raises(UserError, match="1,000,000 combinations"):
        estimate.answer(db, {"dataset_id": "insurance", "setup": SETUP, **spec})
    with pytest.raises(UserError, match="nothing"):
        estimate.answer(db, {"dataset_id": "insurance", "setup": SETUP | {"target": "nothing"}, **spec, "space": space.to_json()})


def test_measurements_correct_the_pace(db):
    """A machine five times slower than the model is known after a few stacks; one odd measurement does not spoil it."""
    tasks = [TrialSpec(i, HP, i) for i in range(32)]
    truth, speed = 5.0 * 100 * epoch_seconds(tasks, FACTS), MachineSpeed()
    for _ in range(8):
        speed = speed.learn(tasks, FACTS, [100] * 32, truth)
    assert speed.factor == pytest.approx(5.0, rel=0.2)
    assert speed.learn(tasks, FACTS, [100] * 32, 100 * truth).factor < 2.1 * speed.factor
    for _ in range(8):
        speed = speed.learn(tasks, FACTS, [100] * 32, truth + 3.0, compiling=1)
    assert speed.compiling == pytest.approx(3.0, rel=0.3)
    machine_speed.save(db, speed.to_json())
    assert MachineSpeed.from_json(machine_speed.load(db)) == speed


def test_early_stopping_is_learned_from_what_was_trained():
    stopping = HP.replace(early_stopping=tc.EarlyStopping())
    tasks, speed = [TrialSpec(i, stopping, i) for i in range(8)], MachineSpeed()
    for _ in range(10):
        speed = speed.learn(tasks, FACTS, [20] * 7 + [25], 0.5)
    assert speed.early == pytest.approx(0.25, rel=0.1)


def test_trainings_that_differ_in_epochs_only_are_one():
    assert width_of([TrialSpec(i, HP.replace(epochs=n), 0) for i, n in enumerate(range(1, 20))]) == 1
    assert width_of([TrialSpec(i, HP, i) for i in range(9)]) == 32


def test_early_stopping_gives_a_time_as_so_far_and_one_at_most(db):
    """Expected is the share of epochs that was trained so far; at most it is the time of the same without early stopping."""
    rates, long = {"learning_rate": [0.1, 0.01, 0.001]}, HP.replace(epochs=2000)
    found = ask(db, tc.grid(base=long.replace(early_stopping=tc.EarlyStopping(patience=99)), **rates), early=0.05)
    none = ask(db, tc.grid(base=long, **rates))
    short = ask(db, tc.grid(base=HP, **rates))["seconds"]  # 100 epochs, 0.05 of them
    assert none["most_seconds"] == none["seconds"]
    assert found["most_seconds"] == pytest.approx(none["seconds"], rel=0.1)
    assert found["seconds"] == pytest.approx(short, rel=0.1)
    assert found["seconds"] < found["most_seconds"] / 2
