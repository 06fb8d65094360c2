"""`keras.Model.fit` on the same rows in the same order: the oracle that the stack is compared with."""

from __future__ import annotations

from dataclasses import dataclass, field

import keras
import numpy as np

from tuning_core.experiment import Hyperparameters
from tuning_core.training.fold import Fold
from tuning_core.training.layers import build_keras, initial_weights
from tuning_core.training.row_orders import RowOrders

OPTIMIZERS = {
    "adam": keras.optimizers.Adam,
    "rmsprop": keras.optimizers.RMSprop,
    "adagrad": keras.optimizers.Adagrad,
    "nadam": keras.optimizers.Nadam,
}


traced: dict[tuple, tuple[keras.Model, list[np.ndarray]]] = {}


@dataclass
class Oracle:
    loss: list = field(default_factory=list)
    train_loss: list = field(default_factory=list)
    val_loss: list = field(default_factory=list)
    metric: list = field(default_factory=list)
    val_metric: list = field(default_factory=list)
    weights: list = field(default_factory=list)


def keras_model(hp: Hyperparameters, fold: Fold, seed: int) -> keras.Model:
    """A model that has not been trained; Keras traces it once for all fits that differ in what it is given call by call."""
    shapes = (fold.x_train.shape[1], fold.n_outputs, fold.task)
    alike = hp.replace(
        learning_rate=0.01, epochs=1, early_stopping=None, batch_size=1, shuffle=True, class_weight=None, keep="last"
    )
    if (alike, shapes) not in traced:
        model = _compiled(hp, fold)
        traced[alike, shapes] = model, [value.numpy().copy() for value in model.optimizer.variables]
    model, fresh = traced[alike, shapes]
    for variable, value in zip(model.optimizer.variables, fresh, strict=True):
        variable.assign(value)
    model.optimizer.learning_rate = hp.learning_rate
    model.set_weights(initial_weights(seed, fold.x_train.shape[1], hp.hidden_units, fold.n_outputs))
    return model


def _compiled(hp: Hyperparameters, fold: Fold) -> keras.Model:
    model = build_keras(hp, fold.x_train.shape[1], fold.n_outputs, fold.task)
    if hp.optimizer == "sgd":
        optimizer = keras.optimizers.SGD(hp.learning_rate, momentum=hp.momentum)
    elif hp.optimizer == "adamw":
        optimizer = keras.optimizers.AdamW(hp.learning_rate, weight_decay=hp.weight_decay)
    else:
        optimizer = OPTIMIZERS[hp.optimizer](hp.learning_rate)
    loss, metric = losses(hp, fold)
    model.compile(optimizer, loss=loss, weighted_metrics=[], metrics=[loss, metric], jit_compile=False)  # soon compiled
    optimizer.build(model.trainable_variables)
    return model


def losses(hp: Hyperparameters, fold: Fold) -> tuple[str, str]:
    if fold.task == "regression":
        return ("mae" if hp.loss == "mae" else "mse"), "mae"
    return ("binary_crossentropy", "accuracy") if fold.n_classes == 2 else ("sparse_categorical_crossentropy", "accuracy")


def _batches(x, y, weight, batch_size, seed, shuffle):
    """Batches without end in the stack's row order: a new permutation each epoch, its last batch smaller."""
    orders = RowOrders(seed, 0, len(x), shuffle)
    while True:
        order = orders.next(1)[0]
        for start in range(0, len(x), batch_size):
            rows = order[start : start + batch_size]
            yield x[rows], y[rows], weight[rows]


def fit_with_keras(hp: Hyperparameters, fold: Fold, seed: int) -> Oracle:
    """One call of `keras.Model.fit` with Keras's own callbacks; with L2, the losses are the metrics without the penalty."""
    model = keras_model(hp, fold, seed)
    y, y_val = (v[:, None] if fold.n_outputs == 1 else v for v in (fold.y_train, fold.y_val))
    loss, metric = losses(hp, fold)
    oracle = Oracle()
    weight = fold.row_weights(hp.class_weight is not None)
    batch_size = min(hp.batch_size, len(y))
    batches = _batches(fold.x_train, y, weight, batch_size, seed, hp.shuffle)

    def evaluate(epoch, logs):
        model.reset_metrics()
        values = model.test_on_batch(fold.x_train, y, sample_weight=weight, return_dict=True)
        oracle.train_loss.append(values[loss if hp.l2 else "loss"])
        oracle.metric.append(values[metric])

    callbacks = [keras.callbacks.LambdaCallback(on_epoch_end=evaluate)]
    if hp.early_stopping is None and hp.keep == "best":
        monitor = f"val_{loss}" if hp.l2 else "val_loss"
        callbacks.append(keras.callbacks.EarlyStopping(monitor, patience=hp.epochs, restore_best_weights=True))
    if hp.early_stopping is not None:
        stop = hp.early_stopping
        monitor = f"val_{metric}" if stop.monitor == "val_metric" else "val_loss"
        callbacks.append(
            keras.callbacks.EarlyStopping(
                monitor,
                stop.min_delta,
                stop.patience,
                mode="max" if monitor == "val_accuracy" else "min",
                restore_best_weights=stop.restore_best_weights,
                start_from_epoch=stop.start_from_epoch,
            )
        )
    val_weight = fold.validation_weights(hp.class_weight is not None)
    validation = (fold.x_val, y_val, val_weight / val_weight.mean()) if hp.class_weight else (fold.x_val, y_val)
    logs = model.fit(
        batches,
        steps_per_epoch=-(-len(y) // batch_size),
        epochs=hp.epochs,
        validation_data=validation,
        validation_batch_size=len(y_val),
        callbacks=callbacks,
        shuffle=False,
        verbose=0,
    ).history
    oracle.loss = logs[loss if hp.l2 else "loss"]
    oracle.val_loss = logs[f"val_{loss}" if hp.l2 else "val_loss"]
    oracle.val_metric = logs[f"val_{metric}"]
    oracle.weights = model.get_weights()
    return oracle
