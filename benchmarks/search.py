"""Searches against what people use today: SciKeras, Keras fits one by one, JAX; and two worker processes against one.

    python -m benchmarks search

Every ratio is of one run; compiling is included where the line does not say "warm".
"""

from __future__ import annotations

import statistics
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
import pandas as pd
from sklearn.metrics import make_scorer, mean_squared_error
from sklearn.model_selection import GridSearchCV, train_test_split
from sklearn.preprocessing import StandardScaler

import tuning_core as tc
from benchmarks.report import Line, seconds, table
from benchmarks.training import INSURANCE, insurance_fold, keras_epoch
from tuning_core.training import program_pool
from tuning_core.training import stack as stacks
from tuning_core.training.fold import Fold
from tuning_core.training.planning import plan
from tuning_core.training.specs import TrialSpec
from tuning_core.training.threads import plan_for_threads, train_in_threads

LESSON_GRID = {"batch_size": [10, 40], "epochs": [10, 50]}
SCORER = make_scorer(mean_squared_error, greater_is_better=False)


def lesson_rows() -> tuple[np.ndarray, np.ndarray]:
    """The lesson's 896 training rows: 11 features after get_dummies, numbers standardised."""
    frame = pd.read_csv(INSURANCE)
    features = pd.get_dummies(frame.iloc[:, :6]).astype(np.float32)
    X, _, y, _ = train_test_split(features, frame["charges"], test_size=0.33, random_state=42)
    numbers = ["age", "bmi", "children"]
    X = X.assign(**pd.DataFrame(StandardScaler().fit_transform(X[numbers]), X.index, numbers))
    return X.to_numpy(np.float32), y.to_numpy(np.float32)


# ---- the lesson's grid ---------------------------------------------------------------------------------------------------


def our_grid(X: np.ndarray, y: np.ndarray) -> float:
    program_pool.clear()
    model = tc.StackedMLPRegressor(hidden_units=(64,), random_state=0)
    return seconds(lambda: tc.StackedGridSearchCV(model, LESSON_GRID, cv=5, scoring=SCORER).fit(X, y), 1)


def scikeras_grid(X: np.ndarray, y: np.ndarray) -> float:
    import keras
    from scikeras.wrappers import KerasRegressor

    def design_model() -> keras.Model:
        layers = [keras.Input((X.shape[1],)), keras.layers.Dense(64, activation="relu"), keras.layers.Dense(1)]
        model = keras.Sequential(layers)
        model.compile(keras.optimizers.Adam(0.01), loss="mse")
        return model

    search = GridSearchCV(KerasRegressor(model=design_model, verbose=0), LESSON_GRID, cv=5, scoring=SCORER)
    return seconds(lambda: search.fit(X, y), 1)


def lesson_line() -> Line:
    X, y = lesson_rows()
    before = our_grid(X, y)
    peer = scikeras_grid(X, y)
    ours = statistics.mean([before, our_grid(X, y)])
    return Line("the lesson's grid, 5 folds, 64 units (peer: GridSearchCV + SciKeras)", ours, peer, "in all", 30)


# ---- 128 trials of 100 epochs --------------------------------------------------------------------------------------------


def learning_rates(k: int, epochs: int, batch: int = 16) -> list[TrialSpec]:
    """One hidden layer of 64, trained with k learning rates."""
    hp = tc.Hyperparameters(hidden_units=(64,), batch_size=batch, epochs=epochs)
    return [TrialSpec(i, hp.replace(learning_rate=float(rate)), 0) for i, rate in enumerate(np.geomspace(1e-4, 1e-1, k))]


def train(tasks: list[TrialSpec], fold: Fold) -> None:
    """As a search in this process trains them: its layout, in as many threads as pay."""
    for _ in train_in_threads(
        lambda s: stacks.train_stack(s.tasks, {0: fold}, program_key=s.program_key), plan_for_threads(tasks, {0: fold.facts})
    ):
        pass


def many_line(fold: Fold, trials: int = 128, epochs: int = 100, fits: int = 4) -> Line:
    """`fits` Keras fits, each with a model of its own, stand for all of them."""
    hp, tasks = tc.Hyperparameters(hidden_units=(64,), batch_size=16, epochs=epochs), learning_rates(trials, epochs)
    program_pool.clear()
    before = seconds(lambda: train(tasks, fold), 1)
    peer = trials * epochs * statistics.mean(keras_epoch(hp, fold, epochs // fits) for _ in range(fits))
    program_pool.clear()
    ours = statistics.mean([before, seconds(lambda: train(tasks, fold), 1)])
    return Line(f"{trials} trials x {epochs} epochs (peer: {trials} Keras fits, from {fits})", ours, peer, "in all", 300)


# ---- JAX -----------------------------------------------------------------------------------------------------------------


def jax_trainer(fold: Fold, k: int, epochs: int, batch: int):
    """The same network, batches and recorded numbers: vmap over trials, scan over epochs and batches, optax's Adam."""
    import jax
    import jax.numpy as jnp
    import optax

    n = len(fold.x_train)
    steps = -(-n // batch)
    x, y, x_val, y_val = (jnp.asarray(v) for v in (fold.x_train, fold.y_train, fold.x_val, fold.y_val))
    optimizer = optax.inject_hyperparams(optax.adam)(learning_rate=0.01, eps=1e-7)

    def output(weights, rows):
        return (jax.nn.relu(rows @ weights[0] + weights[1]) @ weights[2] + weights[3])[:, 0]

    def loss(weights, rows, target, valid):
        return jnp.sum(jnp.square(output(weights, rows) - target) * valid) / jnp.sum(valid)

    def evaluate(weights, rows, target):
        error = output(weights, rows) - target
        return jnp.mean(jnp.square(error)), jnp.mean(jnp.abs(error))

    def train(weights, rate, orders):
        state = optimizer.init(weights)
        state.hyperparams["learning_rate"] = rate

        def step(carry, rows):
            weights, state = carry
            index, valid = rows
            value, gradient = jax.value_and_grad(loss)(weights, x[index], y[index], valid)
            updates, state = optimizer.update(gradient, state)
            return (optax.apply_updates(weights, updates), state), value * jnp.sum(valid)

        def epoch(carry, order):
            padded = jnp.pad(order, (0, steps * batch - n)).reshape(steps, batch)
            valid = (jnp.arange(steps * batch) < n).astype(jnp.float32).reshape(steps, batch)
            carry, running = jax.lax.scan(step, carry, (padded, valid))
            return carry, (running.sum() / n, *evaluate(carry[0], x, y), *evaluate(carry[0], x_val, y_val))

        (weights, _), record = jax.lax.scan(epoch, (weights, state), orders)
        return weights, record

    program = jax.jit(jax.vmap(train, in_axes=(0, 0, None)))

    def run():
        random = np.random.default_rng(0)
        limit = np.sqrt(6 / (x.shape[1] + 64))
        weights = (
            random.uniform(-limit, limit, (k, x.shape[1], 64)).astype(np.float32),
            np.zeros((k, 64), np.float32),
            random.uniform(-0.3, 0.3, (k, 64, 1)).astype(np.float32),
            np.zeros((k, 1), np.float32),
        )
        orders = np.stack([random.permutation(n) for _ in range(epochs)])
        return jax.block_until_ready(program(weights, np.geomspace(1e-4, 1e-1, k).astype(np.float32), orders))

    return run


def jax_lines(fold: Fold, k: int = 128, epochs: int = 100, batch: int = 16) -> list[Line]:
    tasks = learning_rates(k, epochs, batch)

    def ours():
        train(tasks, fold)

    theirs = jax_trainer(fold, k, epochs, batch)
    program_pool.clear()
    cold = seconds(ours, 1), seconds(theirs, 1)
    warm = [(seconds(ours, 1), seconds(theirs, 1)) for _ in range(5)]  # in turns: other work on the machine hits both
    mine, peer = (statistics.median(pair[i] for pair in warm) for i in (0, 1))
    each = k * epochs
    name = f"{k} trials, 64 units, batch {batch} (peer: JAX vmap + scan + optax)"
    return [
        Line(f"{name}, warm", mine / each, peer / each, "a trial-epoch", 1.3),
        Line(f"{name}, {epochs} epochs with compiling", cold[0] / each, cold[1] / each, "a trial-epoch"),
    ]


# ---- worker processes ----------------------------------------------------------------------------------------------------


def _work(stack: tuple[TrialSpec, ...], fold: Fold) -> int:
    from tuning_core.training.stack import train_stack

    return len(train_stack(stack, {0: fold}))


def with_workers(n: int, batches: list[tuple[TrialSpec, ...]], fold: Fold) -> float:
    """Seconds for these stacks on n processes that have imported what they need."""
    with ProcessPoolExecutor(n, mp_context=get_context("spawn")) as workers:
        warm = (TrialSpec(0, tc.Hyperparameters(hidden_units=(2,), epochs=1), 0),)
        list(workers.map(_work, [warm] * n, [fold] * n))
        began = time.perf_counter()
        list(program_pool.map(_work, batches, [fold] * len(batches)))
        return time.perf_counter() - began


def workers_line(fold: Fold) -> Line:
    hp = tc.Hyperparameters(hidden_units=(64,), epochs=100)
    tasks = [
        TrialSpec(i, hp.replace(batch_size=size, learning_rate=float(rate)), 0)
        for i, (size, rate) in enumerate((s, r) for s in (16, 24, 32, 48, 64, 96) for r in np.geomspace(1e-4, 1e-1, 32))
    ]
    batches = plan(tasks, {0: fold.facts})
    two = with_workers(2, batches, fold)
    one = with_workers(1, batches, fold)
    return Line(f"{len(batches)} stacks of 32 trials on two processes (peer: on one)", two, one, "in all", 1.0)


def main() -> str:
    fold = insurance_fold()
    lines = [lesson_line(), many_line(fold), *jax_lines(fold), workers_line(fold)]
    return table("Search", "peer", lines)


if __name__ == "__main__":
    print(main())
