"""Too much regularisation, really trained on the insurance table: its own verdict, and less of it as the first remedy."""

from __future__ import annotations

import numpy as np
import pytest

import tuning_core as tc
from tests.support.paths import INSURANCE
from tuning_core.diagnosis import VERDICTS
from tuning_core.diagnosis.decisions import RunSigns, verdicts

HELD = tc.Hyperparameters(hidden_units=(64,), learning_rate=0.003, batch_size=32, epochs=60)


@pytest.fixture(scope="module")
def dataset():
    return tc.Dataset(tc.read_table(INSURANCE), target="charges")


def train(dataset, hp):
    return tc.train(dataset, hp).trials[0].history


@pytest.mark.parametrize("changes", [{"l2": 0.1}, {"l2": 0.3}, {"l2": 1.0}, {"dropout": 0.9}], ids=str)
def test_a_strong_penalty_is_named_and_less_of_it_helps(dataset, changes):
    hp = HELD.replace(**changes)
    history = train(dataset, hp)
    first = next(finding for finding in tc.diagnose(history) if finding.kind in VERDICTS)
    assert first.kind == "over_regularised"
    (name,) = changes
    assert set(first.remedies[0].changes) == {name}
    assert first.remedies[0].changes[name] < changes[name]
    better = train(dataset, hp.replace(**first.remedies[0].changes))
    assert better.val_loss.min() < 0.92 * history.val_loss.min()


def test_none_or_little_is_not_too_much(dataset):
    for hp in (HELD, HELD.replace(l2=1e-5), HELD.replace(dropout=0.05)):
        assert "over_regularised" not in {finding.kind for finding in tc.diagnose(train(dataset, hp))}


@pytest.mark.parametrize("reins", [{"l2": np.log(0.3)}, {"dropout": 0.8}, {"l2": np.log(1e-5), "dropout": 0.0}, {}])
def test_a_model_without_reins_cannot_be_held_by_them(reins):
    nothing = {"train_end_vs_dummy": 0.0, "linear_vs_dummy": -1.0, "up_total": 1.0, "rise": 0.0, "exploded": 0.0}
    kinds = ("oscillating", "overfitting", "too_slow", "underfitting", "over_regularised", "healthy")
    votes = dict.fromkeys(kinds, 0.1) | {"over_regularised": 0.9}
    said = verdicts(RunSigns(nothing | reins, votes, dict.fromkeys(kinds, 0.5)))
    held = reins.get("dropout", 0.0) > 0 or reins.get("l2", -12.0) > np.log(2e-5)
    assert said == ["over_regularised" if held else "oscillating"]
