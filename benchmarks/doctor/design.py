"""Which settings the bank ranges over: sensible ones and every way to miss them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.doctor.tables import Source
from tuning_core.experiment import Hyperparameters
from tuning_core.training.specs import n_params

SMALL = ((), (), (), (), (), (2,), (4,), (8,), (4, 4))
MIDDLE = ((8,), (16,), (32,), (64,), (8, 8), (16, 16), (32, 32))
LARGE = ((128,), (64, 32), (64, 64), (128, 64), (128, 128), (256, 128))
EVERY = SMALL + MIDDLE + LARGE
# optimizer, momentum, a usual learning rate at a batch of 16, how often
OPTIMIZERS = (("adam", 0.0, 0.003, 0.5), ("sgd", 0.0, 0.05, 0.3), ("sgd", 0.9, 0.008, 0.15), ("rmsprop", 0.0, 0.002, 0.05))
BATCHES = (8, 16, 32, 64, 128)
WIDTHS = (10, 20, 40)  # features that programs are compiled for


@dataclass(frozen=True)
class Theme:
    """A way to choose settings: which sizes, how far the learning rate is from a usual one, how many rows, how often."""

    sizes: tuple[tuple[int, ...], ...]
    factors: tuple[float, float]
    rows: tuple[int, int]
    weight: float
    epochs: tuple[int, int] = (30, 280)
    regularised: bool = False
    drops: float = 0.15  # how often models of 16 units and more have dropout


THEMES = {
    "size": Theme(SMALL, (0.3, 4.0), (100, 3000), 0.24, (60, 300)),  # is the model large enough?
    "sensible": Theme(EVERY, (0.1, 2.0), (100, 3000), 0.2, (40, 300)),
    "memory": Theme(MIDDLE + LARGE, (1.0, 10.0), (100, 250), 0.13),  # room to memorise
    "large steps": Theme(EVERY, (5.0, 60.0), (100, 400), 0.13),
    "small steps": Theme(EVERY, (0.004, 0.2), (100, 600), 0.1),
    "anything": Theme(EVERY, (0.01, 400.0), (100, 400), 0.1),
    "regularised": Theme(SMALL[:5] + MIDDLE * 2 + LARGE, (0.2, 6.0), (100, 1500), 0.1, (30, 160), True, 0.45),
    "dropout": Theme(MIDDLE[1:4] + MIDDLE[5:] + LARGE, (0.2, 6.0), (100, 1500), 0.0, (30, 160), True, 1.0),  # when asked for
}
L2, DROPOUT = (3e-4, 3.0), (0.1, 0.9)  # of regularised runs; L2 even on a logarithmic scale


@dataclass(frozen=True, eq=False)
class Group:
    """Runs on the same rows that differ in learning rate and epochs only.

    `width` is how many features the program is compiled for: narrower tables are filled up with zeros.
    """

    source: Source
    rows: tuple[np.ndarray, np.ndarray, np.ndarray]  # train, validation, held out
    base: Hyperparameters
    rates: tuple[float, ...]
    parts: tuple[float, ...]  # shares of the training that are read as runs of their own
    width: int

    @property
    def work(self) -> float:
        """What training it costs: rows that one model is shown, counted several times where models are large."""
        largest = n_params(wider(self.base.hidden_units), self.width, 1)
        price = 1 + largest / 15_000 * max(1, 32 / self.base.batch_size)  # small batches touch all weights more often
        times = 31 + 9 * ((self.base.l2 > 0) + (max(self.base.dropout_rates, default=0) > 0))
        return len(self.rows[0]) * self.base.epochs * times * len(self.rates) * price


def draw(
    sources: Sequence[Source], random: np.random.Generator, count: int, budget: float, theme_name: str | None = None
) -> list[Group]:
    """Groups that share their compiled programs: one architecture and optimizer; tables, rows, epochs and rates differ.

    Parameters
    ----------
    sources : tables to choose from; one is drawn, and those of the same kind and a like width join it.
    budget : the work that the training of a group may take.
    theme_name : one of `THEMES`; drawn by their weights when left out.
    """
    theme = THEMES[theme_name or random.choice(list(THEMES), p=[t.weight for t in THEMES.values()])]
    first = sources[random.integers(len(sources))]
    width = _width(first)
    alike = [s for s in sources if (s.task, s.n_classes, _width(s)) == (first.task, first.n_classes, width)]
    base, usual = _base(theme, random)
    groups: list[Group] = []
    while len(groups) < min(count, 3 * len(alike)):
        group = _group(alike[random.integers(len(alike))], theme, base, usual, width, random)
        if group.work < budget:
            groups.append(group)
    return sorted(groups, key=lambda group: -len(group.rows[0]))  # a program made for many rows serves fewer


def _width(source: Source) -> int:
    return next((width for width in WIDTHS if width >= source.x.shape[1]), source.x.shape[1])


def _base(theme: Theme, random: np.random.Generator) -> tuple[Hyperparameters, float]:
    """What programs are compiled for, and a usual learning rate."""
    units = theme.sizes[random.integers(len(theme.sizes))]
    optimizer, momentum, usual, _ = OPTIMIZERS[random.choice(len(OPTIMIZERS), p=[often for *_, often in OPTIMIZERS])]
    batch = int(random.choice(BATCHES))
    drops = units and max(units) >= 16 and random.random() < theme.drops
    penalised = random.random() < (0.2 if drops else 1.0) if theme.regularised else random.random() < 0.25
    base = Hyperparameters(
        batch_size=batch,
        hidden_units=units,
        activation=str(random.choice(["relu", "relu", "tanh"])),
        optimizer=optimizer,
        momentum=momentum,
        dropout=0.2 if drops else 0.0,
        l2=1e-3 if penalised else 0.0,
    )
    return base, usual * np.sqrt(batch / 16)


def _group(source: Source, theme: Theme, base: Hyperparameters, usual: float, width: int, random: np.random.Generator) -> Group:
    n = len(source.y)
    n_val = _between(random, 50, max(51, min(700, 0.17 * n)))
    n_train = _between(random, theme.rows[0], max(theme.rows[0] + 1, min(theme.rows[1], 0.65 * n, n - n_val - 100)))
    order = random.permutation(n)
    rows = (order[:n_train], order[n_train : n_train + n_val], order[n_train + n_val :][:2000])
    own = base.replace(
        epochs=_between(random, *theme.epochs),
        dropout=_dropout(theme, random) if base.dropout else 0.0,
        l2=_l2(theme, random) if base.l2 else 0.0,
    )
    rates = tuple(_rate(usual * np.exp(random.uniform(*np.log(theme.factors)))) for _ in range(2))
    return Group(source, rows, own, rates, (1.0, float(random.uniform(0.2, 0.6))), width)


def _dropout(theme: Theme, random: np.random.Generator) -> float:
    return round(random.uniform(*DROPOUT), 2) if theme.regularised else float(random.choice([0.1, 0.2, 0.3]))


def _l2(theme: Theme, random: np.random.Generator) -> float:
    if theme.regularised:
        return float(f"{np.exp(random.uniform(*np.log(L2))):.2g}")
    return float(random.choice([1e-4, 1e-3, 3e-3, 1e-2]))


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
