"""The compiled core: K models trained side by side as one XLA program, a chunk of epochs per call.

Axes: K trials, B rows of a batch, F features, O outputs, U row orders (trials with the same seed and rows share one).
What differs from table to table without changing the arithmetic is an argument: the numbers of batches and of evaluation blocks,
and the size of a batch up to B.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import keras
import numpy as np
import tensorflow as tf

from tuning_core.experiment.optimizers import OPTIMIZERS
from tuning_core.training.dropout import dropout_mask
from tuning_core.training.layers import stacked_layers
from tuning_core.training.specs import ModelShape

if TYPE_CHECKING:
    from tuning_core.training.program_sizes import ArgumentSizes

EVALUATION_FLOATS = 2**18  # activations of one evaluation block, all trials together: what stays in a processor's cache


LARGEST_LOG = 80.0  # float32 cannot hold the exponential of 89


class _TrialRates(keras.optimizers.schedules.LearningRateSchedule):
    """One learning rate per trial, shape (K, 1, 1), read from a variable: a new rate needs no new program."""

    def __init__(self, rates: tf.Variable) -> None:
        self.rates = rates

    def __call__(self, step: Any) -> tf.Variable:
        return self.rates


def _optimizer(shape: ModelShape, rates: _TrialRates) -> keras.Optimizer:
    optimizer = OPTIMIZERS[shape.optimizer]
    own = {} if optimizer.own_setting is None else {optimizer.own_setting: getattr(shape, optimizer.own_setting)}
    return getattr(keras.optimizers, optimizer.keras_name)(rates, **own)


class Program:
    """Variables and compiled training function for K models of one shape (see `specs.padded_shape`).

    Data are arguments, never constants, so one program serves every table up to its sizes.
    """

    def __init__(self, shape: ModelShape, k: int, sizes: ArgumentSizes) -> None:
        self.shape = shape
        self.k = k
        self.sizes = sizes
        widest = max(shape.n_features, *shape.hidden_units, shape.n_outputs, 1)
        self.block = max(32, EVALUATION_FLOATS // (k * widest))  # rows that are evaluated at once
        self.layers = stacked_layers(k, shape.n_features, shape.hidden_units, shape.n_outputs, shape.activation)
        self.variables = [v for layer in self.layers for v in layer.trainable_variables]
        self.rates = tf.Variable(tf.zeros((k, 1, 1)), trainable=False)
        self.optimizer = _optimizer(shape, _TrialRates(self.rates))
        self.optimizer.build(self.variables)
        self._optimizer_start = [np.asarray(v) for v in self.optimizer.variables]
        self.kept = [tf.Variable(tf.zeros(v.shape), trainable=False) for v in self.variables]
        self.called = False  # the first call compiles
        self.seconds_per_step = 0.0  # of the last warm call, its share of the evaluation included
        self._chunk = tf.function(self._run_chunk, jit_compile=True, autograph=False)

    def __call__(
        self, arguments: dict, orders: np.ndarray, n_epochs: int, epoch: int, stopping_state: dict
    ) -> tuple[np.ndarray, dict]:
        """Train `n_epochs` (at most `len(orders)`) epochs from the 0-based `epoch`; see `_run_chunk`."""
        record, stopping_state = self._chunk(
            arguments, tf.constant(orders), tf.constant(n_epochs), tf.constant(epoch), stopping_state
        )
        self.called = True
        return record.numpy(), stopping_state

    # ---- state in and out -------------------------------------------------------------------------------------------

    def state(self) -> list[np.ndarray]:
        """Every variable that training changes: weights, kept weights, optimizer slots."""
        return [np.asarray(v) for v in (*self.variables, *self.kept, *self.optimizer.variables)]

    def current_weights(self) -> list[np.ndarray]:
        """Kernels (K, in, out) and biases (K, 1, out) of each layer in turn, as they are now."""
        return [np.asarray(v) for v in self.variables]

    def load(self, state: list[np.ndarray], learning_rates: np.ndarray) -> None:
        for variable, value in zip((*self.variables, *self.kept, *self.optimizer.variables), state, strict=True):
            variable.assign(value)
        self.rates.assign(learning_rates.reshape(self.k, 1, 1).astype(np.float32))

    def fresh_state(self, weights: list[tuple[np.ndarray, ...]]) -> list[np.ndarray]:
        """The state before the first step for K trials with these initial weights, each (kernel, bias, ...)."""
        stacked = [np.stack([w[i] for w in weights]) for i in range(len(weights[0]))]
        stacked = [w if w.ndim == 3 else w[:, None, :] for w in stacked]  # biases (K, out) -> (K, 1, out)
        return [*stacked, *stacked, *self._optimizer_start]

    def kept_weights(self, trial: int) -> tuple[np.ndarray, ...]:
        """The weights to keep of one trial: kernel (in, out), bias (out,), ..."""
        arrays = [np.asarray(v[trial]) for v in self.kept]
        return tuple(w if i % 2 == 0 else w[0] for i, w in enumerate(arrays))

    # ---- the graph --------------------------------------------------------------------------------------------------

    def _forward(self, x: tf.Tensor, drop: Any = None) -> tf.Tensor:
        for i, layer in enumerate(self.layers):
            # Not layer(x): keras.ops.add takes a bias of shape (K, 1, 1) for one along the rows when K rows are given (3.15).
            x = layer.activation(tf.matmul(x, layer.kernel) + layer.bias)  # (K, B, in) @ (K, in, out) + (K, 1, out)
            if drop is not None and i < len(self.shape.hidden_units):
                x *= drop(i, x.shape[1], x.shape[2])
        return x

    def _step(self, x: tf.Tensor, y: tf.Tensor, valid: tf.Tensor, weight: tf.Tensor, a: dict, step: tf.Tensor) -> tf.Tensor:
        """One optimizer step on (K, B) rows; returns each trial's summed loss, shape (K,)."""
        drop = None
        if self.shape.dropout:

            def drop(i: int, rows: int, units: int) -> tf.Tensor:
                return dropout_mask(a["seeds"], i, step, a["dropout"][:, i], rows, units)

        with tf.GradientTape() as tape:
            loss, _ = row_losses(self.shape, y, self._forward(x, drop))
            count = tf.reduce_sum(valid, axis=1)  # the last batch may be smaller: its mean is over its own rows
            summed = tf.reduce_sum(loss * weight, axis=1)
            total = tf.reduce_sum(summed / count)  # trials do not touch each other, so the sum's gradient is each one's own
            if self.shape.l2:
                penalty = sum(tf.reduce_sum(tf.square(layer.kernel), axis=(1, 2)) for layer in self.layers)
                total += tf.reduce_sum(a["l2"] * penalty)
        gradients = tape.gradient(total, [v.value for v in self.variables])
        # Merging replicas, of which there is one: else Keras sums the gradients over it by an operation with its own gradient,
        # and TensorFlow keeps each of these with its graph, 7 MB or more, as long as the process lives (Keras 3.15).
        tf.distribute.get_replica_context().merge_call(lambda _, *found: self.optimizer.apply(found, self.variables), gradients)
        return summed

    def _train_epoch(self, a: dict, order: tf.Tensor, first_step: tf.Tensor) -> tf.Tensor:
        """All batches of one epoch; `order` holds row numbers, shape (U, width). Returns the running loss, (K,)."""
        position = tf.range(self.shape.batch_size)

        def body(i: tf.Tensor, running: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
            first = i * a["batch"]
            rows = tf.gather(tf.gather(order, first + position, axis=1), a["stream"])  # (U, B) -> (K, B)
            inside = (position < a["batch"]) & (first + position < a["n_train"][:, None])
            valid = tf.cast(inside, tf.float32)  # (K, B)
            weight = valid * tf.gather(a["row_weight"], rows) if self.shape.weighted else valid
            x, y = tf.gather(a["x"], rows), tf.gather(a["y"], rows)  # (K, B, F), (K, B)
            return i + 1, running + self._step(x, y, valid, weight, a, first_step + i)

        start = (tf.constant(0), tf.zeros(self.k))
        _, running = tf.while_loop(lambda i, _: i < a["steps"], body, start)
        return running / tf.cast(a["n_train"], tf.float32)

    def _evaluate(self, a: dict, first_row: tf.Tensor, count: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        """Mean loss and metric, each (K,), over the `count` rows from `first_row` on, each (K,); dropout off.

        Where there are weights, rows count in the loss as in training ("row_weight": class weights too), and in the metric by
        "score_weight".
        """
        position = tf.range(self.block)
        longest = tf.reduce_max(count)
        log_scale = a["log_scale"] if self.shape.log else None

        def body(first: tf.Tensor, loss_sum: tf.Tensor, metric_sum: tf.Tensor, weight_sum: tf.Tensor) -> tuple:
            place = first + position
            rows = first_row[:, None] + tf.minimum(place, count[:, None] - 1)  # (K, rows)
            valid = place < count[:, None]
            output = self._forward(tf.gather(a["x"], rows))
            loss, metric = row_losses(self.shape, tf.gather(a["y"], rows), output, log_scale)
            if self.shape.weighted:
                weights = tf.stack([tf.gather(a[name], rows) for name in ("row_weight", "score_weight")])  # (2, K, rows)
                loss, metric = loss * weights[0], metric * weights[1]
                weight_sum += tf.reduce_sum(tf.where(valid, weights, 0.0), axis=2)
            # where, not *: a padding row must not turn inf into nan
            loss_sum += tf.reduce_sum(tf.where(valid, loss, 0.0), axis=1)
            metric_sum += tf.reduce_sum(tf.where(valid, metric, 0.0), axis=1)
            return first + self.block, loss_sum, metric_sum, weight_sum

        start = (tf.constant(0), tf.zeros(self.k), tf.zeros(self.k), tf.zeros((2, self.k)))
        _, loss, metric, weight = tf.while_loop(lambda first, *_: first < longest, body, start)
        rows = tf.cast(count, tf.float32)
        of_loss, of_metric = (weight[0], weight[1]) if self.shape.weighted else (rows, rows)
        return loss / of_loss, metric / of_metric

    def _run_chunk(self, a: dict, orders: tf.Tensor, n_epochs: tf.Tensor, epoch: tf.Tensor, stopping_state: dict) -> tuple:
        """`n_epochs` epochs from 0-based `epoch`; `orders` (C, U, width).

        Returns the record, shape (C, 5, K) in the order of `SERIES`, and the watch after the chunk.
        """

        def body(i: tf.Tensor, record: tf.Tensor, stopping_state: dict) -> tuple:
            now = epoch + i
            running = self._train_epoch(a, orders[i], now * a["steps"])
            train_loss, metric = self._evaluate(a, a["train_row"], a["n_train"])
            val_loss, val_metric = self._evaluate(a, a["val_row"], a["n_val"])
            row = tf.stack([running, train_loss, val_loss, metric, val_metric])  # (5, K), in the order of SERIES
            if not self.shape.scored:
                watched = tf.where(a["monitor_metric"], val_metric, val_loss)
                stopping_state = self._update_stopping(stopping_state, a, row, watched, now)
            return i + 1, tf.tensor_scatter_nd_update(record, [[i]], [row]), stopping_state

        capacity = orders.shape[0]
        start = (tf.constant(0), tf.zeros((capacity, 5, self.k)), stopping_state)
        _, record, stopping_state = tf.while_loop(lambda i, *_: i < n_epochs, body, start, maximum_iterations=capacity)
        return record, stopping_state

    def _update_stopping(self, state: dict, a: dict, row: tf.Tensor, watched: tf.Tensor, epoch: tf.Tensor) -> dict:
        state, keep = early_stopping_update(state, a, row, watched, epoch)
        for kept, variable in zip(self.kept, self.variables, strict=True):
            kept.assign(tf.where(keep[:, None, None], variable.value, kept))
        return state

    def judge(self, arguments: dict, row: np.ndarray, scores: np.ndarray, epoch: int, stopping_state: dict) -> dict:
        """Early stopping after an epoch by scores (K,), float64, which the caller has worked out; `row` (5, K) is its record."""
        precise = {name: tf.cast(arguments[name], tf.float64) for name in ("monitor_sign", "min_delta")}
        return self._update_stopping(
            stopping_state, arguments | precise, tf.constant(row), tf.constant(scores), tf.constant(epoch)
        )


def row_losses(
    shape: ModelShape, y: tf.Tensor, output: tf.Tensor, log_scale: tf.Tensor | None = None
) -> tuple[tf.Tensor, tf.Tensor]:
    """Loss and metric of every row: (K, B) targets, (K, B, O) outputs -> two of (K, B).

    With `log_scale` (K,) the metric is the absolute error of the exponentials, in units of the exponential of the offset.
    """
    if shape.task == "regression":
        error = output[:, :, 0] - y
        absolute = tf.abs(error)
        if log_scale is not None:
            scale = log_scale[:, None]
            metric = tf.abs(tf.exp(tf.minimum(scale * output[:, :, 0], LARGEST_LOG)) - tf.exp(scale * y))
            return (absolute if shape.loss == "mae" else tf.square(error)), metric
        return (absolute if shape.loss == "mae" else tf.square(error)), absolute
    if shape.n_outputs == 1:
        logits = output[:, :, 0]
        hit = tf.equal(logits > 0.0, y > 0.5)
        return tf.nn.sigmoid_cross_entropy_with_logits(labels=y, logits=logits), tf.cast(hit, tf.float32)
    labels = tf.cast(y, tf.int32)
    hit = tf.equal(tf.argmax(output, axis=-1, output_type=tf.int32), labels)
    return tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=output), tf.cast(hit, tf.float32)


def early_stopping_update(
    stopping_state: dict, a: dict, row: tf.Tensor, watched: tf.Tensor, epoch: tf.Tensor
) -> tuple[dict, tf.Tensor]:
    """One epoch of `keras.callbacks.EarlyStopping` for K trials at once; `watched` (K,), an undefined score is passed over.

    `stopping_state` has, each of shape (K,): best (as `watched`), wait, best_epoch (int32, 0-based, -1 before the first),
    done (bool).
    Returns the new watch and which trials' weights are to be kept, bool (K,).
    """
    finite = tf.reduce_all(tf.math.is_finite(row), axis=0)
    live = ~stopping_state["done"]
    current = watched * a["monitor_sign"]
    watching = live & (epoch >= a["start_from"]) & finite & tf.math.is_finite(current)
    first = stopping_state["best_epoch"] < 0
    better = watching & (first | (current + a["min_delta"] < stopping_state["best"]))
    wait = tf.where(watching, tf.where(better, 0, stopping_state["wait"] + 1), stopping_state["wait"])
    out_of_patience = watching & ~better & (wait >= a["patience"]) & (epoch > 0)
    last = epoch + 1 >= a["epochs"]
    ends = out_of_patience | last | ~finite
    # Without restoring, or before the first watched epoch, the weights at the end are the ones to keep.
    keep = live & finite & (better | ~a["restore"] | (stopping_state["best_epoch"] < 0))
    new = {
        "best": tf.where(better, current, stopping_state["best"]),
        "wait": wait,
        "best_epoch": tf.where(better, epoch, stopping_state["best_epoch"]),
        "stopped": stopping_state["stopped"] | (live & out_of_patience),
        "diverged": stopping_state["diverged"] | (live & ~finite),
        "length": tf.where(live, epoch + 1, stopping_state["length"]),
        "done": stopping_state["done"] | ends,
    }
    return new, keep
