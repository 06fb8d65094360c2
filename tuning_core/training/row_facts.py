"""What a score is made of that is no mean over rows, row by row: enough to work it out again on other rows. NumPy only.

Few numbers a row, so that they can be written down for every trial of a search: target, weight, and the prediction as far as the
score looks at it.
"""

from __future__ import annotations

import numpy as np

from tuning_core.experiment.scores import Score
from tuning_core.training.score_values import score_value

MOST_CLASSES = 20  # whose shares are kept, a number each


def row_facts(score: Score, y: np.ndarray, predicted: np.ndarray, weights: np.ndarray | None) -> np.ndarray:
    """(columns, rows) float32: target, weight, prediction; no columns for scikit-learn's scorers and very many classes.

    Parameters
    ----------
    y, predicted, weights : see `score_values.score_value`.
    """
    counts = np.ones(len(y)) if weights is None else weights
    if score.scorer is not None:
        return np.zeros((0, 0), np.float32)
    if score.name == "median_absolute_error":
        kept = [np.zeros(len(y)), counts, np.abs(predicted - y)]
    elif score.name == "macro_f1":
        kept = [y, counts, predicted.argmax(axis=1)]
    elif predicted.ndim == 2 and predicted.shape[1] <= MOST_CLASSES:
        kept = [y, counts, *(predicted[:, 1:].T if predicted.shape[1] == 2 else predicted.T)]
    else:
        return np.zeros((0, 0), np.float32)
    return np.stack(kept).astype(np.float32)


def score_of_facts(score: Score, facts: np.ndarray, times: np.ndarray) -> float:
    """The score of rows that are there so many `times` (rows,) each; NaN where these do not define it."""
    there = times > 0
    if not there.any():
        return float("nan")
    y, weights, *predicted = facts[:, there].astype(np.float64)
    return score_value(score, y, _prediction(score.name, y, predicted), lambda: (None, None, None), weights * times[there])


def _prediction(name: str, y: np.ndarray, columns: list[np.ndarray]) -> np.ndarray:
    """As `score_value` takes it."""
    if name == "median_absolute_error":
        return columns[0]
    if name == "macro_f1":
        return np.eye(int(max(columns[0].max(), y.max())) + 1)[columns[0].astype(int)]
    return np.column_stack([1.0 - columns[0], columns[0]] if len(columns) == 1 else columns)
