"""The quiz on one's own table: real trainings become items that the validation rows decide."""

from __future__ import annotations

import numpy as np
import pytest

import tuning_core as tc
from tests.support.paths import SAMPLES
from tuning_core.lessons.own_quiz import RUNS, SEEDS, own_quiz, own_settings, own_ways
from tuning_core.lessons.quiz_words import moved


@pytest.fixture(scope="module")
def histories():
    """By trial number, as the engine stores them."""
    dataset = tc.Dataset(tc.read_table(SAMPLES / "insurance.csv"), target="charges")
    trained = [tc.train(dataset, hp, SEEDS) for hp in own_settings()[: 2 * len(own_ways(RUNS[0]))]]
    return dict(enumerate(trial.history for run in trained for trial in run.trials))


@pytest.mark.trains
@pytest.mark.slow
def test_trainings_become_items_whose_gains_are_those_of_the_validation_rows(histories):
    items = own_quiz(histories, "mine", "r")
    assert {item.kind for item in items} <= {"verdict", "predict", "cure"}
    named = next(item for item in items if item.id == "verdict-own-r-0")
    # a rate of 0.0003 for 60 epochs: three times the epochs lower the lowest validation loss, mean over the seeds
    long = np.mean([np.min(histories[seed].val_loss) for seed in range(3)])
    own = np.mean([np.min(histories[seed].val_loss[:60]) for seed in range(3)])
    assert named.answer == "Too slow"
    assert f"validation rows: {moved(round(1 - long / own, 4))} with three times the epochs" in named.explanations["Too slow"]
    assert all(item.table == "mine" and not len(item.unseen) and item.unseen_words == "validation rows" for item in items)


def test_a_run_that_lacks_a_training_is_left_out():
    assert own_quiz({}, "mine", "r") == []
    assert len(own_settings()) == len(RUNS) * 6 and len({hp.to_json().__repr__() for hp in own_settings()}) == len(own_settings())
