"""Stacked training against `keras.Model.fit`: the same rows, the same model, one run.

python -m benchmarks training
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

import tuning_core as tc
from benchmarks.report import Line, seconds, table
from tuning_core.training.fold import Fold, make_fold
from tuning_core.training.layers import build_keras, initial_weights
from tuning_core.training.specs import TrialSpec
from tuning_core.training.stack import train_stack

INSURANCE = Path(__file__).resolve().parents[1] / "sample_data" / "insurance.csv"


def insurance_fold() -> Fold:
    dataset = tc.Dataset(tc.read_table(INSURANCE), target="charges")
    return make_fold(dataset, tc.Hyperparameters(), dataset.prepare(), dataset.rows.train, dataset.rows.validation)


def large_fold(rows: int = 20_000, features: int = 50) -> Fold:
    random = np.random.default_rng(0)
    x = random.normal(size=(rows, features)).astype(np.float32)
    y = (x[:, 0] * x[:, 1] + np.sin(2 * x[:, 2]) + 0.1 * random.normal(size=rows)).astype(np.float32)
    cut = int(0.8 * rows)
    return Fold("regression", 0, x[:cut], y[:cut], x[cut:], y[cut:], 1.0, {"task": "regression"})


def keras_epoch(hp: tc.Hyperparameters, fold: Fold, epochs: int) -> float:
    """Seconds per epoch of `fit` with validation, after a warming epoch."""
    import keras

    model = build_keras(hp, fold.x_train.shape[1], fold.n_outputs, fold.task)
    model.set_weights(initial_weights(0, fold.x_train.shape[1], hp.hidden_units, fold.n_outputs))
    model.compile(keras.optimizers.Adam(hp.learning_rate), loss="mse", metrics=["mae"])
    arguments = {"batch_size": hp.batch_size, "validation_data": (fold.x_val, fold.y_val), "verbose": 0}
    model.fit(fold.x_train, fold.y_train, epochs=1, **arguments)
    return seconds(lambda: model.fit(fold.x_train, fold.y_train, epochs=epochs, **arguments), 1) / epochs


def stack_epoch(hp: tc.Hyperparameters, fold: Fold, trials: int) -> float:
    """Seconds per trial and epoch of a warm stack of trials with different learning rates."""
    rates = np.geomspace(1e-4, 1e-1, trials)
    tasks = [TrialSpec(i, hp.replace(learning_rate=float(rate)), seed=0) for i, rate in enumerate(rates)]
    train_stack([TrialSpec(t.number, t.hyperparameters.replace(epochs=3), 0) for t in tasks], {0: fold})
    return seconds(lambda: train_stack(tasks, {0: fold}), 3) / hp.epochs / trials


def main() -> str:
    small, large = insurance_fold(), large_fold()
    hp = tc.Hyperparameters(hidden_units=(64,), batch_size=16, epochs=100)
    wide = tc.Hyperparameters(hidden_units=(128, 128), batch_size=32, epochs=6)
    peer = keras_epoch(hp, small, 10)
    slow_peer = keras_epoch(wide, large, 2)
    lines = [
        Line("insurance, 64 units, batch 16: one trial", stack_epoch(hp, small, 1), peer, "an epoch", 100),
        Line("the same, 8 learning rates at once", stack_epoch(hp, small, 8), peer, "a trial-epoch"),
        Line("the same, 128 learning rates at once", stack_epoch(hp.replace(epochs=30), small, 128), peer, "a trial-epoch", 400),
        Line("20,000 x 50, 128-128 units, batch 32: one trial", stack_epoch(wide, large, 1), slow_peer, "an epoch", 10),
        Line("the same, 8 learning rates at once", stack_epoch(wide, large, 8), slow_peer, "a trial-epoch", 20),
    ]
    return table("Stacked training", "keras.Model.fit", lines)


if __name__ == "__main__":
    print(main())
