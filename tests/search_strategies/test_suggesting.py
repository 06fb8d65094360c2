"""First values and ranges around a setting, and going on with a search."""

from __future__ import annotations

import pytest

import tuning_core as tc
from tuning_core.experiment.axis_rules import AXIS_NAMES
from tuning_core.search_strategies import make_strategy
from tuning_core.search_strategies.default_ranges import further, suggested_range, suggested_values

SETTINGS = [
    tc.Hyperparameters(),
    tc.Hyperparameters(learning_rate=100.0, batch_size=1, epochs=1, hidden_units=(1024,) * 6),
    tc.Hyperparameters(learning_rate=1e-9, batch_size=100_000, epochs=10_000, hidden_units=()),
]
NEEDS = {"momentum": {"optimizer": ["sgd"]}, "weight_decay": {"optimizer": ["adamw"]}}


@pytest.mark.parametrize("name", sorted(set(AXIS_NAMES) - {"hidden_units", "early_stopping"}))
@pytest.mark.parametrize("hp", SETTINGS)
def test_suggestions_are_allowed_around_any_setting(name, hp):
    beside = NEEDS.get(name, {"layers": [6]} if name.startswith("units_") else {})
    tc.grid(base=hp, **{name: suggested_values(name, hp)}, **beside)
    tc.random(base=hp, n_iter=4, **{name: suggested_range(name, hp)}, **beside)


@pytest.mark.parametrize("name", ["learning_rate", "batch_size", "epochs", "units"])
def test_a_setting_lies_within_what_is_suggested_around_it(name):
    hp = tc.Hyperparameters(learning_rate=0.02, batch_size=20, epochs=70, hidden_units=(48,))
    own = {"learning_rate": 0.02, "batch_size": 20, "epochs": 70, "units": 48}[name]
    assert suggested_values(name, hp).contains(own) and suggested_range(name, hp).contains(own)


@pytest.mark.parametrize("make", [tc.random, tc.quasi_random, tc.bayesian])
def test_going_on_tries_as_many_new_settings_as_asked(make):
    space = make(n_iter=8, learning_rate=tc.loguniform(1e-4, 1))
    tried = {c.hyperparameters: 1.0 for c in make_strategy(space).ask(8)}
    new = [c.hyperparameters for c in make_strategy(further(space, 4, len(tried)), tried).ask(8)]
    assert len(new) == 4 and not set(new) & set(tried)
