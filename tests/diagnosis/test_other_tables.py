"""The kinds of the lesson's cases on other inputs: the public tables "titanic" (two classes) and "concrete" (a number).

The curves are recorded, two seeds each: Adam, one layer of 64 units, batches of 16, 100 epochs, but for what a name says; the
rate is 0.01, with a penalty, dropout or an early stop 0.003, and 0.0005 where the stop comes too early.
"""

from __future__ import annotations

import gzip
import json

import pytest

import tuning_core as tc
from tests.support.paths import OTHER_TABLES_CURVES
from tuning_core.diagnosis import VERDICTS, diagnose_seeds

with gzip.open(OTHER_TABLES_CURVES, "rt") as file:
    CURVES = {name: [tc.History.from_json(h) for h in histories] for name, histories in json.load(file).items()}
STOP, SLOW, LOWER = "early_stopping", ("too_slow", "learning_rate", 0.001), ("oscillating", "learning_rate", None)
# the verdict that comes first, the field that its first remedy changes, and the value where there is one right one
EXPECTED = {
    **{f"{table}, rate {rate}": SLOW for table in ("titanic", "concrete") for rate in ("3e-08", "5e-07", "1e-05")},
    **{f"{table}, rate 3": LOWER for table in ("titanic", "concrete")},
    **{f"{table}, l2 0.3": ("over_regularised", "l2", 0.003) for table in ("titanic", "concrete")},
    **{f"{table}, dropout 0.8": ("over_regularised", "dropout", 0.27) for table in ("titanic", "concrete")},
    **{f"{table}, stop early": ("too_slow", STOP, None) for table in ("titanic", "concrete")},
    **{f"{table}, two layers 400": ("overfitting", STOP, None) for table in ("titanic", "concrete")},
    "titanic, batch 3": ("overfitting", STOP, None),
    "concrete, batch 3": LOWER,
    "concrete, batch 500": ("too_slow", "epochs", 300),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_the_verdict_and_the_first_remedy_are_a_teachers(name):
    first = next(finding for finding in diagnose_seeds(CURVES[name]) if finding.kind in VERDICTS)
    kind, field, value = EXPECTED[name]
    assert first.kind == kind
    (changed,) = first.remedies[0].changes
    assert changed == field
    if value is not None:
        assert first.remedies[0].changes[field] == value
    if name.endswith("rate 3"):
        assert first.remedies[0].changes[field] <= 0.3


@pytest.mark.parametrize("name", CURVES)
def test_every_button_is_a_training_of_its_own_and_none_asks_for_the_opposite(name):
    for history in CURVES[name]:
        settings = tc.Hyperparameters.from_json(history.context["hyperparameters"])
        buttons = [r.changes for finding in tc.diagnose(history) for r in finding.remedies]
        trained = [settings.replace(**changes) for changes in buttons]
        assert all(new != settings for new in trained)
        assert all(new not in trained[:i] for i, new in enumerate(trained))
        rates = {changes["learning_rate"] > settings.learning_rate for changes in buttons if set(changes) == {"learning_rate"}}
        assert len(rates) <= 1
        if len(history) < settings.epochs:  # an early stop
            assert all("epochs" not in changes for changes in buttons)
