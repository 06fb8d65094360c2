"""Grid and random search against scikit-learn's own iterators, and the ask/tell contract."""

from __future__ import annotations

import pytest
from scipy import stats
from sklearn.model_selection import ParameterSampler

import tuning_core as tc
from tuning_core.search_strategies import Result, make_strategy

HP = tc.Hyperparameters(epochs=20)


def asked(space, known=None):
    return make_strategy(space, known).ask()


def test_random_draws_what_parameter_sampler_draws():
    theirs = {
        "batch_size": stats.randint(2, 16),
        "learning_rate": stats.loguniform(1e-4, 1),
        "activation": ["relu", "tanh", "elu"],
    }
    ours = tc.random(base=HP, n_iter=12, seed=5, **theirs)
    expected = list(ParameterSampler(theirs, 12, random_state=5))
    found = [candidate.values for candidate in asked(ours)]
    assert len(found) == 12
    for a, b in zip(found, expected, strict=True):
        assert a["batch_size"] == b["batch_size"]
        assert a["activation"] == b["activation"]
        assert a["learning_rate"] == pytest.approx(b["learning_rate"], rel=1e-12)


def test_random_from_lists_alone_is_without_replacement():
    axes = {"batch_size": [2, 4, 8, 16], "learning_rate": [0.1, 0.2, 0.3]}
    found = [candidate.values for candidate in asked(tc.random(base=HP, n_iter=9, seed=1, **axes))]
    assert found == list(ParameterSampler(axes, 9, random_state=1))
    assert len({tuple(sorted(values.items())) for values in found}) == 9
    assert len(asked(tc.random(base=HP, n_iter=50, **axes))) == 12


@pytest.mark.parametrize(
    "space", [tc.grid(base=HP, batch_size=[2, 4, 8]), tc.random(base=HP, n_iter=3, batch_size=tc.randint(2, 99))]
)
def test_asking_in_portions_gives_the_same(space):
    whole = asked(space)
    strategy = make_strategy(space)
    portions = strategy.ask(2)
    assert len(portions) == 2
    assert not strategy.finished
    strategy.tell([Result(0, 1.0)])
    portions += strategy.ask(2)
    assert portions == whole
    assert [candidate.number for candidate in portions] == [0, 1, 2]
    assert strategy.finished
    assert strategy.ask() == []


def test_hand_picked_settings_come_first_and_known_ones_not_at_all():
    picked = HP.replace(learning_rate=0.5)
    space = tc.grid(base=HP, include=(picked,), learning_rate=[0.1, 0.2])
    rates = [candidate.hyperparameters.learning_rate for candidate in asked(space)]
    assert rates == [0.5, 0.1, 0.2]
    rest = asked(space, {HP.replace(learning_rate=0.1): 3.0})
    assert [candidate.hyperparameters.learning_rate for candidate in rest] == [0.5, 0.2]
