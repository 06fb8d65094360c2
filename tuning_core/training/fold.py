"""Fold: the prepared arrays that one trial trains and validates on."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from tuning_core.experiment import Hyperparameters

TINY = 1e-7  # Keras clips probabilities here before the logarithm


@dataclass(frozen=True)
class FoldShape:
    """What the planner must know of a fold; `weighted` by rows' own weights, `log` when a logarithm is learned."""

    task: str
    n_classes: int
    n_train: int
    n_features: int
    weighted: bool = False
    log: bool = False

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
    log, target_offset : whether exp(y * target_scale + target_offset) is the target, and not what is in the brackets.
    context : facts for the curves' readers: baselines, counts (see `History.context`).
    x_score, y_score : rows that neither train nor stop the training; a cross-validation scores on them. None when the
        validation rows score.
    weights : float32, shape (n_train,), mean 1: how much each training row counts; None for equal ones.
    val_weights : float32, shape (n_val,), how much each row of `x_val` counts; None for equal ones.
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
    val_weights: np.ndarray | None = None
    log: bool = False
    target_offset: float = 0.0

    def own_units(self, values: np.ndarray) -> np.ndarray:
        """(rows,) float64: outputs or targets of a regression in the target's own units."""
        values = values.astype(np.float64) * self.target_scale + self.target_offset
        with np.errstate(over="ignore"):
            return np.exp(values) if self.log else values

    @property
    def facts(self) -> FoldShape:
        n_train, n_features = self.x_train.shape
        weighted = self.weights is not None or self.val_weights is not None
        return FoldShape(self.task, self.n_classes, n_train, n_features, weighted, self.log)

    @property
    def n_outputs(self) -> int:
        return self.facts.n_outputs

    def row_weights(self, balanced: bool) -> np.ndarray:
        """What each training row's loss is multiplied with, float32 (n_train,).

        Its own weight (or 1), and with balanced classes the weight of its class: all rows' / (classes * its class's rows'), rows
        counted by their own weights.
        """
        own = np.ones(len(self.y_train), np.float32) if self.weights is None else self.weights
        if not balanced:
            return own
        labels = self.y_train.astype(np.int64)
        counts = np.bincount(labels, weights=own, minlength=self.n_classes)
        return (own * own.sum(dtype=np.float64) / (np.count_nonzero(counts) * counts[labels])).astype(np.float32)

    def validation_weights(self, balanced: bool) -> np.ndarray:
        """What each validation row's loss is multiplied with, float32 (n_val,): its own weight, times its class's in training."""
        own = np.ones(len(self.y_val), np.float32) if self.val_weights is None else self.val_weights
        if not balanced:
            return own
        labels, classes = self.y_train.astype(np.int64), self.y_val.astype(np.int64)
        counts = np.bincount(labels, weights=self.row_weights(False), minlength=self.n_classes)
        by_class = counts.sum() / (np.count_nonzero(counts) * np.where(counts > 0, counts, 1.0))
        return (own * by_class[classes]).astype(np.float32)

    def context_for(self, hp: Hyperparameters) -> dict[str, Any]:
        """The context with the baselines that a setting is held against: where it weighs classes, so do they."""
        balanced = self.task == "classification" and hp.class_weight is not None
        return self.context | {"loss_weights": "balanced"} | self._balanced_losses if balanced else self.context

    @cached_property
    def _balanced_losses(self) -> dict[str, float | None]:
        """Cross-entropy of the constant and of a logistic model, both fitted and scored under balanced class weights.

        The constant is the weighted share of each class: ln 2 for two classes. Accuracies do not weigh classes.
        """
        labels, weights = self.y_train.astype(np.int64), self.row_weights(True)
        shares = np.bincount(labels, weights, self.n_classes) / weights.sum()
        linear = _logistic_shares(self.x_train, labels, weights, self.x_val, self.n_classes)
        tables = {"dummy_loss": np.tile(shares, (len(self.y_val), 1)), "linear_loss": linear}
        return {name: None if table is None else self._balanced_entropy(table) for name, table in tables.items()}

    def _balanced_entropy(self, shares: np.ndarray) -> float | None:
        if not len(self.y_val):
            return None
        likely = np.clip(shares[np.arange(len(self.y_val)), self.y_val.astype(np.int64)], TINY, 1.0)
        loss = float(np.average(-np.log(likely), weights=self.validation_weights(True)))
        return loss if np.isfinite(loss) else None

    def evaluation_weights(self) -> np.ndarray:
        """How much each row counts in metrics, training rows first, float32 (n_train + n_val,)."""
        parts = ((self.y_train, self.weights), (self.y_val, self.val_weights))
        return np.concatenate([np.ones(len(y), np.float32) if w is None else w for y, w in parts])


def make_fold(
    dataset: Any,
    hp: Hyperparameters,
    preparation: Any,
    train_rows: np.ndarray,
    val_rows: np.ndarray,
    score_rows: np.ndarray | None = None,
) -> Fold:
    """Prepare rows with a fitted preparation and add the baselines of the same rows."""
    from tuning_core.data.dataset.baselines import baselines

    loss = loss_name(dataset.task, len(dataset.classes), hp)
    base = baselines(dataset, preparation, train_rows, val_rows, loss if dataset.task == "regression" else "crossentropy")
    x_train, y_train, weights = _prepared(dataset, preparation, train_rows)
    x_val, y_val, val_weights = _prepared(dataset, preparation, val_rows)
    x_score, y_score, _ = (None,) * 3 if score_rows is None else _prepared(dataset, preparation, score_rows)
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
    if dataset.target_transform is not None:
        context["target_transform"] = dataset.target_transform  # losses are of what is learned, metrics in the target's own units
    return Fold(
        task=dataset.task,
        n_classes=len(dataset.classes),
        x_train=x_train,
        y_train=y_train,
        x_val=x_val,
        y_val=y_val,
        target_scale=float(preparation.target_scale),
        context=context,
        x_score=x_score,
        y_score=y_score,
        weights=weights if weights is None else (weights / weights.mean(dtype=np.float64)).astype(np.float32),
        val_weights=val_weights,
        log=dataset.target_transform == "log",
        target_offset=float(preparation.target_offset),
    )


def _logistic_shares(
    x: np.ndarray, labels: np.ndarray, weights: np.ndarray, x_new: np.ndarray, n_classes: int
) -> np.ndarray | None:
    """Shares (rows, classes) for new rows; None where they cannot be computed: a baseline never stops a run."""
    from sklearn.linear_model import LogisticRegression

    from tuning_core.data.dataset.baselines import MAX_LINEAR_CELLS

    if x.size * n_classes > MAX_LINEAR_CELLS:
        return None
    shares = np.zeros((len(x_new), n_classes))
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            model = LogisticRegression(max_iter=300).fit(x, labels, sample_weight=weights)
            shares[:, model.classes_] = model.predict_proba(x_new)
        except (ValueError, ArithmeticError, np.linalg.LinAlgError):
            return None
    return shares


def _prepared(dataset: Any, preparation: Any, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """(features, targets, weights or None) of these rows, float32."""
    y = preparation.transform_target(dataset.target_values[rows]).astype(np.float32)
    weights = None if dataset.weights is None else dataset.weights[rows].astype(np.float32)
    return preparation.transform(dataset.frame, rows), y, weights


def loss_name(task: str, n_classes: int, hp: Hyperparameters) -> str:
    """The Keras name of the loss that is minimised."""
    if task == "regression":
        return "mse" if hp.loss == "auto" else hp.loss
    return "binary_crossentropy" if n_classes <= 2 else "sparse_categorical_crossentropy"
