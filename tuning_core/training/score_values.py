"""Scores of trained weights on some rows: the values that `experiment.scores` names. NumPy and scikit-learn; no keras."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin

from tuning_core.errors import SettingsError
from tuning_core.experiment.scores import Score

PROBED_ROWS = 2000  # on which a scorer is tried out


def score_value(
    score: Score,
    y: np.ndarray,
    predicted: np.ndarray,
    scorer_rows: Callable[[], tuple[Any, Any, Any]],
    weights: np.ndarray | None = None,
) -> float:
    """One score; NaN where the rows do not define it.

    Parameters
    ----------
    y : (rows,) float64 in the target's own units, or class numbers.
    predicted : (rows,) in the target's own units, or (rows, classes) probabilities.
    scorer_rows : for scikit-learn's scorers their X and y, and the classes (None in a regression).
    weights : (rows,) how much each row counts; None for equal ones.
    """
    if score.scorer is not None:
        x, target, classes = scorer_rows()
        model = _Regressor(predicted) if classes is None else _Classifier(predicted, np.asarray(classes))
        return float(score.scorer(model, x, target, **({} if weights is None else {"sample_weight": weights})))
    if predicted.ndim == 1:
        return _of_numbers(score.name, y, predicted, weights)
    return _of_classes(score.name, y.astype(np.int64), predicted, weights)


def check_scorer(score: Score, dataset: Any) -> None:
    """Try a scorer of scikit-learn out on right predictions of this dataset, before anything is trained for it.

    SettingsError where it cannot score them: it does not know the classes' words, or takes no weights.
    """
    if score.scorer is None:
        return
    rows = np.concatenate([dataset.rows.train, dataset.rows.validation])[:PROBED_ROWS]
    y, x = np.asarray(dataset.target_values[rows]), dataset.frame.iloc[rows]
    weights = None if dataset.weights is None else dataset.weights[rows]
    if dataset.task == "regression":
        given, predicted = (x, y.astype(np.float64), None), y.astype(np.float64)
    else:
        given = (x, np.asarray(dataset.classes)[y], dataset.classes)
        predicted = 0.9 * np.eye(len(dataset.classes))[y] + 0.1 / len(dataset.classes)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            score_value(score, y, predicted, lambda: given, weights)
    except Exception as error:  # a stranger's function
        reason = str(error).splitlines()[0][:300]
        named = "macro_f1 or another named score" if dataset.task == "classification" else "a named score"
        raise SettingsError(
            f"The scorer {score.name!r} cannot score the target {dataset.target!r}: {reason}.".replace("..", "."),
            kind="bad_scorer",
            remedy=f"Choose {named}, or make_scorer(...) with what it asks for (pos_label for one class of two); with a weight "
            "column the scorer must take sample_weight.",
        ) from error


def row_losses(score: Score, y: np.ndarray, predicted: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray | None:
    """For each row what its prediction adds to the score, lower is better: their mean is the score, or `as_loss` of it.

    Of the root mean squared error the squares. None for scores that are not means over rows.
    """
    weights = np.ones(len(y)) if weights is None else weights / np.mean(weights)
    if predicted.ndim == 1:
        squared = weights * (predicted - y) ** 2
        variance = float(np.average((y - np.average(y, weights=weights)) ** 2, weights=weights)) or math.nan
        found = {"mae": weights * np.abs(predicted - y), "mse": squared, "rmse": squared, "r2": squared / variance}
        return found.get(score.name)
    labels = y.astype(np.int64)
    missed = weights * (predicted.argmax(axis=1) != labels)
    counts = np.bincount(labels, weights=weights)
    balanced = missed * len(labels) / (np.count_nonzero(counts) * counts[labels])
    found = {"cross_entropy": weights * _cross_entropies(labels, predicted), "accuracy": missed, "balanced_accuracy": balanced}
    return found.get(score.name)


def _of_numbers(name: str, y: np.ndarray, predicted: np.ndarray, weights: np.ndarray | None) -> float:
    from sklearn.metrics import median_absolute_error

    if name == "median_absolute_error":
        return float(median_absolute_error(y, predicted, sample_weight=weights))
    if name == "mae":
        return float(np.average(np.abs(predicted - y), weights=weights))
    squared = float(np.average((predicted - y) ** 2, weights=weights))
    if name == "r2":
        variance = float(np.average((y - np.average(y, weights=weights)) ** 2, weights=weights))
        return 1.0 - squared / variance if variance > 0 else math.nan
    return math.sqrt(squared) if name == "rmse" else squared


def _of_classes(name: str, labels: np.ndarray, shares: np.ndarray, weights: np.ndarray | None) -> float:
    """`shares` (rows, classes); with more than two classes areas are means over one class against the rest."""
    from sklearn.metrics import average_precision_score, f1_score, roc_auc_score

    guessed = shares.argmax(axis=1)
    if name == "cross_entropy":
        return float(np.average(_cross_entropies(labels, shares), weights=weights))
    if name == "accuracy":
        return float(np.average(guessed == labels, weights=weights))
    if name == "balanced_accuracy":
        counts = np.ones(len(labels)) if weights is None else weights
        rows_of = [labels == k for k in np.unique(labels)]
        return float(np.mean([np.average(guessed[own] == labels[own], weights=counts[own]) for own in rows_of]))
    if name == "macro_f1":
        return float(f1_score(labels, guessed, average="macro", zero_division=0.0, sample_weight=weights))
    area = roc_auc_score if name == "roc_auc" else average_precision_score
    classes = [1] if shares.shape[1] == 2 else range(shares.shape[1])
    there = [k for k in classes if 0 < np.count_nonzero(labels == k) < len(labels)]
    return float(np.mean([area(labels == k, shares[:, k], sample_weight=weights) for k in there])) if there else math.nan


def _cross_entropies(labels: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Of each row; Keras clips probabilities at 1e-7 before the logarithm."""
    return -np.log(np.clip(shares[np.arange(len(labels)), labels], 1e-7, 1.0))


class _Regressor(RegressorMixin, BaseEstimator):
    """What a scorer asks: a fitted model whose predictions are known."""

    def __init__(self, predicted: Any = None) -> None:
        self.predicted = predicted

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def predict(self, X: Any) -> np.ndarray:
        return self.predicted


class _Classifier(ClassifierMixin, BaseEstimator):
    def __init__(self, shares: Any = None, classes: Any = None) -> None:
        self.shares = shares
        self.classes = classes
        self.classes_ = classes

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def predict_proba(self, X: Any) -> np.ndarray:
        return self.shares

    def predict(self, X: Any) -> np.ndarray:
        return self.classes_[self.shares.argmax(axis=1)]
