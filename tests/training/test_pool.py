"""Programs are reused wherever the arithmetic is the same, by one stack at a time, and reuse changes no number."""

from __future__ import annotations

import gc
import threading
import time

import numpy as np
import pytest
from tensorflow.python.framework.func_graph import FuncGraph

from tests.support.folds import make_task_fold
from tuning_core.experiment import Hyperparameters
from tuning_core.training import program_pool, specs
from tuning_core.training.program import Program
from tuning_core.training.specs import TrialSpec, padded_shape, shape_of
from tuning_core.training.stack import train_stack

HP = Hyperparameters(hidden_units=(5,), epochs=4, batch_size=16, learning_rate=0.01)


@pytest.fixture
def compiled(monkeypatch):
    """Programs made from here on."""
    program_pool.clear()
    made = []
    start = Program.__init__
    monkeypatch.setattr(Program, "__init__", lambda self, *args: (made.append(args), start(self, *args))[1])
    return made


def train(fold, hps, seeds=None):
    return train_stack([TrialSpec(i, hp, (seeds or [0] * len(hps))[i]) for i, hp in enumerate(hps)], {0: fold})


def test_tables_seeds_and_batch_sizes_that_are_alike_share_a_program(compiled):
    rates = [HP.replace(learning_rate=rate) for rate in (0.01, 0.02, 0.03)]
    train(make_task_fold("regression", n_train=75, n_val=31), rates, [0, 1, 2])
    train(make_task_fold("regression", n_train=90, n_val=20), rates, [3, 3, 4])  # other rows, another number of batches and seeds
    train(make_task_fold("regression", n_train=75), [hp.replace(batch_size=13) for hp in rates])  # padded to 16
    train(make_task_fold("regression", n_train=75, n_features=8), rates)  # three features more
    assert len(compiled) == 1
    train(make_task_fold("regression", n_train=75), [hp.replace(batch_size=40) for hp in rates])
    train(make_task_fold("regression", n_train=75), [hp.replace(hidden_units=(9,)) for hp in rates])
    assert len(compiled) == 3


def test_another_batch_size_compiles_nothing(compiled):
    """What XLA takes for a constant it compiles in, and then once more for every other value."""
    fold, took = make_task_fold("regression", n_train=75), []
    for size in (16, 13, 15, 14):
        began = time.process_time()  # of this process alone, so that a busy machine changes nothing
        train(fold, [HP.replace(batch_size=size)])
        took.append(time.process_time() - began)
    assert len(compiled) == 1
    assert max(took[1:]) < 0.3 * took[0]


def test_a_padded_batch_gives_the_numbers_of_one_that_fits(monkeypatch):
    fold = make_task_fold("regression", n_train=75)
    hps = [HP.replace(batch_size=13, dropout=0.3, l2=0.01, learning_rate=rate) for rate in (0.01, 0.02)]
    padded = train(fold, hps)
    assert padded_shape(shape_of(hps[0], fold), 8, 4).batch_size == 16
    monkeypatch.setattr(specs, "LIGHT_BATCHES", -1.0)
    assert padded_shape(shape_of(hps[0], fold), 8, 4).batch_size == 13
    for a, b in zip(padded, train(fold, hps), strict=True):
        np.testing.assert_allclose(a.history.matrix(), b.history.matrix(), rtol=1e-5)


def test_heavy_stacks_do_not_pad_their_batches():
    fold = make_task_fold("regression", n_train=75)
    heavy = HP.replace(batch_size=13, hidden_units=(1024, 1024), epochs=1000)
    assert padded_shape(shape_of(heavy, fold), 128, 1000).batch_size == 13


def test_large_tables_are_not_padded():
    sizes = program_pool.ArgumentSizes.rounded(1_000_001, 50, 1, 1_000_003, 8)
    assert sizes.rows == 1_000_001
    assert program_pool.ArgumentSizes.rounded(1000, 50, 3, 1000, 8) == program_pool.ArgumentSizes(1024, 8, 1024, 128)


def test_a_program_serves_one_stack_at_a_time(compiled):
    """Two threads with the same shape get two programs, and the right numbers."""
    fold = make_task_fold("regression", n_train=75)
    expected = train(fold, [HP.replace(epochs=30)])[0].history.matrix()
    found = {}

    def work(name):
        found[name] = [train(fold, [HP.replace(epochs=30)])[0].history.matrix() for _ in range(3)]

    threads = [threading.Thread(target=work, args=(name,)) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for history in (*found["a"], *found["b"]):
        np.testing.assert_array_equal(history, expected)
    assert len(compiled) <= 2


def test_the_oldest_idle_program_goes_first(monkeypatch):
    program_pool.clear()
    monkeypatch.setattr(program_pool, "PROGRAMS_KEPT", 2)
    fold = make_task_fold("regression", n_train=75)
    shapes = [padded_shape(shape_of(HP.replace(hidden_units=(u,)), fold), 1, 4) for u in (8, 16, 32)]
    for units in (8, 16, 32):
        train(fold, [HP.replace(hidden_units=(units,))])
    assert [program_pool.is_idle(shape, 1) for shape in shapes] == [False, True, True]


def test_a_dropped_program_leaves_no_graph_behind():
    """TensorFlow keeps each gradient of an operation's own, and its graph with it, as long as the process lives."""
    program_pool.clear()
    gc.collect()
    before = {id(graph) for graph in graphs()}
    train(make_task_fold("regression", n_train=75), [HP.replace(hidden_units=(8,), optimizer="adamw", dropout=0.2)])
    assert {id(graph) for graph in graphs()} - before, "traced"
    program_pool.clear()
    gc.collect()
    assert not [graph.name for graph in graphs() if id(graph) not in before]


def graphs() -> list[FuncGraph]:
    return [found for found in gc.get_objects() if isinstance(found, FuncGraph)]
