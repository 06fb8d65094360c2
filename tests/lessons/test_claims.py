"""Every claim of every chapter, trained on the sample and on two other tables; and the measures, worked out another way."""

from __future__ import annotations

import numpy as np
import pytest

import tuning_core as tc
from tests.support.paths import SAMPLES
from tuning_core.lessons import chapters, check, measure_trial, speaks_of

BY_NAME = {chapter.name: chapter for chapter in chapters()}
TARGETS = {"insurance": "charges", "penguins": "species", "breast_cancer": "diagnosis"}


@pytest.fixture(scope="module")
def tables():
    return {
        name: tc.Dataset(tc.read_table(SAMPLES / f"{name}.csv"), target=target, split=tc.Split(method="stratified"))
        for name, target in TARGETS.items()
    }


@pytest.fixture(scope="module")
def sample():
    """The sample as the page splits it."""
    return tc.Dataset(tc.read_table(SAMPLES / "insurance.csv"), target="charges")


@pytest.mark.slow
@pytest.mark.parametrize("name", BY_NAME)
def test_what_a_chapter_claims_happens_on_its_sample(name, tables, sample):
    chapter = BY_NAME[name]
    found = check(chapter, sample if chapter.sample == "insurance" else tables[chapter.sample])
    assert [result.claim.text for result in found.results if not result.holds] == []
    assert all(np.isfinite(result.left).all() and np.isfinite(result.right).all() for result in found.results)


@pytest.mark.slow
@pytest.mark.parametrize("table", ["penguins", "breast_cancer"])
@pytest.mark.parametrize("name", ["learning_rate", "batch_and_rate", "changing_the_model", "baselines"])
def test_elsewhere_a_claim_holds_or_the_sentence_says_that_it_does_not(name, table, tables):
    for result in check(BY_NAME[name], tables[table]).results:
        if result.holds is None:
            dataset = tables[table]
            assert not speaks_of(result.claim.needs, dataset.task, len(dataset.classes)) and "needs" in result.sentence
        elif result.holds:
            assert result.shown >= result.claim.share * len(result.left) and "happened with" in result.sentence
        else:
            assert "luck" in result.sentence or "does not happen" in result.sentence


def test_the_measures_are_what_the_arrays_say():
    train = np.array([4.0, 3.0, 2.0, 1.0, 1.5, 0.5, 1.5, 0.5])
    val = np.array([5.0, 4.0, 3.0, 2.0, 2.5, 2.0, 1.5, 3.0])
    history = tc.History.from_arrays(train, train, val, train, val, {"dummy_loss": 6.0, "linear_loss": 2.0})
    stopping = tc.EarlyStopping(patience=1, restore_best_weights=True)
    trial = tc.Trial(0, tc.Hyperparameters(epochs=8, early_stopping=stopping), 0, history, "stopped_early", best_epoch=7)
    expected = {
        "train_last": 0.5,
        "val_last": 3.0,
        "val_best": 1.5,
        "val_kept": 1.5,
        "gap": 6.0,
        # second half of training: 1.5, 0.5, 1.5, 0.5; each inner one lies 1 from the middle of its neighbours
        "swings": 1.0 / 6.0,
        "learned": 1 - 1.5 / 6.0,
        "over_linear": 1 - 1.5 / 2.0,
        "epochs": 8,
        "best_epoch": 7,
    }
    assert {name: measure_trial(trial, name) for name in expected} == pytest.approx(expected)
