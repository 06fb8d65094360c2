"""What losses and metrics are called, on pages, charts and reports."""

from __future__ import annotations

LOSS_NAMES = {"mse": "mean squared error", "mae": "mean absolute error"}
SCORE_NAMES = (
    *("mse", "rmse", "mae", "median_absolute_error", "r2"),
    *("cross_entropy", "accuracy", "balanced_accuracy", "macro_f1", "roc_auc", "average_precision"),
)
"""Those of `scores.SCORES`: what ranks a search, and what early stopping may watch."""
GREATER_IS_BETTER = ("r2", "accuracy", "balanced_accuracy", "macro_f1", "roc_auc", "average_precision")
METRIC_NAMES = {
    "mae": "mean absolute error",
    "rmse": "root mean squared error",
    "r2": "R²",
    "accuracy": "accuracy",
    "cross_entropy": "cross-entropy",
    "macro_f1": "macro F1",
    "roc_auc": "ROC AUC",
}


def loss_name(loss: str | None) -> str:
    """Of `loss_name` in a history's context; every loss of a classification is the cross-entropy."""
    return LOSS_NAMES.get(loss or "", "cross-entropy")
