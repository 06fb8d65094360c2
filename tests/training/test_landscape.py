"""Weights on the way, and the loss around them: against the run's own model, plain Keras and scikit-learn."""

from __future__ import annotations

import keras
import numpy as np
import pytest
from sklearn.decomposition import PCA

import tuning_core as tc
from tests.support.datasets import make_dataset
from tests.support.folds import make_task_fold
from tuning_core.experiment import EarlyStopping
from tuning_core.training.fold import make_fold
from tuning_core.training.landscape import flat, landscape, losses_at
from tuning_core.training.layers import build_keras
from tuning_core.training.trajectory import geometric_epochs, trajectories

HP = tc.Hyperparameters(hidden_units=(6,), epochs=30, batch_size=16, activation="tanh")
SIZE = 10_000


@pytest.mark.parametrize(("last", "kept"), [(1, 1), (3, 2), (30, 17), (10_000, 777), (10_000, 10_000)])
def test_epochs_hold_the_first_the_kept_and_the_last(last, kept):
    marks = geometric_epochs(last, kept)
    assert marks == tuple(sorted(set(marks))) and len(marks) <= 24
    assert {1, kept, last} <= set(marks) <= set(range(1, last + 1))
    assert last <= 3 or np.diff(marks)[0] < np.diff(marks)[-1]  # denser at the start


@pytest.mark.parametrize("task", ["regression", "classification"])
def test_weights_on_the_way_are_those_of_the_run(task):
    dataset = make_dataset(task)
    hp = HP.replace(dropout=0.2, early_stopping=EarlyStopping(patience=5), learning_rate=0.05)
    run = tc.train(dataset, hp, seeds=(3,)).trials[0]
    fold = make_fold(dataset, hp, run.preparation, dataset.rows.train, dataset.rows.validation)
    marks = geometric_epochs(len(run.history), run.kept_epoch)
    path, slow = trajectories(fold, [hp, hp.replace(learning_rate=0.0005)], 3, marks, SIZE)
    assert path.epochs == slow.epochs == (0, *marks)
    for again, kept in zip(path.weights[path.epochs.index(run.kept_epoch)], run.weights, strict=True):
        np.testing.assert_allclose(again, kept, rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(path.history.val_loss, run.history.val_loss, rtol=1e-5)
    shapes = [w.shape for w in run.weights]
    drawn = losses_at(np.stack([flat(w) for w in path.weights[1:]]), shapes, fold, hp)
    np.testing.assert_allclose(drawn, run.history.val_loss[np.array(marks) - 1], rtol=1e-4)


CASES = [
    ("regression", "mse", {}),
    ("regression", "mae", {"loss": "mae", "hidden_units": (5, 4), "activation": "gelu"}),
    ("two classes", "binary_crossentropy", {}),
    ("three classes", "sparse_categorical_crossentropy", {"activation": "relu"}),
]


@pytest.mark.parametrize(("task", "loss", "changes"), CASES)
def test_the_grid_is_what_keras_says_of_these_weights(task, loss, changes):
    fold, hp = make_task_fold(task), HP.replace(**changes)
    paths = trajectories(fold, [hp, hp.replace(learning_rate=1.0)], 0, range(1, 31, 3), SIZE)
    found = landscape(fold, hp, paths, kept=28)
    assert (found.side, found.rows) == ("validation", len(fold.y_val))
    model = build_keras(hp, fold.x_train.shape[1], fold.n_outputs, fold.task)
    model.compile(loss=loss, run_eagerly=True)
    shapes = [w.shape for w in model.get_weights()]
    for i, j in ((0, 0), (7, 30), (16, 16), (32, 5)):
        vector = found.plane.origin + found.x[j] * found.plane.directions[0] + found.y[i] * found.plane.directions[1]
        cuts = np.cumsum([np.prod(s) for s in shapes])[:-1]
        model.set_weights([part.reshape(s) for part, s in zip(np.split(vector, cuts), shapes, strict=True)])
        assert found.loss[i, j] == pytest.approx(model.evaluate(fold.x_val, fold.y_val, verbose=0), rel=1e-3)
    keras.backend.clear_session()


def test_the_plane_is_that_of_the_principal_components_through_the_kept_weights():
    fold = make_task_fold("regression")
    (path,) = trajectories(fold, [HP], 0, range(1, 31, 3), SIZE)
    found = landscape(fold, HP, [path], kept=19)
    points = np.stack([flat(w) for w in path.weights])
    pca = PCA(2).fit(points)
    np.testing.assert_allclose(found.plane.explained, pca.explained_variance_ratio_, rtol=1e-5)
    np.testing.assert_allclose(np.abs(pca.components_ @ found.plane.directions.T), np.eye(2), atol=1e-4)
    places, off = found.plane.place(path.weights)
    assert not places[path.epochs.index(19)].any() and off.max() < 1
    around = found.x[[0, -1]], found.y[[0, -1]]
    assert all(low <= v.min() and v.max() <= high for (low, high), v in zip(around, places.T, strict=True))


def test_what_cannot_be_drawn_is_refused_in_words():
    fold = make_task_fold("regression")
    with pytest.raises(tc.UserError, match=r"43 weights, but .* up to 40"):
        trajectories(fold, [HP], 0, (1, 2), 40)
    (still,) = trajectories(fold, [HP], 0, (1,), SIZE)
    with pytest.raises(tc.UserError, match="two epochs"):
        landscape(fold, HP, [still], kept=1)
