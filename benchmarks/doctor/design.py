"""Which settings the bank ranges over: sensible ones and every way to miss them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from benchmarks.doctor.tables import Source
from tuning_core.experiment import Hyperparameters

SMALL = ((), (), (), (2,), (3,), (4,), (8,), (4, 4))
MIDDLE = ((16,), (32,), (64,), (8, 8), (16, 16), (32, 32), (32, 16, 8))
LARGE = ((128,), (64, 32), (64, 64), (128, 64), (128, 128), (64, 64, 32))
EVERY = SMALL + MIDDLE + LARGE
OPTIMIZERS = (("adam", 0.0, 0.003), ("adam", 0.0, 0.003), ("sgd", 0.0, 0.05), ("sgd", 0.9, 0.008), ("rmsprop", 0.0, 0.002))
BATCHES = (10, 16, 20, 40, 64, 100)


@dataclass(frozen=True)
class Theme:
    """A way to choose settings: which sizes, how far the learning rate is from a usual one, which share of the rows."""

    sizes: tuple[tuple[int, ...], ...]
    factors: tuple[float, float]
    rows: tuple[int, int]
    weight: float
    epochs: tuple[int, int] = (40, 300)


THEMES = (
    Theme(SMALL, (0.3, 4.0), (120, 1500), 0.26),  # is the model large enough?
    Theme(EVERY, (0.1, 2.0), (150, 1500), 0.22),  # sensible throughout
    Theme(MIDDLE + LARGE, (0.3, 6.0), (100, 500), 0.14),  # room to memorise
    Theme(EVERY, (4.0, 30.0), (100, 1000), 0.14),  # steps too large
    Theme(EVERY, (20.0, 500.0), (100, 1000), 0.12),  # far too large
    Theme(EVERY, (0.003, 0.15), (100, 1500), 0.12),  # too small
    # drawn on request only, where the six above give too few clear cases
    Theme(SMALL, (0.8, 6.0), (150, 1500), 0.0, (150, 300)),  # small and settled
    Theme(SMALL + MIDDLE, (0.2, 1.5), (400, 1500), 0.0, (60, 250)),  # many rows, sensible
    Theme(SMALL + MIDDLE, (30.0, 1000.0), (100, 500), 0.0, (40, 120)),  # certain to diverge
)


@dataclass(frozen=True, eq=False)
class Group:
    """Runs on the same rows that share a compiled program: they differ in learning rate and epochs only."""

    source: Source
    rows: tuple[np.ndarray, np.ndarray, np.ndarray]  # train, validation, held out
    base: Hyperparameters
    rates: tuple[float, ...]
    parts: tuple[float, ...]  # shares of the training that are read as runs of their own


def again(group: Group, random: np.random.Generator) -> Group:
    """The same settings and sizes on other rows with other learning rates: nothing new to compile."""
    sizes = np.cumsum([len(rows) for rows in group.rows])
    order = random.permutation(len(group.source.y))[: sizes[-1]]
    rates = tuple(_rate(rate * np.exp(random.uniform(-1.5, 1.5))) for rate in group.rates)
    return replace(group, rows=tuple(np.split(order, sizes[:-1])), rates=rates)


def draw(source: Source, random: np.random.Generator, budget: float, theme: int | None = None) -> Group:
    """A random group, of one theme where asked, whose training stays below `budget` (row passes of one model)."""
    while True:
        group = _draw(source, random, theme)
        if len(group.rows[0]) * group.base.epochs * 31 * len(group.rates) < budget:
            return group


def _draw(source: Source, random: np.random.Generator, number: int | None) -> Group:
    theme = THEMES[random.choice(len(THEMES), p=[t.weight for t in THEMES]) if number is None else number]
    n = len(source.y)
    n_train = _between(random, theme.rows[0], max(theme.rows[0] + 1, min(theme.rows[1], 0.55 * n)))
    n_val = _between(random, 50, max(51, min(300, 0.2 * n)))
    order = random.permutation(n)
    rows = (order[:n_train], order[n_train : n_train + n_val], order[n_train + n_val :][:2000])
    units = theme.sizes[random.integers(len(theme.sizes))]
    optimizer, momentum, usual = OPTIMIZERS[random.integers(len(OPTIMIZERS))]
    batch = int(random.choice(BATCHES))
    drops = units and max(units) >= 16 and random.random() < 0.2
    base = Hyperparameters(
        batch_size=batch,
        epochs=_between(random, *theme.epochs),
        hidden_units=units,
        activation=str(random.choice(["relu", "relu", "tanh"])),
        optimizer=optimizer,
        momentum=momentum,
        dropout=float(random.choice([0.1, 0.2, 0.3, 0.5])) if drops else 0.0,
        l2=float(random.choice([1e-4, 1e-3, 1e-2])) if random.random() < 0.25 else 0.0,
    )
    usual *= np.sqrt(batch / 16)
    rates = [usual * np.exp(random.uniform(*np.log(theme.factors))) for _ in range(2)]
    parts = (1.0, float(random.uniform(0.4, 0.7)), float(random.uniform(0.12, 0.35)))
    return Group(source, rows, base, tuple(_rate(rate) for rate in rates), parts)


def _rate(rate: float) -> float:
    """Two digits, and low enough that three times as much is still a valid learning rate."""
    return float(f"{min(rate, 33.0):.2g}")


def _between(random: np.random.Generator, low: float, high: float) -> int:
    """A whole number, even on a logarithmic scale."""
    return int(np.exp(random.uniform(np.log(low), np.log(high))))


def deeper(units: tuple[int, ...]) -> tuple[int, ...]:
    """One more layer."""
    return (*units, max(units[-1], 16)) if units else (64, 32)


def wider(units: tuple[int, ...]) -> tuple[int, ...]:
    """Four times the width, at most 256."""
    return tuple(max(u, min(max(4 * u, 16), 256)) for u in units) if units else (64,)
