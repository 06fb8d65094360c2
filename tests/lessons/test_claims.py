"""Every claim of every chapter, trained on the sample and on two other tables; and the measures, worked out another way."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import confusion_matrix, recall_score

import tuning_core as tc
from tests.support.paths import SAMPLES
from tuning_core.lessons import chapters, check, measure_trial, speaks_of
from tuning_core.training.fold import make_fold
from tuning_core.training.layers import build_keras

BY_NAME = {chapter.name: chapter for chapter in chapters()}
TARGETS = {"insurance": "charges", "penguins": "species", "breast_cancer": "diagnosis"}
WEAK = BY_NAME["class_weights"].features  # two columns of the breast cancer sample


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
    if chapter.features:
        table = tc.read_table(SAMPLES / f"{chapter.sample}.csv")
        own = tc.Dataset(table, target=TARGETS[chapter.sample], features=chapter.features)
    else:
        own = sample if chapter.sample == "insurance" else tables[chapter.sample]
    found = check(chapter, own)
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


@pytest.mark.parametrize(
    ("table", "target", "features", "rare"),
    [("breast_cancer", "diagnosis", WEAK, "malignant"), ("penguins", "species", ("body_mass_g", "sex"), "Chinstrap")],
)
def test_what_is_found_of_the_rarest_class_is_what_scikit_learn_says_of_keras(table, target, features, rare):
    """The kept weights in a Keras model, its answers in scikit-learn."""
    dataset = tc.Dataset(tc.read_table(SAMPLES / f"{table}.csv"), target=target, features=features)
    stopping = tc.EarlyStopping(patience=3, restore_best_weights=True)
    hp = tc.Hyperparameters(epochs=12, hidden_units=(8,), batch_size=16, class_weight="balanced", early_stopping=stopping)
    (trial,) = tc.train(dataset, hp, (3,)).trials
    fold = make_fold(dataset, hp, dataset.prepare(), dataset.rows.train, dataset.rows.validation)
    model = build_keras(hp, fold.x_train.shape[1], fold.n_outputs, fold.task)
    model.set_weights(list(trial.weights))
    outputs = model.predict(fold.x_val, verbose=0)
    classes = np.array(dataset.classes)
    answers = classes[(outputs[:, 0] > 0.5).astype(int) if outputs.shape[1] == 1 else outputs.argmax(axis=1)]
    truth = classes[dataset.target_values[dataset.rows.validation].astype(int)]
    found = recall_score(truth, answers, labels=[rare], average=None)[0]
    table_of = confusion_matrix(truth == rare, answers == rare)
    assert found > 0 and measure_trial(trial, "rare_found") == pytest.approx(found)
    assert measure_trial(trial, "rare_alarms") == pytest.approx(table_of[0, 1] / table_of[0].sum())
    regression = tc.Trial(0, hp, 0, tc.History.from_arrays([1.0]), "finished")
    assert np.isnan(measure_trial(regression, "rare_found"))


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
