"""Quasi-random, halving and Bayesian search, each on a known function instead of a training."""

from __future__ import annotations

import math
import sys
from itertools import pairwise

import numpy as np
import pytest
from scipy.stats import qmc

import tuning_core as tc
from tuning_core.search_strategies import Result, make_strategy
from tuning_core.search_strategies.halving import rungs

HP = tc.Hyperparameters(epochs=81)
RATE = {"learning_rate": tc.loguniform(1e-5, 1)}


def distance(hp):
    return abs(math.log10(hp.learning_rate) + 2)


def drive(space, score=distance, known=None):
    """All portions asked for, each told its scores."""
    strategy = make_strategy(space, known)
    portions = []
    while asked := strategy.ask():
        portions.append(asked)
        strategy.tell([Result(c.number, score(c.hyperparameters)) for c in reversed(asked)])
    assert strategy.finished
    return portions


def test_sobol_points_fill_the_box_better_than_chance():
    space = tc.quasi_random(base=HP, n_iter=64, dropout=tc.uniform(0, 0.5), **RATE)
    (asked,) = drive(space)
    points = np.array([(np.log10(c.values["learning_rate"]) / 5 + 1, c.values["dropout"] * 2) for c in asked])
    chance = [qmc.discrepancy(np.random.RandomState(i).uniform(size=(64, 2))) for i in range(20)]
    assert qmc.discrepancy(points) < min(chance)


def test_a_longer_sobol_search_begins_with_the_same_points():
    short, long = (drive(tc.quasi_random(base=HP, n_iter=n, **RATE))[0] for n in (5, 23))
    assert long[:5] == short
    assert len(long) == 23


def test_sobol_takes_each_choice_about_equally_often():
    (asked,) = drive(tc.quasi_random(base=HP, n_iter=32, activation=["relu", "tanh"], **RATE))
    assert sum(c.values["activation"] == "relu" for c in asked) == 16


@pytest.mark.parametrize(
    ("n", "options", "expected"),
    [
        (27, {}, [3, 9, 27, 81]),
        (81, {}, [3, 9, 27, 81]),
        (9, {}, [9, 27, 81]),
        (2, {}, [81]),
        (8, {"factor": 2}, [10, 20, 40, 81]),
        (27, {"min_epochs": 5}, [5, 15, 45, 81]),
        (27, {"min_epochs": 30}, [30, 81]),
        (27, {"min_epochs": 100}, [81]),
    ],
)
def test_rungs(n, options, expected):
    assert rungs(tc.halving(base=HP, n_iter=n, **options, **RATE), n) == expected


def test_halving_lets_the_best_third_go_on():
    portions = drive(tc.halving(base=HP, n_iter=27, **RATE))
    assert [(len(asked), asked[0].until) for asked in portions] == [(27, 3), (9, 9), (3, 27), (1, None)]
    for before, after in pairwise(portions):
        best = sorted(before, key=lambda c: distance(c.hyperparameters))[: len(after)]
        assert {c.number for c in after} == {c.number for c in best}
        for candidate in after:
            assert candidate.hyperparameters == before[[c.number for c in before].index(candidate.number)].hyperparameters


def test_halving_waits_for_the_whole_rung():
    strategy = make_strategy(tc.halving(base=HP, n_iter=9, **RATE))
    first, second = strategy.ask(4), strategy.ask()
    assert len(second) == 5
    assert strategy.ask() == []
    strategy.tell([Result(c.number, distance(c.hyperparameters)) for c in first])
    assert strategy.ask() == []
    assert not strategy.finished
    strategy.tell([Result(c.number, distance(c.hyperparameters)) for c in second])
    assert len(strategy.ask()) == 3


def test_failures_do_not_go_on():
    portions = drive(tc.halving(base=HP, n_iter=9, **RATE), lambda hp: None if hp.learning_rate < 0.01 else distance(hp))
    assert all(c.hyperparameters.learning_rate >= 0.01 for asked in portions[1:] for c in asked)
    assert len(drive(tc.halving(base=HP, n_iter=9, **RATE), lambda hp: math.nan)) == 1


def test_bayesian_comes_closer_than_random():
    axes = {**RATE, "batch_size": tc.randint(4, 257, log=True), "activation": ["relu", "tanh"]}

    def bowl(hp):
        return distance(hp) + abs(math.log2(hp.batch_size) - 5) / 4 + (hp.activation == "relu")

    def late(space):
        return np.median([bowl(c.hyperparameters) for asked in drive(space, bowl) for c in asked][-16:])

    for seed in range(3):
        assert late(tc.bayesian(base=HP, n_iter=48, seed=seed, **axes)) < 0.7 * late(
            tc.random(base=HP, n_iter=48, seed=seed, **axes)
        )


def test_bayesian_tries_no_setting_twice_and_ends_when_all_are_tried():
    portions = drive(
        tc.bayesian(base=HP, n_iter=100, batch_size=[8, 16, 32], activation=["relu", "tanh"]), lambda hp: hp.batch_size
    )
    tried = [c.hyperparameters for asked in portions for c in asked]
    assert len(tried) == len(set(tried)) == 6


def test_bayesian_learns_from_the_search_that_it_extends():
    known = {HP.replace(learning_rate=10.0**-e): abs(2 - e) for e in np.linspace(0.1, 4.9, 25)}
    asked = drive(tc.bayesian(base=HP, n_iter=8, **RATE), known=known)[0]
    assert np.median([distance(c.hyperparameters) for c in asked]) < 0.6
    assert not {c.hyperparameters for c in asked} & set(known)


def test_bayesian_conditions_scipy_ranges_and_failures():
    from scipy import stats

    space = tc.bayesian(base=HP, n_iter=24, layers=[1, 2], units_2=tc.randint(4, 9), l2=stats.expon(0, 0.1), include=(HP,))
    tried = [c for asked in drive(space, lambda hp: None if len(hp.hidden_units) == 2 else hp.l2) for c in asked]
    assert len(tried) == 25
    assert tried[0].hyperparameters == HP
    assert all(("units_2" in c.values) == (len(c.hyperparameters.hidden_units) == 2) for c in tried[1:])


@pytest.mark.parametrize("make", [tc.random, tc.quasi_random, tc.bayesian, tc.halving])
def test_the_same_seed_gives_the_same_settings_and_another_seed_others(make):
    def tried(seed):
        return [c.hyperparameters for asked in drive(make(base=HP, n_iter=12, seed=seed, **RATE)) for c in asked]

    assert tried(1) == tried(1)
    assert tried(1) != tried(2)


def test_without_optuna_the_error_says_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "optuna", None)
    with pytest.raises(tc.SettingsError, match="pip install") as caught:
        make_strategy(tc.bayesian(base=HP, n_iter=4, **RATE))
    assert caught.value.kind == "missing_package"


@pytest.mark.parametrize("make", [tc.random, tc.quasi_random, tc.halving])
def test_equal_settings_are_asked_for_once(make):
    """Six combinations; and twelve of which a momentum beside adam makes four alike."""
    six = make(base=HP, n_iter=20, learning_rate=[0.1, 0.01, 0.001], batch_size=[8, 16])
    asked = [c.hyperparameters for c in make_strategy(six).ask()]
    assert len(asked) == len(set(asked)) == 6
    conditional = make(base=HP, n_iter=12, optimizer=["sgd", "adam"], momentum=[0.0, 0.5, 0.9], learning_rate=[0.1, 0.01])
    asked = [c.hyperparameters for c in make_strategy(conditional).ask()]
    assert len(asked) == len(set(asked)) == 8
    again = make(
        base=HP, n_iter=12, optimizer=["sgd", "adam"], momentum=[0.0, 0.5, 0.9], learning_rate=[0.1, 0.01], include=[asked[3]]
    )
    assert sum(c.hyperparameters == asked[3] for c in make_strategy(again).ask()) == 1


def test_quasi_random_goes_on_until_it_has_as_many_different_settings_as_asked_for():
    space = tc.quasi_random(base=HP, n_iter=20, learning_rate=[0.1, 0.03, 0.01, 0.003], units=tc.randint(1, 8))
    asked = [c.hyperparameters for c in make_strategy(space).ask()]
    assert len(asked) == len(set(asked)) == 20
