""" "Predict the change": every item trains again on its own table, split and seed, and what was recorded comes again."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pytest
from sklearn import datasets as sklearn_tables

import tuning_core as tc
from pages.state.samples import FOLDER
from tuning_core.lessons import quiz_items
from tuning_core.lessons.asked_change import ITEM_SEED, asked_change
from tuning_core.lessons.quiz_tables import QUIZ_TABLES, ROWS
from tuning_core.lessons.quiz_writing import APART, curves_apart

ITEMS = [item for item in quiz_items() if item.kind == "predict"]
AGREED = 0.02  # mean difference of logarithms; curves to choose among are apart by 0.15
TRAINED = ("rings", "friedman3")  # tables that are small: an item of each trains here


def test_every_such_item_can_be_trained_again_and_asks_for_another_change():
    assert len(ITEMS) >= 10 and len({item.made_from for item in ITEMS}) >= 8
    for item in ITEMS:
        change = asked_change(item)
        assert item.made_from in QUIZ_TABLES and item.table == QUIZ_TABLES[item.made_from].words
        assert change.before != change.after and change.words in item.question
        apart = curves_apart(*(tuple(v[: len(item.history)] for v in pair) for pair in change.recorded))
        assert apart >= APART if item.panels_first else apart == 0, "more epochs begin with the same ones"
    assert len({asked_change(item).words for item in ITEMS}) >= 5
    assert all(asked_change(item) is None for item in quiz_items() if item.kind != "predict")


@pytest.mark.trains
@pytest.mark.parametrize("words", TRAINED)
def test_what_was_recorded_comes_again(words):
    item = next(item for item in ITEMS if item.table == words)
    table, change = QUIZ_TABLES[item.made_from], asked_change(item)
    dataset = tc.Dataset.from_spec(tc.read_table(table.csv, filename="made.csv"), table.setup)
    assert item.history.context["n_train"] == len(dataset.rows.train)
    for hp, recorded in zip((change.before, change.after), change.recorded, strict=True):
        history = tc.train(dataset, hp, (ITEM_SEED,)).trials[0].history
        assert curves_apart((history.train_loss, history.val_loss), recorded) < AGREED
        np.testing.assert_allclose(history.val_loss[0], recorded[1][0], rtol=0.01)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("friedman1", lambda seed: sklearn_tables.make_friedman1(ROWS, noise=1.5, random_state=seed)),
        ("friedman2", lambda seed: sklearn_tables.make_friedman2(ROWS, noise=150.0, random_state=seed)),
        ("friedman3", lambda seed: sklearn_tables.make_friedman3(ROWS, noise=0.15, random_state=seed)),
        ("sparse", lambda seed: sklearn_tables.make_sparse_uncorrelated(ROWS, random_state=seed)),
        ("ball", lambda seed: sklearn_tables.make_hastie_10_2(ROWS, random_state=seed)),
    ],
)
def test_a_formula_is_that_of_scikit_learn(name, other):
    table = QUIZ_TABLES[f"quiz_{name}"]
    x, y = other(table.seed)
    frame = pd.read_csv(io.BytesIO(table.csv))
    np.testing.assert_allclose(frame.to_numpy()[:, :-1].astype(float), x, rtol=1e-4)
    own = frame[table.target]
    if table.classes:
        assert own.tolist() == [table.classes[int(v > 0)] for v in y]
    else:
        np.testing.assert_allclose(own, y, rtol=1e-4)


def test_the_other_tables_are_what_their_words_say():
    rings = pd.read_csv(io.BytesIO(QUIZ_TABLES["quiz_rings"].csv))
    radius = np.hypot(rings.x1, rings.x2).groupby(rings.ring).median()
    assert radius["inner"] == pytest.approx(0.5, abs=0.1) and radius["outer"] == pytest.approx(1.0, abs=0.1)
    for table in QUIZ_TABLES.values():
        assert table.csv == table.csv if table.make else (FOLDER / table.file).exists()
