"""Remedies are concrete: the numbers follow from the present settings and are valid ones."""

import numpy as np
import pytest

import tuning_core as tc
from tuning_core.diagnosis.finding import ACTIONS
from tuning_core.diagnosis.read_curves import read_curves
from tuning_core.diagnosis.remedies import larger, remedy, round_epochs

FALLING = np.exp(-np.linspace(0, 2, 50))
RISING = np.concatenate([FALLING[:20], FALLING[20] + np.linspace(0, 0.5, 30)])


def curves(**settings):
    hp = tc.Hyperparameters(**settings).to_json() if settings else None
    return read_curves(tc.History.from_arrays(FALLING, FALLING, RISING, context={"hyperparameters": hp} if hp else {}))


@pytest.mark.parametrize(
    ("action", "settings", "changes"),
    [
        ("lower_lr", {"learning_rate": 0.01}, {"learning_rate": 0.002}),
        ("raise_lr", {"learning_rate": 0.001}, {"learning_rate": 0.003}),
        ("raise_lr", {"learning_rate": 50.0}, {"learning_rate": 100.0}),
        ("more_epochs", {"epochs": 100}, {"epochs": 300}),
        ("more_epochs", {"epochs": 5000}, {"epochs": 10_000}),
        ("more_capacity", {"hidden_units": ()}, {"hidden_units": [64]}),
        ("more_capacity", {"hidden_units": (4,)}, {"hidden_units": [32]}),
        ("more_capacity", {"hidden_units": (128,)}, {"hidden_units": [128, 64]}),
        ("less_capacity", {"hidden_units": (128, 64)}, {"hidden_units": [32, 16]}),
        ("regularise", {"hidden_units": (64,)}, {"dropout": 0.3}),
        ("regularise", {"hidden_units": (64,), "dropout": 0.3, "l2": 0.001}, {"l2": 0.01}),
    ],
)
def test_changes_follow_from_the_settings(action, settings, changes):
    drafted = remedy(action, curves(**settings))
    assert drafted.changes == changes
    assert tc.Hyperparameters(**settings).replace(**drafted.changes) != tc.Hyperparameters(**settings)


def test_early_stopping_is_patient_enough_to_reach_the_best_epoch():
    bumpy = np.concatenate([FALLING[:5], FALLING[4] + np.full(14, 0.1), FALLING[20:40], np.full(20, 0.9)])
    history = tc.History.from_arrays(bumpy, bumpy, bumpy)
    stop = tc.EarlyStopping(**remedy("early_stop", read_curves(history)).changes["early_stopping"])
    assert tc.stop_point(history, stop).kept_epoch == int(np.argmin(bumpy)) + 1


@pytest.mark.parametrize(
    ("action", "settings"),
    [
        ("early_stop", {"early_stopping": tc.EarlyStopping()}),
        ("more_epochs", {"epochs": 10_000}),
        ("raise_lr", {"learning_rate": 100.0}),
        ("less_capacity", {"hidden_units": (4,)}),
    ],
)
def test_no_remedy_where_the_settings_leave_no_room(action, settings):
    assert remedy(action, curves(**settings)) is None


def test_without_settings_a_rate_is_advice_and_epochs_are_counted():
    assert remedy("lower_lr", curves()).changes == {}
    assert "5 times lower" in remedy("lower_lr", curves()).reason
    assert remedy("more_epochs", curves()).changes == {"epochs": 150}


def test_every_action_can_be_drafted():
    for action in ACTIONS:
        drafted = remedy(action, curves(hidden_units=(16,)))
        assert drafted is None or drafted.action == action


def test_larger_models_grow_until_the_limits():
    units, seen = (), []
    while units not in seen:
        seen.append(units)
        units = larger(units)
        tc.Hyperparameters(hidden_units=units)
    assert seen[:3] == [(), (64,), (256,)]
    assert len(seen[-1]) == 6


def test_epochs_are_round():
    assert [round_epochs(n) for n in (91, 300, 1230)] == [100, 300, 1300]
