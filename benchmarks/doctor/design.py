"""Which settings the bank ranges over: sensible ones and every way to miss them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks.doctor.tables import Source
from tuning_core.experiment import Hyperparameters

SMALL = ((), (), (), (2,), (4,), (8,), (4, 4))
MIDDLE = ((16,), (32,), (64,), (8, 8), (16, 16), (32, 32), (32, 16, 8))
LARGE = ((128,), (64, 32), (64, 64), (128, 64), (128, 128), (64, 64, 32))
OPTIMIZERS = (("adam", 0.0, 0.003), ("adam", 0.0, 0.003), ("sgd", 0.0, 0.05), ("sgd", 0.9, 0.008), ("rmsprop", 0.0, 0.002))
# how far the learning rate is from a usual one: sensible, too high, too low
FACTORS = ((0.15, 4.0), (0.15, 4.0), (0.15, 4.0), (4.0, 40.0), (10.0, 400.0), (0.003, 0.15))


@dataclass(frozen=True, eq=False)
class Group:
    """Runs on the same rows that share a compiled program: they differ in learning rate and epochs only."""

    source: Source
    rows: tuple[np.ndarray, np.ndarray, np.ndarray]  # train, validation, held out
    base: Hyperparameters
    rates: tuple[float, ...]


def draw(source: Source, random: np.random.Generator, budget: float) -> Group:
    """A random group whose training stays below `budget` (row passes of one model)."""
    while True:
        group = _draw(source, random)
        if len(group.rows[0]) * group.base.epochs * 31 * len(group.rates) < budget:
            return group


def _draw(source: Source, random: np.random.Generator) -> Group:
    n = len(source.y)
    n_train = int(np.exp(random.uniform(np.log(100), np.log(max(110, min(1500, 0.5 * n))))))
    n_val = int(np.exp(random.uniform(np.log(50), np.log(max(60, min(300, 0.25 * n))))))
    order = random.permutation(n)
    rows = (order[:n_train], order[n_train : n_train + n_val], order[n_train + n_val :][:2000])
    sizes = (SMALL, MIDDLE, LARGE)[random.choice(3, p=(0.35, 0.3, 0.35))]
    units = sizes[random.integers(len(sizes))]
    optimizer, momentum, usual = OPTIMIZERS[random.integers(len(OPTIMIZERS))]
    batch = int(random.choice([8, 16, 32, 64, 128]))
    base = Hyperparameters(
        batch_size=batch,
        epochs=int(np.exp(random.uniform(np.log(60), np.log(300)))),
        hidden_units=units,
        activation=str(random.choice(["relu", "relu", "tanh"])),
        optimizer=optimizer,
        momentum=momentum,
        dropout=float(random.choice([0.2, 0.3, 0.5])) if units and max(units) >= 16 and random.random() < 0.15 else 0.0,
        l2=float(random.choice([1e-4, 1e-3, 1e-2])) if random.random() < 0.2 else 0.0,
    )
    usual *= np.sqrt(batch / 16)
    rates = tuple(float(f"{usual * np.exp(random.uniform(np.log(low), np.log(high))):.2g}") for low, high in FACTORS)
    return Group(source, rows, base, rates)


def deeper(units: tuple[int, ...]) -> tuple[int, ...]:
    """One more layer."""
    return (*units, max(units[-1], 16)) if units else (64, 32)


def wider(units: tuple[int, ...]) -> tuple[int, ...]:
    """Four times the width, at most 256."""
    return tuple(max(u, min(max(4 * u, 16), 256)) for u in units) if units else (64,)
