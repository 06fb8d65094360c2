"""Zones of a sweep, from curves that are what they seem; and the learning rate that goes along with the batch."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tuning_core as tc
from tests.support.paths import INSURANCE
from tuning_core.diagnosis.sweep import RATES, read_sweep, scaled_rate, sweep_settings

CONTEXT = {"task": "regression", "dummy_loss": 1.0, "linear_loss": 0.5, "n_train": 500, "n_validation": 100}


def falling(end: float) -> tc.History:
    """Smoothly from 1 to `end` in 60 epochs."""
    values = end + (1 - end) * np.exp(-np.arange(60) / 8)
    return tc.History.from_arrays(loss=values, train_loss=values, val_loss=values * 1.02, context=CONTEXT)


def exploding() -> tc.History:
    values = [1.0, 5.0, 400.0, math.nan]
    return tc.History.from_arrays(loss=values, train_loss=values, val_loss=[math.nan] * 4, context=CONTEXT)


def test_a_valley_has_its_three_zones():
    ends = [0.9, 0.6, 0.31, 0.3, 0.31, 0.5]
    sweep = read_sweep(range(1, 9), [[falling(e)] for e in ends] + [[exploding()], [exploding()]])
    assert sweep.zones == ("stable", "stable", "best", "best", "best", "stable", "unstable", "unstable")
    assert sweep.best == 3 and sweep.stretch("best") == (3, 5) and sweep.stretch("unstable") == (7, 8)
    assert sweep.is_among_the_best(4) and not sweep.is_among_the_best(6)
    assert math.isnan(sweep.losses[-1])


def test_one_explosion_among_stable_ones_makes_no_zone_but_the_end_does():
    histories = [[falling(0.5)], [exploding()], [falling(0.4)], [falling(0.3)], [falling(0.6)], [exploding()]]
    assert read_sweep(range(6), histories).zones == ("stable", "stable", "stable", "best", "stable", "unstable")


def test_batch_sizes_are_wild_at_the_low_end():
    histories = [[exploding()], [falling(0.7)], [falling(0.3)]]
    assert read_sweep([1, 4, 16], histories, wild_end="low").zones == ("unstable", "stable", "best")


def test_a_lucky_training_is_not_the_best():
    ends = [0.9, 0.28, 0.9, 0.4, 0.3, 0.3, 0.3, 0.4]
    assert read_sweep(range(8), [[falling(e)] for e in ends]).best == 5


def test_nothing_finite_has_no_best():
    sweep = read_sweep([1, 2], [[exploding()], []])
    assert sweep.best is None and sweep.stretch("best") is None and not sweep.is_among_the_best(1)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from([0.2, 0.3, 0.31, 0.9, None]), min_size=1, max_size=9), st.sampled_from(["high", "low"]))
def test_zones_are_stretches_whatever_was_found(ends, wild_end):
    sweep = read_sweep(range(len(ends)), [[exploding() if e is None else falling(e)] for e in ends], wild_end=wild_end)
    assert len(sweep.zones) == len(ends)
    for zone in ("best", "unstable"):
        places = [i for i, z in enumerate(sweep.zones) if z == zone]
        assert places == list(range(places[0], places[-1] + 1)) if places else True
    assert (sweep.best is None) == all(e is None for e in ends)
    assert sweep.best is None or sweep.zones[sweep.best] == "best"


@pytest.mark.parametrize(
    ("optimizer", "rate", "batch", "new", "expected"),
    [("sgd", 0.01, 16, 64, 0.04), ("adam", 0.01, 16, 64, 0.02), ("adamw", 0.02, 64, 16, 0.01), ("sgd", 50, 1, 1000, 100)],
)
def test_the_learning_rate_goes_along_with_the_batch(optimizer, rate, batch, new, expected):
    assert scaled_rate(optimizer, rate, batch, new) == pytest.approx(expected)


def test_what_a_sweep_trains():
    base = tc.Hyperparameters(batch_size=10, optimizer="sgd", learning_rate=0.01)
    rates = sweep_settings("learning_rate", base, 936)
    assert len(RATES) == 24 and tuple(hp.learning_rate for hp in rates) == RATES
    sizes = sweep_settings("batch_size", base, 936)
    assert [hp.batch_size for hp in sizes] == 2 * [1, 4, 10, 16, 64, 256, 936]
    assert {hp.learning_rate for hp in sizes[:7]} == {0.01}
    assert [hp.learning_rate for hp in sizes[7:]] == [0.001, 0.004, 0.01, 0.016, 0.064, 0.26, 0.94]
    assert min(hp.batch_size for hp in sweep_settings("batch_size", base, 100_000)) == 256, (
        "small batches of a large table take too long"
    )


@pytest.mark.slow
def test_on_a_real_table_the_best_lies_between_slow_and_unstable():

    from tuning_core.training.fold import make_fold
    from tuning_core.training.specs import TrialSpec
    from tuning_core.training.stack import train_stack

    table = tc.read_table(INSURANCE)
    dataset = tc.Dataset(table, target="charges")
    base = tc.Hyperparameters(epochs=60, optimizer="sgd", batch_size=32)
    wanted = sweep_settings("learning_rate", base, 936)
    fold = make_fold(dataset, base, dataset.prepare(), dataset.rows.train, dataset.rows.validation)
    trials = train_stack([TrialSpec(i, hp, 0) for i, hp in enumerate(wanted)], {0: fold})
    sweep = read_sweep(RATES, [[trial.history] for trial in trials])
    assert sweep.zones[0] == "stable" and sweep.zones[-1] == "unstable"
    low, high = sweep.stretch("best")
    assert 1e-3 < low <= high < 2
