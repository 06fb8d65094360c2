"""The estimators against scikit-learn's conformance suite, against plain Keras, and in scikit-learn's company."""

from __future__ import annotations

import pickle

import keras
import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.datasets import make_classification, make_regression
from sklearn.ensemble import BaggingRegressor
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

import tuning_core as tc

SMALL = {"hidden_units": (8,), "epochs": 30, "random_state": 0}


@pytest.fixture(scope="module")
def numbers():
    X, y = make_regression(150, 4, noise=5.0, random_state=0)
    return X, 1000 + 10 * y


@pytest.fixture(scope="module")
def classes():
    X, y = make_classification(180, 5, n_informative=4, n_redundant=0, n_classes=3, random_state=1)
    return X, np.array(["ash", "birch", "cedar"])[y]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@parametrize_with_checks([tc.StackedMLPRegressor(), tc.StackedMLPClassifier()])
def test_the_conformance_suite_of_scikit_learn(estimator, check):
    check(estimator)


def as_keras(model, n_features, final):
    net = keras.Sequential([keras.Input((n_features,))])
    for kernel in model.coefs_[:-1]:
        net.add(keras.layers.Dense(kernel.shape[1], activation=model.activation))
    net.add(keras.layers.Dense(model.coefs_[-1].shape[1], activation=final))
    net.set_weights([w for pair in zip(model.coefs_, model.intercepts_, strict=True) for w in pair])
    return net


@pytest.fixture(scope="module")
def fitted(numbers, classes):
    return (
        tc.StackedMLPRegressor((8, 5), activation="tanh", epochs=3, random_state=0).fit(*numbers),
        tc.StackedMLPClassifier((8, 5), activation="tanh", epochs=3, random_state=0).fit(*classes),
    )


@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid", "elu", "gelu", "linear"])
def test_predictions_are_those_of_keras_with_the_same_weights(numbers, classes, fitted, activation):
    """What each activation does to the weights that another one has trained is as good a proof, without a program for each."""
    regressor, classifier = (model.set_params(activation=activation) for model in fitted)
    (X, _), (points, _) = numbers, classes
    theirs = np.asarray(as_keras(regressor, 4, None)(X))[:, 0] * regressor.target_scale_ + regressor.target_offset_
    np.testing.assert_allclose(regressor.predict(X), theirs, rtol=1e-4, atol=1e-2)
    theirs = np.asarray(as_keras(classifier, 5, "softmax")(points))
    np.testing.assert_allclose(classifier.predict_proba(points), theirs, rtol=1e-4, atol=1e-6)
    assert classifier.predict(points).tolist() == classifier.classes_[theirs.argmax(axis=1)].tolist()


def test_they_learn(numbers, classes):
    assert tc.StackedMLPRegressor(random_state=0).fit(*numbers).score(*numbers) > 0.98
    assert tc.StackedMLPClassifier(random_state=0).fit(*classes).score(*classes) > 0.9
    X, y = classes
    two = tc.StackedMLPClassifier(random_state=0).fit(X, y == "ash")
    assert two.classes_.tolist() == [False, True]
    assert two.score(X, y == "ash") > 0.9


def test_history_and_early_stopping(numbers, classes):
    plain = tc.StackedMLPRegressor(**SMALL).fit(*numbers)
    assert list(plain.history_) == ["loss"]
    assert len(plain.history_["loss"]) == plain.n_iter_ == 30
    assert plain.history_["loss"][-1] < plain.history_["loss"][0]
    stopping = tc.StackedMLPRegressor(
        hidden_units=(8,), epochs=500, learning_rate=0.1, early_stopping=True, patience=3, random_state=0
    ).fit(*numbers)
    assert stopping.n_iter_ < 500
    assert sorted(stopping.history_) == ["loss", "val_loss", "val_mae"]
    assert stopping.best_epoch_ == np.argmin(stopping.history_["val_loss"]) + 1 == stopping.n_iter_ - 3
    classifier = tc.StackedMLPClassifier(**SMALL, early_stopping=True).fit(*classes)
    assert sorted(classifier.history_) == ["loss", "val_accuracy", "val_loss"]


def test_every_class_trains_even_when_rows_are_set_aside(classes):
    X, y = classes
    y = y.copy()
    y[7] = "only one"
    for seed in range(5):
        job = tc.StackedMLPClassifier(early_stopping=True, random_state=seed)._job(X.astype(np.float32), y, None)
        assert len(np.unique(job.fold.y_train)) == 4


def test_weights_count_like_repetitions_in_small_batches_too(numbers):
    """Exactly so in one batch (the conformance suite); with several batches a weight of zero is as good as no row."""
    X, y = numbers
    weights = np.r_[np.ones(100), np.zeros(50)]
    with_zeros = tc.StackedMLPRegressor(**SMALL, batch_size=16).fit(X, y, sample_weight=weights)
    without = tc.StackedMLPRegressor(**SMALL, batch_size=16).fit(X[:100], y[:100])
    np.testing.assert_allclose(with_zeros.predict(X), without.predict(X), rtol=1e-5)
    heavy = np.where(np.arange(150) < 75, 100.0, 1.0)
    leaning = tc.StackedMLPRegressor((), epochs=100, random_state=0).fit(X, np.where(np.arange(150) < 75, 5.0, 1.0), heavy)
    assert leaning.predict(X).mean() > 4.8


def test_class_weights(classes):
    X, y = classes
    few = np.r_[np.flatnonzero(y == "ash")[:5], np.flatnonzero(y == "birch")]
    plain = tc.StackedMLPClassifier((), epochs=50, random_state=0).fit(X[few], y[few])
    balanced = tc.StackedMLPClassifier((), epochs=50, class_weight="balanced", random_state=0).fit(X[few], y[few])
    assert (balanced.predict(X) == "ash").sum() > (plain.predict(X) == "ash").sum()


def test_random_state(numbers):
    X, y = numbers
    first = tc.StackedMLPRegressor(**SMALL).fit(X, y).predict(X)
    assert (tc.StackedMLPRegressor(**SMALL).fit(X, y).predict(X) == first).all()
    assert (tc.StackedMLPRegressor(**{**SMALL, "random_state": 1}).fit(X, y).predict(X) != first).any()
    twice = tc.StackedMLPRegressor(**{**SMALL, "random_state": None})
    assert (clone(twice).fit(X, y).predict(X) != clone(twice).fit(X, y).predict(X)).any()


def test_pickle_clone_and_pandas(numbers):
    X, y = numbers
    frame = pd.DataFrame(X, columns=list("abcd"))
    pipe = make_pipeline(StandardScaler(), tc.StackedMLPRegressor(**SMALL)).set_output(transform="pandas").fit(frame, y)
    assert pipe[-1].feature_names_in_.tolist() == list("abcd")
    again = pickle.loads(pickle.dumps(pipe))
    np.testing.assert_array_equal(again.predict(frame), pipe.predict(frame))
    assert not hasattr(clone(pipe)[-1], "coefs_")
    assert clone(pipe)[-1].get_params() == pipe[-1].get_params()


def test_inside_other_estimators_and_joblib(numbers):
    X, y = numbers
    scores = cross_val_score(tc.StackedMLPRegressor(**SMALL), X, y, cv=3, n_jobs=2)
    assert scores.shape == (3,)
    bag = BaggingRegressor(tc.StackedMLPRegressor(**SMALL), n_estimators=3, random_state=0).fit(X, y)
    assert bag.predict(X).shape == (150,)


@pytest.mark.parametrize(
    ("params", "word"),
    [
        ({"learning_rate": -1}, "learning_rate"),
        ({"activation": "swoosh"}, "swoosh"),
        ({"epochs": 0}, "epochs"),
        ({"hidden_units": 8}, "hidden_units"),
        ({"early_stopping": True, "validation_fraction": 1.5}, "validation_fraction"),
        ({"early_stopping": True, "patience": -2}, "patience"),
    ],
)
def test_bad_parameters_are_named(numbers, params, word):
    with pytest.raises(tc.UserError, match=word):
        tc.StackedMLPRegressor(**params).fit(*numbers)


def test_divergence_is_an_error_that_says_what_to_do(numbers):
    with pytest.raises(ValueError, match=r"diverged.*learning_rate below 100"):
        tc.StackedMLPRegressor(optimizer="sgd", learning_rate=100.0, random_state=0).fit(*numbers)
