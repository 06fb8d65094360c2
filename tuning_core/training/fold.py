"""Fold: the prepared arrays that one trial trains and validates on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tuning_core.errors import SettingsError
from tuning_core.experiment import Hyperparameters


@dataclass(frozen=True)
class FoldShape:
    """What the planner must know of a fold."""

    task: str
    n_classes: int
    n_train: int
    n_features: int
    weighted: bool = False

    @property
    def n_outputs(self) -> int:
        """1 for regression and two classes (one logit), else one per class."""
        return self.n_classes if self.n_classes > 2 else 1


@dataclass(frozen=True, eq=False)
class Fold:
    """Prepared rows of one train/validation division.

    Attributes
    ----------
    x_train : float32, shape (n_train, n_features). `x_val` likewise.
    y_train : float32, shape (n_train,): the (scaled) target, or class numbers 0..n_classes-1. `y_val` likewise.
    target_scale : what one unit of `y` is in the target's own units (1 for classification).
    context : facts for the curves' readers: baselines, counts (see `History.context`).
    x_score, y_score : rows that neither train nor stop the training; a cross-validation scores on them. None when the
        validation rows score.
    weights : float32, shape (n_train,), mean 1: weights of the training rows, in place of class weights; None for equal ones.
    """

    task: str
    n_classes: int
    x_train: np.ndarray
    y_train: np.ndarray
    x_val: np.ndarray
    y_val: np.ndarray
    target_scale: float
    context: dict[str, Any]
    x_score: np.ndarray | None = None
    y_score: np.ndarray | None = None
    weights: np.ndarray | None = None

    @property
    def facts(self) -> FoldShape:
        n_train, n_features = self.x_train.shape
        return FoldShape(self.task, self.n_classes, n_train, n_features, self.weights is not None)

    @property
    def n_outputs(self) -> int:
        return self.facts.n_outputs

    def row_weights(self) -> np.ndarray:
        """Own weights, or balanced class weights, n / (classes * count of the row's class), float32 (n_train,)."""
        if self.weights is not None:
            return self.weights
        labels = self.y_train.astype(np.int64)
        counts = np.bincount(labels, minlength=self.n_classes)
        present = np.count_nonzero(counts)
        return (len(labels) / (present * counts[labels])).astype(np.float32)


def make_fold(dataset: Any, hp: Hyperparameters, preparation: Any, train_rows: np.ndarray, val_rows: np.ndarray) -> Fold:
    """Prepare rows with a fitted preparation and add the baselines of the same rows."""
    from tuning_core.data.dataset.baselines import baselines

    if dataset.weights is not None or dataset.target_transform is not None:
        raise SettingsError(
            "Weights of rows and a logarithm of the target cannot be trained with yet.",
            kind="not_yet",
            remedy="Leave sample_weight and target_transform out.",
        )
    loss = loss_name(dataset.task, len(dataset.classes), hp)
    base = baselines(dataset, preparation, train_rows, val_rows, loss if dataset.task == "regression" else "crossentropy")
    x_train = preparation.transform(dataset.frame, train_rows)
    context = {
        "task": dataset.task,
        "n_classes": len(dataset.classes),
        "n_train": len(train_rows),
        "n_validation": len(val_rows),
        "n_features": x_train.shape[1],
        "loss_name": loss,
        "metric_name": "mae" if dataset.task == "regression" else "accuracy",
        "dummy_loss": base.dummy_loss,
        "dummy_metric": base.dummy_metric,
        "linear_loss": base.linear_loss,
        "linear_metric": base.linear_metric,
    }
    return Fold(
        task=dataset.task,
        n_classes=len(dataset.classes),
        x_train=x_train,
        y_train=preparation.transform_target(dataset.target_values[train_rows]).astype(np.float32),
        x_val=preparation.transform(dataset.frame, val_rows),
        y_val=preparation.transform_target(dataset.target_values[val_rows]).astype(np.float32),
        target_scale=float(preparation.target_scale),
        context=context,
    )


def loss_name(task: str, n_classes: int, hp: Hyperparameters) -> str:
    """The Keras name of the loss that is minimised."""
    if task == "regression":
        return "mse" if hp.loss == "auto" else hp.loss
    return "binary_crossentropy" if n_classes <= 2 else "sparse_categorical_crossentropy"
