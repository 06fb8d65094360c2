"""Light stacks share programs: what is padded, what it may cost, and that no number changes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.support.folds import make_task_fold
from tuning_core.experiment import EarlyStopping, Hyperparameters
from tuning_core.training import program_pool, specs
from tuning_core.training.cost_model import stack_seconds
from tuning_core.training.fold import FoldShape
from tuning_core.training.planning import plan
from tuning_core.training.program_choice import assign_programs, plan_stacks, reuse_program
from tuning_core.training.specs import TrialSpec, program_key_for
from tuning_core.training.stack import train_stack
from tuning_core.training.threads import HEAVY, plan_for_threads, thread_queues

HP = Hyperparameters(hidden_units=(64,), epochs=50, batch_size=16)
FACTS = {i: FoldShape("regression", 0, 717, 11) for i in range(5)}


def tasks_of(*hps, folds=1):
    return [TrialSpec(i * folds + fold, hp, 0, fold) for i, hp in enumerate(hps) for fold in range(folds)]


def test_the_lessons_grid_is_one_program_and_so_is_its_best_setting():
    hps = [HP.replace(batch_size=batch, epochs=epochs) for batch in (10, 40) for epochs in (10, 50)]
    stacks = plan(tasks_of(*hps, folds=5), FACTS)
    small, large = assign_programs(stacks, FACTS)
    assert len(stacks) == 2 and small == large and (large.k, large.shape.batch_size) == (8, 48)
    assert reuse_program(tasks_of(hps[0]), FACTS, large) == large
    assert reuse_program(tasks_of(hps[0]), FACTS, None).k == 1


def test_what_would_be_wasted_is_weighed_against_compiling():
    facts = {0: FoldShape("regression", 0, 50_000, 50)}
    heavy = [HP.replace(hidden_units=(256, 256), batch_size=size) for size in (32, 64)]
    stacks = plan(tasks_of(*heavy), facts)
    assert len(set(assign_programs(stacks, facts))) == 2
    before = program_key_for(stacks[1], facts)
    assert reuse_program(stacks[0], facts, before) != before
    other = program_key_for(tasks_of(HP.replace(activation="tanh")), FACTS)
    assert reuse_program(tasks_of(HP), FACTS, other) != other, "another activation is another program"


def test_light_stacks_of_one_program_are_one_line_and_heavy_ones_several():
    light = plan_for_threads(
        tasks_of(*(HP.replace(batch_size=b, activation=a) for b in (10, 40) for a in ("relu", "tanh"))), FACTS
    )
    assert sorted(len(line) for line in thread_queues(light, 2)) == [2, 2]
    rates = [HP.replace(learning_rate=rate, epochs=20_000 // 2) for rate in np.geomspace(1e-4, 1e-1, 128)]
    heavy = plan_stacks(plan(tasks_of(*rates), FACTS, 32), FACTS)
    assert sum(stack.seconds for stack in heavy) > 2 * HEAVY
    assert [len(line) for line in thread_queues(heavy, 2)] == [2, 2]


@pytest.mark.parametrize("dropout", [0.0, 0.3])
def test_a_larger_program_changes_no_number(dropout):
    fold = make_task_fold("regression", n_train=75)
    hps = [HP.replace(hidden_units=(5,), batch_size=13, dropout=dropout, learning_rate=rate, epochs=4) for rate in (0.01, 0.02)]
    tasks = tasks_of(*hps)
    larger = program_key_for(
        tasks_of(*(hps[0].replace(batch_size=60, learning_rate=0.001 * i) for i in range(1, 10))), {0: fold.facts}
    )
    assert larger.holds(program_key_for(tasks, {0: fold.facts})) and larger.k == 32 and larger.shape.batch_size == 64
    for a, b in zip(train_stack(tasks, {0: fold}), train_stack(tasks, {0: fold}, program_key=larger), strict=True):
        np.testing.assert_allclose(a.history.matrix(), b.history.matrix(), rtol=1e-5)


@pytest.mark.parametrize(
    ("optimizer", "activation"),
    [("sgd", "relu"), ("adam", "tanh"), ("adamw", "elu"), ("rmsprop", "gelu"), ("adagrad", "linear"), ("nadam", "relu")],
)
def test_networks_of_several_sizes_are_one_stack_with_the_numbers_of_each_alone(activation, optimizer, monkeypatch):
    fold = make_task_fold("multiclass", n_train=60)
    base = HP.replace(activation=activation, optimizer=optimizer, learning_rate=0.01, epochs=3, l2=0.001, dropout=0.2)
    hps = [base.replace(hidden_units=units) for units in ((5, 3), (8, 4))]
    tasks = tasks_of(*hps)
    assert len(plan(tasks, {0: fold})) == 1
    together = train_stack(tasks, {0: fold})
    (kernel, *_), padded_features = program_pool._idle[-1].current_weights(), slice(5, 8)
    assert kernel.shape[1] == 8 and not kernel[:, padded_features].any() and kernel[:, :5].any()
    monkeypatch.setattr(specs, "LIGHT_UNITS", -1.0)
    assert len(plan(tasks, {0: fold})) == 2 and specs.shape_of(hps[0], fold).n_features == 5
    assert [weight.shape for weight in together[1].weights[::2]] == [(5, 8), (8, 4), (4, 3)]
    padded, alone = together[0], train_stack(tasks[:1], {0: fold})[0]
    np.testing.assert_allclose(padded.history.matrix(), alone.history.matrix(), rtol=2e-5)
    for mine, its in zip(padded.weights, alone.weights, strict=True):
        assert mine.shape == its.shape
        np.testing.assert_allclose(mine, its, rtol=1e-3, atol=1e-5)


def test_folds_of_other_features_are_one_stack_with_the_numbers_of_each_alone(monkeypatch):
    """Switching a feature off compiles nothing; a score is watched with each fold's own columns."""
    folds = {i: make_task_fold("regression", n_train=60, n_features=5 + 2 * i) for i in range(2)}
    hp = HP.replace(hidden_units=(8,), epochs=3, early_stopping=EarlyStopping(monitor="r2", patience=9), activation="sigmoid")
    tasks = tasks_of(hp, folds=2)
    assert len(plan(tasks, folds)) == 1
    together = train_stack(tasks, folds)
    assert [trial.weights[0].shape for trial in together] == [(5, 8), (7, 8)]
    monkeypatch.setattr(specs, "LIGHT_UNITS", -1.0)
    alone = [train_stack([task], folds)[0] for task in tasks]
    for mine, its in zip(together, alone, strict=True):
        np.testing.assert_allclose(mine.history.matrix(), its.history.matrix(), rtol=2e-5)


def test_features_and_layers_that_would_change_or_cost_are_not_padded():
    assert [specs.padded_features(HP, replace(FACTS[0], n_features=n)) for n in (1, 8, 11, 33, 500)] == [8, 8, 12, 40, 500]
    assert specs.padded_features(HP, replace(FACTS[0], n_train=2_000_000)) == 11
    assert specs.padded_units(HP.replace(hidden_units=(9, 3)), FACTS[0]) == (16, 8)
    assert specs.padded_units(HP.replace(hidden_units=(5, 3), activation="sigmoid"), FACTS[0]) == (5, 3)
    large = FoldShape("regression", 0, 20_000, 50)
    assert specs.padded_units(HP.replace(hidden_units=(200, 200)), large) == (200, 200)
    seconds = [stack_seconds(tasks_of(HP.replace(hidden_units=(u,))), FACTS) for u in (33, 64)]
    assert seconds[0] == seconds[1], "a stack costs what its program costs"
