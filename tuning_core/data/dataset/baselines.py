"""What a constant and a linear model reach: the two lines every learning curve is judged against."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from tuning_core.data.dataset.dataset import Dataset
from tuning_core.data.dataset.preparation import Preparation
from tuning_core.errors import SettingsError

LOSSES = ("auto", "mse", "mae", "crossentropy")
MAX_LINEAR_CELLS = 20_000_000
TINY = 1e-7
"""Keras clips probabilities here before the logarithm."""


@dataclass(frozen=True)
class Baselines:
    """Scores on the validation rows, in the target's units (losses of a logarithm in its own); None where one cannot be computed.

    Losses are MSE, MAE or cross-entropy (natural logarithm), metrics MAE or accuracy. The dummy predicts the training
    rows' mean (MSE), median (MAE), class shares (cross-entropy) or commonest class (accuracy).
    """

    loss: str
    dummy_loss: float | None = None
    dummy_metric: float | None = None
    linear_loss: float | None = None
    linear_metric: float | None = None

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def baselines(
    dataset: Dataset, preparation: Preparation, train_rows: np.ndarray, validation_rows: np.ndarray, loss: str = "auto"
) -> Baselines:
    """Fit both on `train_rows`, score them on `validation_rows`; rows count by the dataset's weights in both."""
    if loss not in LOSSES:
        raise SettingsError(
            f"loss is {loss!r}, which is not one of the choices.",
            kind="unknown_choice",
            remedy=f"Choose one of {', '.join(LOSSES)}.",
        )
    y_new = dataset.target_values[validation_rows]
    weights = None if dataset.weights is None else dataset.weights[validation_rows]
    constant = constant_prediction(dataset, train_rows, validation_rows, loss)
    linear = linear_prediction(dataset, preparation, train_rows, validation_rows)
    if dataset.task == "classification":
        score: Callable[[np.ndarray], tuple[float, float]] = lambda shares: class_scores(shares, y_new, weights)  # noqa: E731
        loss = "crossentropy"
    else:
        loss = "mse" if loss in ("auto", "crossentropy") else loss
        score = lambda numbers: number_scores(numbers, y_new, loss, weights, dataset.target_transform)  # noqa: E731
    return Baselines(loss, *_finite(score, constant), *_finite(score, linear))


def constant_prediction(dataset: Dataset, fit_rows: np.ndarray, rows: np.ndarray, loss: str) -> np.ndarray:
    """The best constant of `fit_rows` for `rows`: median (loss "mae") or mean (rows,), or class shares (rows, classes).

    Best in what is learned: of a target whose logarithm is, the mean is the geometric one.
    """
    y = dataset.target_values[fit_rows]
    weights = None if dataset.weights is None else dataset.weights[fit_rows]
    if dataset.task == "classification":
        counts = np.bincount(y, weights=weights, minlength=len(dataset.classes))
        return np.tile(counts / counts.sum(), (len(rows), 1))
    learned = learned_target(y, dataset.target_transform)
    constant = _median(learned, weights) if loss == "mae" else np.average(learned, weights=weights)
    return np.full(len(rows), own_units(constant, dataset.target_transform))


def linear_prediction(dataset: Dataset, preparation: Preparation, fit_rows: np.ndarray, rows: np.ndarray) -> np.ndarray | None:
    """A linear or logistic model of `fit_rows` for `rows`, shaped as the constant; None where it cannot be computed.

    A baseline is a service, and must never stop a run.
    """
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            if dataset.task == "classification":
                return _logistic(dataset, preparation, fit_rows, rows)
            return _line(dataset, preparation, fit_rows, rows)
        except (ValueError, ArithmeticError, np.linalg.LinAlgError, MemoryError):
            return None


def learned_target(y: np.ndarray, transform: str | None) -> np.ndarray:
    """What is learned of a target: its logarithm, or itself."""
    return np.log(y) if transform == "log" else y


def own_units(learned: np.ndarray | float, transform: str | None) -> np.ndarray | float:
    """What undoes `learned_target`."""
    return np.exp(learned) if transform == "log" else learned


def _median(values: np.ndarray, weights: np.ndarray | None) -> float:
    """The median; with weights that of each value repeated so often."""
    if weights is None:
        return float(np.median(values))
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order])
    half = reached[-1] / 2
    lower = np.searchsorted(reached, half * (1 - 1e-12), side="left")
    upper = np.searchsorted(reached, half * (1 + 1e-12), side="right")
    return float(values[order[lower]] + values[order[min(upper, len(values) - 1)]]) / 2


def _finite(
    score: Callable[[np.ndarray], tuple[float, float]], predicted: np.ndarray | None
) -> tuple[float | None, float | None]:
    """Scores, None where they are not finite."""
    if predicted is None:
        return None, None
    with np.errstate(all="ignore"):
        first, second = score(predicted)
    return first if np.isfinite(first) else None, second if np.isfinite(second) else None


def number_scores(
    predicted: np.ndarray, y: np.ndarray, loss: str, weights: np.ndarray | None, transform: str | None
) -> tuple[float, float]:
    """(loss of what is learned, MAE in the target's own units)"""
    error = np.abs(learned_target(predicted, transform) - learned_target(y, transform))
    mae = float(np.average(np.abs(predicted - y), weights=weights))
    return float(np.average(error**2 if loss == "mse" else error, weights=weights)), mae


def class_scores(shares: np.ndarray, y: np.ndarray, weights: np.ndarray | None) -> tuple[float, float]:
    """(cross-entropy, accuracy)"""
    likely = np.clip(shares[np.arange(len(y)), y], TINY, 1.0 - TINY)
    hits = shares.argmax(axis=1) == y
    return -float(np.average(np.log(likely), weights=weights)), float(np.average(hits, weights=weights))


def _line(dataset: Dataset, preparation: Preparation, fit_rows: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Least squares; ridge when there are not many more rows than features, where least squares would only memorise."""
    from sklearn.linear_model import LinearRegression, Ridge

    X = preparation.transform(dataset.frame, fit_rows).astype(np.float64)
    if X.size > MAX_LINEAR_CELLS:
        raise MemoryError
    y = learned_target(dataset.target_values[fit_rows], dataset.target_transform)
    weights = None if dataset.weights is None else dataset.weights[fit_rows]
    model = LinearRegression() if len(X) > 2 * X.shape[1] else Ridge(alpha=1.0)
    mean, scale = np.mean(y), np.std(y) or 1.0
    model.fit(X, (y - mean) / scale, sample_weight=weights)
    predicted = model.predict(preparation.transform(dataset.frame, rows).astype(np.float64))
    return np.asarray(own_units(predicted * scale + mean, dataset.target_transform))


def _logistic(dataset: Dataset, preparation: Preparation, fit_rows: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """(rows, classes) shares; a class the rows lack has share 0."""
    from sklearn.linear_model import LogisticRegression

    X = preparation.transform(dataset.frame, fit_rows)
    if X.size * len(dataset.classes) > MAX_LINEAR_CELLS:
        raise MemoryError
    weights = None if dataset.weights is None else dataset.weights[fit_rows]
    model = LogisticRegression(max_iter=300).fit(X, dataset.target_values[fit_rows], sample_weight=weights)
    shares = np.zeros((len(rows), len(dataset.classes)))
    shares[:, model.classes_] = model.predict_proba(preparation.transform(dataset.frame, rows))
    return shares
