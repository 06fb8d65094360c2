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
    """Scores on the validation rows, in the target's units; None where one cannot be computed.

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
    """Fit both on `train_rows`, score them on `validation_rows`."""
    if loss not in LOSSES:
        raise SettingsError(
            f"loss is {loss!r}, which is not one of the choices.",
            kind="unknown_choice",
            remedy=f"Choose one of {', '.join(LOSSES)}.",
        )
    y_new = dataset.target_values[validation_rows]
    constant = constant_prediction(dataset, train_rows, validation_rows, loss)
    linear = linear_prediction(dataset, preparation, train_rows, validation_rows)
    if dataset.task == "classification":
        score: Callable[[np.ndarray], tuple[float, float]] = lambda shares: _class_scores(shares, y_new)  # noqa: E731
        loss = "crossentropy"
    else:
        loss = "mse" if loss in ("auto", "crossentropy") else loss
        score = lambda numbers: _number_scores(numbers, y_new, loss)  # noqa: E731
    return Baselines(loss, *_finite(score, constant), *_finite(score, linear))


def constant_prediction(dataset: Dataset, fit_rows: np.ndarray, rows: np.ndarray, loss: str) -> np.ndarray:
    """The best constant of `fit_rows` for `rows`: median (loss "mae") or mean (rows,), or class shares (rows, classes)."""
    y = dataset.target_values[fit_rows]
    if dataset.task == "classification":
        return np.tile(np.bincount(y, minlength=len(dataset.classes)) / len(y), (len(rows), 1))
    return np.full(len(rows), np.median(y) if loss == "mae" else np.mean(y))


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


def _finite(
    score: Callable[[np.ndarray], tuple[float, float]], predicted: np.ndarray | None
) -> tuple[float | None, float | None]:
    """Scores, None where they are not finite."""
    if predicted is None:
        return None, None
    with np.errstate(all="ignore"):
        first, second = score(predicted)
    return first if np.isfinite(first) else None, second if np.isfinite(second) else None


def _number_scores(predicted: np.ndarray, y: np.ndarray, loss: str) -> tuple[float, float]:
    mae = float(np.mean(np.abs(predicted - y)))
    return (float(np.mean((predicted - y) ** 2)) if loss == "mse" else mae), mae


def _class_scores(shares: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    likely = np.clip(shares[np.arange(len(y)), y], TINY, 1.0 - TINY)
    return float(-np.mean(np.log(likely))), float(np.mean(shares.argmax(axis=1) == y))


def _line(dataset: Dataset, preparation: Preparation, train_rows: np.ndarray, validation_rows: np.ndarray) -> np.ndarray:
    """Least squares; ridge when there are not many more rows than features, where least squares would only memorise."""
    from sklearn.linear_model import LinearRegression, Ridge

    X, y = preparation.transform(dataset.frame, train_rows).astype(np.float64), dataset.target_values[train_rows]
    if X.size > MAX_LINEAR_CELLS:
        raise MemoryError
    model = LinearRegression() if len(X) > 2 * X.shape[1] else Ridge(alpha=1.0)
    mean, scale = np.mean(y), np.std(y) or 1.0
    predicted = model.fit(X, (y - mean) / scale).predict(preparation.transform(dataset.frame, validation_rows).astype(np.float64))
    return predicted * scale + mean


def _logistic(dataset: Dataset, preparation: Preparation, train_rows: np.ndarray, validation_rows: np.ndarray) -> np.ndarray:
    """(rows, classes) shares; a class the rows lack has share 0."""
    from sklearn.linear_model import LogisticRegression

    X = preparation.transform(dataset.frame, train_rows)
    if X.size * len(dataset.classes) > MAX_LINEAR_CELLS:
        raise MemoryError
    model = LogisticRegression(max_iter=300).fit(X, dataset.target_values[train_rows])
    shares = np.zeros((len(validation_rows), len(dataset.classes)))
    shares[:, model.classes_] = model.predict_proba(preparation.transform(dataset.frame, validation_rows))
    return shares
