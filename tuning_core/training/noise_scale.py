"""The gradient noise scale, exactly, on a table: how many rows a batch needs before its gradient is more signal than noise.

McCandlish, Kaplan, Amodei et al., "An Empirical Model of Large-Batch Training" (arXiv 1812.06162): B_simple = tr(Sigma) / |G|^2,
where G is the gradient over all training rows and Sigma the covariance of the rows' own gradients. They estimate it from two
batch sizes; a table is small enough to take every row: tr(Sigma) = mean |g_i|^2 - |G|^2.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf

from tuning_core.experiment import Hyperparameters, TrialStatus
from tuning_core.training.fold import Fold
from tuning_core.training.layers import initial_weights
from tuning_core.training.program import row_losses
from tuning_core.training.specs import TrialSpec, is_balanced, shape_of
from tuning_core.training.stack import train_stack

ROWS_AT_ONCE = 4096
UPDATES = 20_000  # trained at the most
MARKS = 12  # epochs at which the noise scale is taken


@dataclass(frozen=True)
class NoiseScales:
    """The noise scale along one training.

    Attributes
    ----------
    epochs : where it was taken; 0 is before the first update.
    scales : in rows, one for each of `epochs`.
    best_epoch : the epoch with the lowest validation loss; later gradients only polish what is learned by heart.
    """

    epochs: tuple[int, ...]
    scales: tuple[float, ...]
    best_epoch: int

    @property
    def typical(self) -> float:
        """The median up to the best epoch; NaN where nothing could be measured."""
        useful = [scale for epoch, scale in zip(self.epochs, self.scales, strict=True) if epoch <= max(1, self.best_epoch)]
        return float(np.median(useful)) if useful else math.nan


def noise_scales(fold: Fold, hp: Hyperparameters, seed: int = 0) -> NoiseScales:
    """Train one model with these settings, without early stopping and for at most `UPDATES`, and measure on the way."""
    steps = shape_of(hp, fold).steps
    last = min(hp.epochs, max(1, UPDATES // steps))
    marks = sorted({round(float(e)) for e in np.geomspace(1, last, MARKS)})
    tasks = [TrialSpec(i, hp.replace(epochs=epoch, early_stopping=None), seed) for i, epoch in enumerate(marks)]
    trials = train_stack(tasks, {0: fold})  # one training: shorter ones take their weights as it passes
    longest = max(trials, key=lambda trial: len(trial.history))
    start = initial_weights(seed, fold.x_train.shape[1], hp.hidden_units, fold.n_outputs)
    weights = {0: start} | {
        trial.hyperparameters.epochs: trial.weights for trial in trials if trial.status == TrialStatus.FINISHED
    }
    scales = {epoch: noise_scale(weights[epoch], fold, hp) for epoch in sorted(weights)}
    known = {epoch: scale for epoch, scale in scales.items() if math.isfinite(scale)}
    return NoiseScales(tuple(known), tuple(known.values()), longest.best_epoch or 0)


def noise_scale(weights: Sequence[np.ndarray], fold: Fold, hp: Hyperparameters) -> float:
    """B_simple in rows at these weights (kernel, bias, ...), over all training rows, with dropout off.

    The penalty on large weights counts as signal: it is the same for every row. NaN where a gradient is not finite or zero.
    """
    mean: list[np.ndarray] = [np.zeros(w.shape) for w in weights]
    squares = 0.0  # sum of |g_i|^2
    n = len(fold.x_train)
    row_weight = fold.row_weights(is_balanced(hp, fold.task))
    for first in range(0, n, ROWS_AT_ONCE):
        rows = slice(first, first + ROWS_AT_ONCE)
        inputs, deltas = _backward(weights, fold, hp, rows, row_weight[rows])
        for i, (a, delta) in enumerate(zip(inputs, deltas, strict=True)):
            # A row's gradient of a kernel is the outer product of its input and delta: |a delta^T| = |a| |delta|.
            squares += float(((np.square(a).sum(axis=1) + 1) * np.square(delta).sum(axis=1)).sum())
            mean[2 * i] += a.T @ delta / n  # (in, rows) @ (rows, out)
            mean[2 * i + 1] += delta.sum(axis=0) / n
    trace = squares / n - sum(float(np.square(g).sum()) for g in mean)
    for i in range(0, len(mean), 2):
        mean[i] += 2 * hp.l2 * weights[i]
    signal = sum(float(np.square(g).sum()) for g in mean)
    scale = trace / signal if signal > 0 else math.nan
    return max(scale, 0.0) if math.isfinite(scale) else math.nan


def _backward(weights: Sequence[np.ndarray], fold: Fold, hp: Hyperparameters, rows: slice, row_weight: np.ndarray) -> tuple:
    """For every layer its inputs, (rows, in), and each row's gradient before the activation, (rows, out); float64."""
    activation = keras.activations.get(hp.activation)
    a = tf.constant(fold.x_train[rows])
    inputs, before = [], []
    with tf.GradientTape() as tape:
        for i in range(0, len(weights), 2):
            z = tf.matmul(a, weights[i]) + weights[i + 1]
            tape.watch(z)
            inputs.append(a)
            before.append(z)
            a = activation(z) if i + 2 < len(weights) else z
        losses, _ = row_losses(shape_of(hp, fold), tf.constant(fold.y_train[rows])[None], a[None])
        total = tf.reduce_sum(losses[0] * row_weight)  # rows do not touch each other, so the sum's gradient is each one's own
    deltas = tape.gradient(total, before)
    return [x.numpy().astype(np.float64) for x in inputs], [d.numpy().astype(np.float64) for d in deltas]
