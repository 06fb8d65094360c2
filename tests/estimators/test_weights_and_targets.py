"""Weights of rows, targets far from zero, and targets and features of other shapes than a network takes."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse
from sklearn.metrics import r2_score
from sklearn.multioutput import MultiOutputRegressor

import tuning_core as tc

SMALL = {"hidden_units": (8,), "epochs": 30, "batch_size": 16, "random_state": 0}


@pytest.fixture(scope="module")
def line():
    random = np.random.default_rng(0)
    X = random.normal(size=(200, 3))
    return X, X @ [3.0, -2.0, 1.0] + 0.05 * random.normal(size=200)


def test_rows_of_weight_zero_are_as_good_as_not_there_with_early_stopping(line):
    """Wild targets of weight 0: the curves and predictions are those of a fit on the other rows."""
    X, y = line
    weights = np.where(np.arange(200) % 3 == 0, 0.0, 1.0)
    wild = np.where(weights == 0, 1e4 * np.sign(y), y)
    stopping = {**SMALL, "epochs": 60, "learning_rate": 0.03, "early_stopping": True, "patience": 8}
    weighted = tc.StackedMLPRegressor(**stopping).fit(X, wild, weights)
    without = tc.StackedMLPRegressor(**stopping).fit(X[weights > 0], y[weights > 0])
    assert weighted.history_["val_loss"] == pytest.approx(without.history_["val_loss"], rel=1e-5)
    assert weighted.best_epoch_ == without.best_epoch_
    np.testing.assert_allclose(weighted.predict(X), without.predict(X), rtol=1e-4, atol=1e-4)
    assert r2_score(y[weights > 0], weighted.predict(X[weights > 0])) > 0.98


def test_weights_count_among_the_rows_that_early_stopping_watches(line):
    """The recorded validation loss is the weighted mean of NumPy over the rows set aside, by the weights that were kept."""
    X, y = line
    weights = np.random.default_rng(1).choice([0.2, 1.0, 5.0], 200)
    model = tc.StackedMLPRegressor(**SMALL, early_stopping=True, patience=40)
    _, inner = model._inner_split(y, int(np.random.RandomState(0).randint(2**31 - 1)))
    model.fit(X, y, weights)
    errors = (model.predict(X[inner]) - y[inner]) ** 2
    assert model.history_["val_loss"][model.best_epoch_ - 1] == pytest.approx(
        np.average(errors, weights=weights[inner]), rel=1e-3
    )


def test_all_weights_zero_is_refused(line):
    with pytest.raises(ValueError, match="non-zero"):
        tc.StackedMLPRegressor(**SMALL).fit(*line, np.zeros(200))


@pytest.mark.parametrize("offset", [1e8, 1e9, 1.7e12])
def test_targets_far_from_zero_keep_their_digits(line, offset):
    """The predictions are those for the same targets near zero, moved: to float32's digits of the spread, or float64's of all."""
    X, y = line
    longer = {**SMALL, "epochs": 60}
    near = tc.StackedMLPRegressor(**longer).fit(X, y).predict(X)
    far = tc.StackedMLPRegressor(**longer).fit(X, y + offset).predict(X)
    assert far.dtype == np.float64
    np.testing.assert_allclose(far - offset, near, rtol=0, atol=1e-5 + 2 * np.spacing(offset))
    assert r2_score(y + offset, far) > 0.99


def test_targets_of_several_columns_are_refused_with_the_way_out(line):
    X, y = line
    both = np.column_stack([y, -y])
    with pytest.raises(ValueError, match=r"2 columns.*MultiOutputRegressor"):
        tc.StackedMLPRegressor(**SMALL).fit(X, both)
    assert MultiOutputRegressor(tc.StackedMLPRegressor(**SMALL)).fit(X, both).predict(X).shape == (200, 2)
    with pytest.raises(ValueError, match=r"one-hot classes.*argmax"):
        tc.StackedMLPClassifier(**SMALL).fit(X, np.eye(3, dtype=int)[np.arange(200) % 3])
    questions = np.column_stack([y > 0, X[:, 0] > 0])  # not one-hot: some rows have none or both
    with pytest.raises(ValueError, match="MultiOutputClassifier"):
        tc.StackedMLPClassifier(**SMALL).fit(X, questions)


def test_dates_are_refused_with_the_way_out(line):
    with pytest.raises(ValueError, match=r"dates or durations.*days from a fixed day"):
        tc.StackedMLPRegressor(**SMALL).fit(line[0], np.datetime64("2024-01-01") + np.arange(200))


def test_a_score_can_be_watched(line):
    X, y = line
    model = tc.StackedMLPRegressor(**SMALL, early_stopping=True, patience=3, monitor="r2").fit(X, 1e9 + y)
    scores = model.history_["val_score"]
    assert scores[model.best_epoch_ - 1] == max(scores) and 0.9 < max(scores) <= 1


def test_sparse_features_are_refused_with_the_way_out(line):
    X, y = line
    with pytest.raises(TypeError, match="toarray"):
        tc.StackedMLPRegressor(**SMALL).fit(sparse.csr_array(X), y)
