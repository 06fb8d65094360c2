"""What a constant and a linear model reach: the two lines every learning curve is judged against."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from tuning_core.errors import SettingsError

if TYPE_CHECKING:
    from tuning_core.data.dataset import Dataset
    from tuning_core.data.preparation import Preparation

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
    y, y_new = dataset.target_values[train_rows], dataset.target_values[validation_rows]
    if dataset.task == "classification":
        shares = np.tile(_shares(y, len(dataset.classes)), (len(y_new), 1))
        dummy = _guarded(lambda: _class_scores(shares, y_new))
        linear = _guarded(lambda: _class_scores(_logistic(dataset, preparation, train_rows, validation_rows), y_new))
        return Baselines("crossentropy", *dummy, *linear)
    loss = "mse" if loss in ("auto", "crossentropy") else loss
    constant = np.full(len(y_new), np.mean(y) if loss == "mse" else np.median(y))
    dummy = _guarded(lambda: _number_scores(constant, y_new, loss))
    linear = _guarded(lambda: _number_scores(_line(preparation, train_rows, validation_rows, y), y_new, loss))
    return Baselines(loss, *dummy, *linear)


def _guarded(score: Callable[[], tuple[float, float]]) -> tuple[float | None, float | None]:
    """Scores, None where they are not finite: a baseline is a service, and must never stop a run."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            found = score()
        except (ValueError, ArithmeticError, np.linalg.LinAlgError, MemoryError):
            return None, None
    first, second = (float(value) if np.isfinite(value) else None for value in found)
    return first, second


def _number_scores(predicted: np.ndarray, y: np.ndarray, loss: str) -> tuple[float, float]:
    mae = float(np.mean(np.abs(predicted - y)))
    return (float(np.mean((predicted - y) ** 2)) if loss == "mse" else mae), mae


def _class_scores(shares: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    likely = np.clip(shares[np.arange(len(y)), y], TINY, 1.0 - TINY)
    return float(-np.mean(np.log(likely))), float(np.mean(shares.argmax(axis=1) == y))


def _shares(codes: np.ndarray, n_classes: int) -> np.ndarray:
    return np.bincount(codes, minlength=n_classes) / len(codes)


def _line(preparation: Preparation, train_rows: np.ndarray, validation_rows: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Least squares; ridge when there are not many more rows than features, where least squares would only memorise."""
    from sklearn.linear_model import LinearRegression, Ridge

    X = preparation.X(train_rows).astype(np.float64)
    if X.size > MAX_LINEAR_CELLS:
        raise MemoryError
    model = LinearRegression() if len(X) > 2 * X.shape[1] else Ridge(alpha=1.0)
    mean, scale = np.mean(y), np.std(y) or 1.0
    predicted = model.fit(X, (y - mean) / scale).predict(preparation.X(validation_rows).astype(np.float64))
    return predicted * scale + mean


def _logistic(dataset: Dataset, preparation: Preparation, train_rows: np.ndarray, validation_rows: np.ndarray) -> np.ndarray:
    """(rows, classes) shares; a class the rows lack has share 0."""
    from sklearn.linear_model import LogisticRegression

    X = preparation.X(train_rows)
    if X.size * len(dataset.classes) > MAX_LINEAR_CELLS:
        raise MemoryError
    model = LogisticRegression(max_iter=300).fit(X, dataset.target_values[train_rows])
    shares = np.zeros((len(validation_rows), len(dataset.classes)))
    shares[:, model.classes_] = model.predict_proba(preparation.X(validation_rows))
    return shares
