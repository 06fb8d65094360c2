"""Search spaces: what they hold, what they refuse, JSON both ways, conditions."""

from __future__ import annotations

import json

import numpy as np
import pytest
from scipy import stats
from sklearn.model_selection import ParameterGrid

import tuning_core as tc
from tuning_core.experiment.axes import LogUniform, RandInt, Scipy, Uniform

HP = tc.Hyperparameters(epochs=20)


def through_json(space):
    return tc.SearchSpace.from_json(json.loads(json.dumps(space.to_json())))


def test_grid_has_the_order_of_parameter_grid():
    axes = {"learning_rate": [0.1, 0.01, 0.001], "batch_size": [40, 10], "activation": ["tanh", "relu"]}
    ours = [values for values, _ in tc.grid(base=HP, **axes).grid()]
    assert ours == list(ParameterGrid(axes))


def test_the_settings_are_the_base_with_the_values():
    (values, hp), *rest = tc.grid(base=HP, learning_rate=[0.5], hidden_units=[(8, 4)], patience=[7]).grid()
    assert not rest
    assert values == {"hidden_units": (8, 4), "learning_rate": 0.5, "patience": 7}
    assert hp == HP.replace(learning_rate=0.5, hidden_units=(8, 4), early_stopping=tc.EarlyStopping(patience=7))


def test_early_stopping_settings_keep_the_others_of_the_base():
    base = HP.replace(early_stopping=tc.EarlyStopping(patience=3, min_delta=0.5))
    ((_, hp),) = tc.grid(base=base, patience=[9]).grid()
    assert hp.early_stopping == tc.EarlyStopping(patience=9, min_delta=0.5)


def test_layers_and_their_units():
    space = tc.grid(base=HP, layers=[0, 1, 2], units_1=[16, 32], units_2=[8, 4])
    shapes = [hp.hidden_units for _, hp in space.grid()]
    assert shapes == [(), (16,), (32,), (16, 8), (16, 4), (32, 8), (32, 4)]
    assert space.n_settings == 7
    assert space.combinations == 12


def test_added_layers_repeat_the_last_one():
    shapes = [hp.hidden_units for _, hp in tc.grid(base=HP.replace(hidden_units=(32, 8)), layers=[1, 2, 4]).grid()]
    assert shapes == [(32,), (32, 8), (32, 8, 8, 8)]


def test_a_setting_of_one_optimizer_is_tried_with_that_one_only():
    space = tc.grid(base=HP, optimizer=["sgd", "adam", "adamw"], momentum=[0.0, 0.9], weight_decay=[0.1, 0.2])
    tried = [(hp.optimizer, values.get("momentum"), values.get("weight_decay")) for values, hp in space.grid()]
    assert sorted(tried, key=str) == sorted(
        [("sgd", 0.0, None), ("sgd", 0.9, None), ("adam", None, None), ("adamw", None, 0.1), ("adamw", None, 0.2)], key=str
    )


def test_patience_is_left_alone_where_early_stopping_is_off():
    space = tc.grid(base=HP, early_stopping=[None, tc.EarlyStopping()], patience=[5, 10])
    assert [hp.early_stopping and hp.early_stopping.patience for _, hp in space.grid()] == [None, 5, 10]


def test_conditions_of_ones_own():
    space = tc.grid(base=HP, activation=["relu", "tanh"], learning_rate=tc.choice([0.1, 0.2]).when(activation="tanh"))
    assert [(hp.activation, hp.learning_rate) for _, hp in space.grid()] == [("relu", 0.01), ("tanh", 0.1), ("tanh", 0.2)]
    assert through_json(space) == space


@pytest.mark.parametrize(
    "space",
    [
        tc.grid(base=HP, learning_rate=[0.1, 0.01], batch_size=[10, 40]),
        tc.grid(base=HP, hidden_units=[(64,), (64, 32)], early_stopping=[None, tc.EarlyStopping(patience=4)]),
        tc.random(base=HP, n_iter=5, batch_size=tc.randint(2, 16), learning_rate=tc.loguniform(1e-4, 1), seed=3),
        tc.quasi_random(base=HP, n_iter=8, dropout=tc.uniform(0, 0.5), units=tc.randint(8, 129, log=True), seconds=60),
        tc.bayesian(base=HP, n_iter=8, learning_rate=[0.1, 0.2], include=(HP.replace(learning_rate=0.3),)),
        tc.halving(base=HP, n_iter=9, learning_rate=tc.loguniform(1e-4, 1), factor=2, min_epochs=4),
        tc.random(base=HP, n_iter=4, l2=stats.expon(scale=0.01)),
    ],
)
def test_json_both_ways(space):
    again = through_json(space)
    assert again == space
    assert again.n_settings == space.n_settings


def test_scipy_distributions_become_our_own_where_we_have_them():
    axes = tc.random(
        base=HP,
        batch_size=stats.randint(2, 16),
        learning_rate=stats.loguniform(1e-4, 1),
        dropout=stats.uniform(0.1, 0.3),
        l2=stats.expon(0, 0.1),
    ).axes
    assert axes["batch_size"] == RandInt(2, 16)
    assert axes["learning_rate"] == LogUniform(1e-4, 1)
    assert axes["dropout"] == Uniform(0.1, 0.4)
    assert axes["l2"] == Scipy("expon", (0, 0.1))


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (tc.randint(2, 16), stats.randint(2, 16)),
        (tc.uniform(-1.0, 2.5), stats.uniform(-1.0, 3.5)),
        (tc.loguniform(1e-4, 1), stats.loguniform(1e-4, 1)),
        (Scipy("norm", (2.0,), (("scale", 3.0),)), stats.norm(2.0, scale=3.0)),
    ],
)
def test_draws_and_quantiles_are_those_of_scipy(ours, theirs):
    a, b = np.random.RandomState(7), np.random.RandomState(7)
    np.testing.assert_allclose([ours.rvs(a) for _ in range(50)], [theirs.rvs(random_state=b) for _ in range(50)], rtol=1e-12)
    u = np.linspace(0.011, 0.987, 57)
    np.testing.assert_allclose([ours.ppf(v) for v in u], theirs.ppf(u), rtol=1e-9)


def test_randint_leaves_out_its_end_and_log_randint_too():
    random = np.random.RandomState(0)
    for axis in (tc.randint(2, 5), tc.randint(2, 5, log=True)):
        assert {axis.rvs(random) for _ in range(200)} == {2, 3, 4}
        assert axis.ppf(0.0) == 2
        assert axis.ppf(1 - 1e-12) == 4


def test_numpy_values_become_plain_ones():
    space = tc.grid(base=HP, learning_rate=np.logspace(-2, -1, 2), batch_size=np.array([8, 16]), epochs=range(5, 7))
    assert space.axes["learning_rate"].probes() == pytest.approx((0.01, 0.1))
    assert all(type(v) is int for v in (*space.axes["batch_size"].probes(), *space.axes["epochs"].probes()))
    assert through_json(space) == space


@pytest.mark.parametrize(
    ("build", "kind", "word"),
    [
        (lambda: tc.grid(base=HP, learning_rate=[]), "empty_range", "learning_rate"),
        (lambda: tc.choice([]), "empty_range", "choice"),
        (lambda: tc.randint(5, 5), "empty_range", "randint(5, 5)"),
        (lambda: tc.uniform(2, 1), "empty_range", "low must be below high"),
        (lambda: tc.loguniform(0, 1), "log_of_zero", "loguniform(0, 1)"),
        (lambda: tc.loguniform(-1, 1), "log_of_zero", "above 0"),
        (lambda: tc.uniform(float("nan"), 1), "out_of_range", "low"),
        (lambda: tc.uniform(0, float("inf")), "out_of_range", "high"),
        (lambda: tc.randint(1.5, 3), "out_of_range", "1.5"),
        (lambda: tc.randint(0, 3, log=True), "out_of_range", "at least 1"),
        (lambda: tc.grid(base=HP, learning_rat=[0.1]), "unknown_setting", "learning_rat"),
        (lambda: tc.grid(base=HP, learning_rate=0.1), "not_a_range", "learning_rate"),
        (lambda: tc.grid(base=HP, activation="relu"), "not_a_range", "activation"),
        (lambda: tc.grid(base=HP, batch_size=tc.randint(2, 16)), "not_a_list", "batch_size"),
        (lambda: tc.grid(base=HP, learning_rate=[0.1, -0.1]), "out_of_range", "-0.1"),
        (lambda: tc.grid(base=HP, hidden_units=[64]), "out_of_range", "(64,)"),
        (lambda: tc.grid(base=HP, activation=["rleu"]), "unknown_choice", "rleu"),
        (lambda: tc.random(base=HP, batch_size=tc.uniform(2, 16)), "out_of_range", "whole number"),
        (lambda: tc.random(base=HP, dropout=tc.uniform(0, 1.5)), "out_of_range", "1.5"),
        (lambda: tc.random(base=HP, learning_rate=stats.norm(0, 1)), "out_of_range", "learning_rate"),
        (lambda: tc.random(base=HP, n_iter=0, learning_rate=[0.1]), "out_of_range", "n_iter"),
        (lambda: tc.random(base=HP, n_iter=None, learning_rate=[0.1]), "out_of_range", "n_iter"),
        (lambda: tc.random(base=HP, n_iter=1_000_000, learning_rate=tc.uniform(0.1, 1)), "too_many_trials", "1,000,000"),
        (
            lambda: tc.grid(base=HP, learning_rate=np.linspace(0.1, 1, 1000), batch_size=range(1, 1001)),
            "too_many_trials",
            "Take 200",
        ),
        (lambda: tc.grid(base=HP, momentum=[0.1, 0.9]), "idle_axis", "momentum"),
        (lambda: tc.grid(base=HP, units_2=[8]), "idle_axis", "units_2"),
        (lambda: tc.grid(base=HP, hidden_units=[(8,)], layers=[1]), "conflicting_axes", "hidden_units"),
        (lambda: tc.grid(base=HP, dropout=[(0.1, 0.2)]), "out_of_range", "dropout"),
        (lambda: tc.grid(base=HP.replace(dropout=(0.1,)), layers=[1, 2]), "out_of_range", "dropout"),
        (
            lambda: tc.grid(base=HP, activation=tc.choice(["relu"]).when(batch_size=8), batch_size=[8]),
            "late_condition",
            "activation",
        ),
        (lambda: tc.grid(base=HP, activation=tc.choice(["relu"]).when(colour=8)), "unknown_setting", "colour"),
        (lambda: tc.grid(base={"epochs": 3}, learning_rate=[0.1]), "out_of_range", "base"),
        (lambda: tc.halving(base=HP, epochs=[10, 20]), "conflicting_axes", "epochs"),
        (lambda: tc.halving(base=HP, n_iter=None, seconds=5, l2=tc.uniform(0, 1)), "out_of_range", "n_iter"),
        (lambda: tc.SearchSpace({}, HP, "clever"), "unknown_choice", "clever"),
        (lambda: tc.random(base=HP, learning_rate=[0.1], seconds=-1), "out_of_range", "seconds"),
        (
            lambda: tc.SearchSpace.from_json({"axes": {"l2": {"kind": "scipy", "name": "rv_histogram"}}, "base": HP.to_json()}),
            "unknown_choice",
            "rv_histogram",
        ),
        (
            lambda: tc.SearchSpace.from_json({"axes": {"l2": {"kind": "uniform", "lo": 1}}, "base": HP.to_json()}),
            "bad_range",
            "lo",
        ),
    ],
)
def test_bad_input_is_refused_with_a_reason_and_a_remedy(build, kind, word):
    with pytest.raises(tc.UserError) as caught:
        build()
    assert caught.value.kind == kind
    assert word in str(caught.value)
    assert caught.value.remedy


def test_values_of_is_the_way_back():
    space = tc.random(
        base=HP,
        n_iter=40,
        layers=[0, 1, 2],
        units_1=tc.randint(4, 64),
        units_2=[8, 16],
        optimizer=["sgd", "adam"],
        momentum=tc.uniform(0, 0.9),
        early_stopping=[None, tc.EarlyStopping()],
        patience=[3, 5],
        learning_rate=tc.loguniform(1e-4, 1),
        l2=stats.expon(0, 0.1),
    )
    random = np.random.RandomState(0)
    for _ in range(100):
        values, hp = space.setting({name: axis.rvs(random) for name, axis in space.axes.items()})
        assert space.values_of(hp) == values
    assert space.values_of(HP.replace(learning_rate=2.0, hidden_units=(8,))) is None
    assert space.values_of(HP.replace(hidden_units=(8,), activation="tanh")) is None
