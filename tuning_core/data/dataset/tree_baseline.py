"""Trees as a baseline: scikit-learn's gradient boosting with its defaults, which few untuned networks beat on a table.

The features are those of the network (medians for gaps, one column a level), because only then is the model compared and not
its encoding. Scaling does not matter to trees. The loss is scikit-learn's default, whatever the network minimises.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from tuning_core.data.dataset.baselines import class_scores, learned_target, number_scores, own_units
from tuning_core.data.dataset.dataset import Dataset
from tuning_core.data.dataset.preparation import Preparation

MAX_CELLS = 20_000_000  # rows times features times models (one a class): about a minute on one core

_known: WeakKeyDictionary[Dataset, dict[str, float]] = WeakKeyDictionary()


def tree_prediction(dataset: Dataset, preparation: Preparation, fit_rows: np.ndarray, rows: np.ndarray) -> np.ndarray | None:
    """Trees of `fit_rows` for `rows`: (rows,) in the target's units, or shares (rows, classes).

    None where there is more data than a baseline is worth, or where the trees cannot be grown: it must never stop a run.
    """
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

    n_classes = len(dataset.classes)
    X, y = preparation.transform(dataset.frame, fit_rows), dataset.target_values[fit_rows]
    weights = None if dataset.weights is None else dataset.weights[fit_rows]
    if X.size * (n_classes if n_classes > 2 else 1) > MAX_CELLS:
        return None
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            if dataset.task == "regression":
                y = learned_target(y, dataset.target_transform)
                mean, scale = np.mean(y), np.std(y) or 1.0  # squares of large targets must not overflow
                model = HistGradientBoostingRegressor(random_state=0).fit(X, (y - mean) / scale, weights)
                found = model.predict(preparation.transform(dataset.frame, rows)) * scale + mean
                return np.asarray(own_units(found, dataset.target_transform))
            classifier = HistGradientBoostingClassifier(random_state=0).fit(X, y, weights)
            shares = np.zeros((len(rows), n_classes))
            shares[:, classifier.classes_] = classifier.predict_proba(preparation.transform(dataset.frame, rows))
            return shares
        except (ValueError, ArithmeticError, MemoryError):
            return None


def tree_scores(dataset: Dataset) -> dict[str, float]:
    """What trees of the training rows reach on the validation rows: by the name of each loss, and "metric".

    The losses are "mse" and "mae" of what is learned of the target, or "binary_crossentropy" and
    "sparse_categorical_crossentropy" (natural logarithm); the metric is the MAE or the accuracy. {} where there are no such
    trees. Worked out once a dataset.
    """
    if dataset not in _known:
        train, validation = dataset.rows.train, dataset.rows.validation
        predicted = tree_prediction(dataset, dataset.prepare(), train, validation)
        found = {} if predicted is None else _scores(dataset, predicted, validation)
        if predicted is not None and dataset.task == "classification":
            found |= _balanced_scores(dataset, predicted, train, validation)
        _known[dataset] = found
    return _known[dataset]


def _scores(dataset: Dataset, predicted: np.ndarray, rows: np.ndarray) -> dict[str, float]:
    """As those of the other baselines: rows count by their weights, the loss is of what is learned."""
    y, weights = dataset.target_values[rows], None if dataset.weights is None else dataset.weights[rows]
    if dataset.task == "regression":
        both = [number_scores(predicted, y, loss, weights, dataset.target_transform) for loss in ("mse", "mae")]
        return _finite({"mse": both[0][0], "mae": both[1][0], "metric": both[0][1]})
    entropy, right = class_scores(predicted, y, weights)
    return _finite({"binary_crossentropy": entropy, "sparse_categorical_crossentropy": entropy, "metric": right})


def _balanced_scores(dataset: Dataset, predicted: np.ndarray, train: np.ndarray, rows: np.ndarray) -> dict[str, float]:
    """The losses under balanced class weights, "balanced_..." before their names: shares and rows both weighed by class."""
    y, own = dataset.target_values, np.ones(len(dataset.target_values)) if dataset.weights is None else dataset.weights
    counts = np.bincount(y[train], weights=own[train], minlength=predicted.shape[1])
    by_class = np.divide(1.0, counts, out=np.zeros(len(counts)), where=counts > 0)
    shares = predicted * by_class
    entropy, _ = class_scores(shares / shares.sum(axis=1, keepdims=True), y[rows], own[rows] * by_class[y[rows]])
    return _finite({"balanced_binary_crossentropy": entropy, "balanced_sparse_categorical_crossentropy": entropy})


def tree_facts(scores: Mapping[str, float], context: Mapping[str, Any]) -> dict[str, Any]:
    """As `History.context` has them: "tree_loss" in the loss that is recorded, and "tree_metric"; None where not known."""
    weighed = "balanced_" if context.get("loss_weights") == "balanced" else ""
    return {"tree_loss": scores.get(f"{weighed}{context.get('loss_name')}"), "tree_metric": scores.get("metric")}


def _finite(scores: dict[str, float]) -> dict[str, float]:
    return {name: value for name, value in scores.items() if np.isfinite(value)}
