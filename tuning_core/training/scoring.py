"""Scores of trained weights: the forward pass in NumPy, and the loss and metric that rank a trial. No keras."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from tuning_core.experiment import Trial
from tuning_core.training.fold import Fold

TINY = 1e-7  # Keras clips probabilities here before the logarithm


def forward(weights: Sequence[np.ndarray], x: np.ndarray, activation: str) -> np.ndarray:
    """Outputs (rows, outputs) of a network with these kernels and biases: the prediction, or the logits."""
    for i in range(0, len(weights), 2):
        x = x @ weights[i] + weights[i + 1]  # (rows, in) @ (in, out) + (out,)
        if i + 2 < len(weights):
            x = _activate(x, activation)
    return x


def _activate(x: np.ndarray, activation: str) -> np.ndarray:
    """Keras's activations."""
    if activation == "relu":
        return np.maximum(x, 0)
    if activation == "tanh":
        return np.tanh(x)
    if activation == "sigmoid":
        from scipy.special import expit

        return expit(x)
    if activation == "elu":
        return np.where(x > 0, x, np.expm1(np.minimum(x, 0)))
    if activation == "gelu":
        from scipy.special import erf

        return (0.5 * x * (1 + erf(x / np.sqrt(2)))).astype(x.dtype)
    return x


def probabilities(outputs: np.ndarray) -> np.ndarray:
    """Class shares (rows, classes) of logits (rows, 1) or (rows, classes)."""
    logits = outputs.astype(np.float64)
    if logits.shape[1] == 1:
        logits = np.hstack([np.zeros_like(logits), logits])
    logits -= logits.max(axis=1, keepdims=True)
    shares = np.exp(logits)
    return shares / shares.sum(axis=1, keepdims=True)


def row_losses(outputs: np.ndarray, y: np.ndarray, task: str, loss: str, scale: float) -> tuple[np.ndarray, np.ndarray]:
    """Loss and metric of every row, two of (rows,), in the target's own units; `scale` is Fold.target_scale."""
    if task == "regression":
        error = (outputs[:, 0].astype(np.float64) - y) * scale
        return (np.abs(error) if loss == "mae" else error**2), np.abs(error)
    shares = probabilities(outputs)
    labels = y.astype(np.int64)
    likely = np.clip(shares[np.arange(len(labels)), labels], TINY, 1.0)
    return -np.log(likely), (shares.argmax(axis=1) == labels).astype(np.float64)


@dataclass(frozen=True, eq=False)
class Score:
    """What ranks a trial, in the target's own units.

    Attributes
    ----------
    loss, metric : NaN when the trial failed or diverged.
    rows : float32, the loss of each row that scored it, by the weights that were kept; empty without weights.
    """

    loss: float = math.nan
    metric: float = math.nan
    rows: np.ndarray = field(default_factory=lambda: np.zeros(0, np.float32))


def trial_score(trial: Trial, fold: Fold, cross_validated: bool) -> Score:
    """Score a trial.

    Always of the weights that the training kept. On a single split: loss and metric of the validation rows at the kept epoch, as
    the curve shows them. In a cross-validation: on the rows held out, which never choose the epoch.
    """
    if not trial.status.has_model or trial.kept_epoch is None or not trial.weights:
        return Score()
    x, y = (fold.x_val, fold.y_val) if fold.x_score is None or fold.y_score is None else (fold.x_score, fold.y_score)
    outputs = forward(trial.weights, x, trial.hyperparameters.activation)
    losses, metrics = row_losses(outputs, y, fold.task, str(fold.context["loss_name"]), fold.target_scale)
    rows = losses.astype(np.float32)
    if cross_validated:
        return Score(float(losses.mean()), float(metrics.mean()), rows)
    history, kept = trial.history, trial.kept_epoch - 1
    return Score(float(history.val_loss[kept]), float(history.val_metric[kept]), rows)


def pooled(scored: Sequence[tuple[np.ndarray, np.ndarray]], n_rows: int) -> np.ndarray:
    """One setting's loss on every row of the dataset, shape (n_rows,) float32: the mean over its trials, NaN where none scored.

    Parameters
    ----------
    scored : for each trial the positions of the rows that scored it, and their losses; all NaN when a trial has none.
    """
    total, count = np.zeros(n_rows), np.zeros(n_rows)
    for rows, losses in scored:
        total[rows] += losses if len(losses) else np.nan
        count[rows] += 1
    return np.divide(total, count, out=np.full(n_rows, np.nan), where=count > 0).astype(np.float32)
