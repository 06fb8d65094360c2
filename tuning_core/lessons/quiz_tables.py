"""The tables of "predict the change": samples, and tables made by a formula and a seed, so that an item trains again anywhere.

NumPy keeps the stream of a `RandomState` for good, so the same bytes come in every version. The formulas are those of Friedman
(1991) and of Hastie, Tibshirani and Friedman, as `sklearn.datasets` has them, and one of our own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from tuning_core.experiment import Split

ROWS = 400  # of a table that is made
Numbers = tuple[np.ndarray, np.ndarray]  # x of shape (rows, columns), y of shape (rows,)


@dataclass(frozen=True)
class QuizTable:
    """One table: `file` is that of a sample (see `sample_data`), or `make` gives its numbers.

    Attributes
    ----------
    id : of its dataset in a store.
    target : the column to predict.
    words : what it is called on the page.
    classes : names of the classes that `make` gives as 0 and 1; empty for a number.
    """

    id: str
    target: str
    words: str
    file: str = ""
    make: Callable[[np.random.RandomState], Numbers] | None = None
    seed: int = 0
    classes: tuple[str, ...] = ()

    @property
    def setup(self) -> dict[str, Any]:
        """The JSON of `Dataset.spec()`: all other columns, 70/20/10 at random, with the seed that every table begins with."""
        return {"target": self.target, "features": None, "split": Split().to_json(), "task": None, "kinds": {}}

    @property
    def csv(self) -> bytes:
        """A made table as a file, x1, x2, ... and the target, five digits each."""
        assert self.make is not None, "a sample has a file"
        x, y = self.make(np.random.RandomState(self.seed))
        names = [*(f"x{i + 1}" for i in range(x.shape[1])), self.target]
        ends = [self.classes[int(v)] for v in y] if self.classes else [f"{v:.5g}" for v in y]
        rows = [",".join([*(f"{v:.5g}" for v in row), end]) for row, end in zip(x, ends, strict=True)]
        return "\n".join([",".join(names), *rows, ""]).encode()


def friedman1(random: np.random.RandomState) -> Numbers:
    """Five of ten columns matter, one of them by a sine."""
    x = random.uniform(size=(ROWS, 10))
    y = 10 * np.sin(np.pi * x[:, 0] * x[:, 1]) + 20 * (x[:, 2] - 0.5) ** 2 + 10 * x[:, 3] + 5 * x[:, 4]
    return x, y + 1.5 * random.standard_normal(size=ROWS)


def _resistance(random: np.random.RandomState) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Resistance, frequency, inductance and capacity of a circuit, and its resistive and reactive part."""
    x = random.uniform(size=(ROWS, 4)) * [100, 520 * np.pi, 1, 10] + [0, 40 * np.pi, 0, 1]
    return x, x[:, 0], x[:, 1] * x[:, 2] - 1 / (x[:, 1] * x[:, 3])


def friedman2(random: np.random.RandomState) -> Numbers:
    """The impedance of a circuit."""
    x, own, other = _resistance(random)
    return x, np.hypot(own, other) + 150 * random.standard_normal(size=ROWS)


def friedman3(random: np.random.RandomState) -> Numbers:
    """The phase of a circuit."""
    x, own, other = _resistance(random)
    return x, np.arctan(other / own) + 0.15 * random.standard_normal(size=ROWS)


def sparse(random: np.random.RandomState) -> Numbers:
    """Four of ten columns matter, in a line; the rest is noise."""
    x = random.normal(size=(ROWS, 10))
    return x, random.normal(loc=x[:, 0] + 2 * x[:, 1] - 2 * x[:, 2] - 1.5 * x[:, 3], scale=1.0)


def ball(random: np.random.RandomState) -> Numbers:
    """Inside or outside of a ball in ten columns."""
    x = random.normal(size=(ROWS, 10))
    return x, ((x**2).sum(axis=1) > 9.34).astype(float)


def rings(random: np.random.RandomState) -> Numbers:
    """Two rings, one within the other."""
    outer = np.arange(ROWS) % 2 == 0
    turn, radius = 2 * np.pi * random.uniform(size=ROWS), np.where(outer, 1.0, 0.5)
    x = np.stack([radius * np.cos(turn), radius * np.sin(turn)], axis=1)
    return x + 0.18 * random.normal(size=x.shape), outer.astype(float)


_ALL = (
    QuizTable("insurance", "charges", "insurance", "insurance.csv"),
    QuizTable("penguins", "species", "penguins", "penguins.csv"),
    QuizTable("breast_cancer", "diagnosis", "breast cancer", "breast_cancer.csv"),
    QuizTable("moons", "moon", "moons", "moons.csv"),
    QuizTable("quiz_friedman1", "y", "friedman1", make=friedman1, seed=1),
    QuizTable("quiz_friedman2", "y", "friedman2", make=friedman2, seed=2),
    QuizTable("quiz_friedman3", "y", "friedman3", make=friedman3, seed=3),
    QuizTable("quiz_sparse", "y", "sparse", make=sparse, seed=4),
    QuizTable("quiz_ball", "side", "ball", make=ball, seed=5, classes=("inside", "outside")),
    QuizTable("quiz_rings", "ring", "rings", make=rings, seed=6, classes=("inner", "outer")),
)
QUIZ_TABLES = {table.id: table for table in _ALL}
