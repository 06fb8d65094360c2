"""Remedies are concrete: the numbers follow from the present settings and are valid ones."""

import numpy as np
import pytest

import tuning_core as tc
from tuning_core.diagnosis.finding import ACTIONS
from tuning_core.diagnosis.read_curves import read_curves
from tuning_core.diagnosis.remedies import larger, remedy, round_epochs, trained_with

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
        ("less_l2", {"l2": 1.0}, {"l2": 0.01}),
        ("less_l2", {"l2": 0.03}, {"l2": 0.0003}),
        ("less_dropout", {"dropout": 0.9}, {"dropout": 0.3}),
        ("less_dropout", {"hidden_units": (64, 32), "dropout": (0.7, 0.5)}, {"dropout": 0.2}),
        ("larger_batch", {"batch_size": 1}, {"batch_size": 4}),
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
        ("less_l2", {"l2": 0.0}),
        ("less_dropout", {"dropout": 0.0}),
        ("less_dropout", {"hidden_units": (), "dropout": 0.5}),  # of a model without units to silence
        ("larger_batch", {"batch_size": 32}),
        ("clean_start", {"optimizer": "adam", "learning_rate": 0.001}),
        ("more_patience", {"early_stopping": None}),
        ("more_patience", {"epochs": 50, "early_stopping": tc.EarlyStopping(patience=40)}),  # which never stopped
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


# ---- after an early stop ----------------------------------------------------------------------------------------------


def stopped(val=RISING, patience=10, epochs=100, **rules):
    """A training that was stopped early (of `RISING` epoch 21 is the best): what is left of it, and its settings."""
    hp = tc.Hyperparameters(epochs=epochs, early_stopping=tc.EarlyStopping(patience=patience, **rules))
    full = tc.History.from_arrays(FALLING, FALLING, val)
    end = min(tc.stop_point(full, hp.early_stopping).stopped_epoch, epochs)
    return tc.History.from_matrix(full.matrix()[:, :end], {"hyperparameters": hp.to_json()}), hp


def test_after_an_early_stop_more_epochs_are_no_remedy_but_gentler_rules_are():
    gentle = np.concatenate([FALLING[:20], FALLING[20] - 0.002 * np.arange(30)])
    history, hp = stopped(gentle, patience=4, min_delta=0.02)
    curves = read_curves(history)
    assert curves.stopped_early and remedy("more_epochs", curves) is None and remedy("early_stop", curves) is None
    for action, field, value in (
        ("more_patience", "patience", 12),
        ("smaller_min_delta", "min_delta", 0.002),
        ("later_start", "start_from_epoch", len(history)),
    ):
        changed = hp.replace(**remedy(action, curves).changes).early_stopping
        assert getattr(changed, field) == value
        longer = tc.History.from_arrays(FALLING, FALLING, gentle)
        assert tc.stop_point(longer, changed).last_epoch > len(history), "it trains on"


def test_a_smaller_min_delta_that_stops_in_the_same_epoch_is_no_remedy():
    rising = read_curves(stopped(patience=10, min_delta=1e-9)[0])
    assert rising.stopped_early and remedy("smaller_min_delta", rising) is None
    assert remedy("smaller_min_delta", read_curves(stopped()[0])) is None, "it is zero already"


def test_the_last_planned_epoch_is_no_early_stop():
    history, _ = stopped(epochs=30)
    assert len(history) == 30 and not read_curves(history).stopped_early
    assert remedy("more_epochs", read_curves(history)).changes == {"epochs": 90}
    by_hand, _ = stopped()
    cut = tc.History.from_matrix(by_hand.matrix()[:, :25], by_hand.context)
    assert not read_curves(cut).stopped_early, "a person pressed Stop"


def test_weights_of_the_last_epoch_can_be_those_of_the_best():
    history, hp = stopped(restore_best_weights=False)
    changes = remedy("early_stop", read_curves(history)).changes
    assert hp.replace(**changes).early_stopping == tc.EarlyStopping(patience=10, restore_best_weights=True)


def test_early_stopping_that_would_neither_stop_nor_keep_another_epoch_is_no_remedy():
    hp = tc.Hyperparameters(epochs=50).to_json()
    assert (
        remedy("early_stop", read_curves(tc.History.from_arrays(FALLING, FALLING, FALLING, context={"hyperparameters": hp})))
        is None
    )


def test_a_run_that_was_stopped_too_soon_is_given_patience_not_epochs():
    """A straight slope with one lucky epoch early on: patience runs out though the loss still falls."""
    fall = 1.0 - 0.01 * np.arange(60)
    val = fall.copy()
    val[5] = 0.3
    rules = tc.EarlyStopping(patience=20)
    hp = tc.Hyperparameters(epochs=100, early_stopping=rules)
    end = tc.stop_point(tc.History.from_arrays(fall, fall, val), rules).stopped_epoch
    context = {"hyperparameters": hp.to_json(), "dummy_loss": 1.2, "linear_loss": 0.2, "task": "regression"}
    history = tc.History.from_arrays(fall[:end], fall[:end], val[:end], context=context)
    changed = [set(r.changes) for f in tc.diagnose(history) for r in f.remedies]
    assert {"epochs"} not in changed and {"early_stopping"} in changed


def test_two_remedies_that_would_train_the_same_are_one_button():
    """A tenth of 0.01 with adam is the clean start's adam at 0.001, whatever the changes are called."""
    c = curves(learning_rate=0.01)
    assert trained_with({"learning_rate": 0.001}, c) == trained_with({"optimizer": "adam", "learning_rate": 0.001}, c)
    up = np.geomspace(1.0, 50.0, 40)
    context = {"hyperparameters": tc.Hyperparameters(learning_rate=0.01).to_json(), "dummy_loss": 1.0, "linear_loss": 0.5}
    first = tc.diagnose(tc.History.from_arrays(up, up, up, context=context))[0]
    assert first.kind == "diverged"
    assert [dict(remedy.changes) for remedy in first.remedies] == [{"learning_rate": 0.001}, {"learning_rate": 0.0001}]
