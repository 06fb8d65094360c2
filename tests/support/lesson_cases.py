"""The lesson's own trainings on the insurance table: settings, and what a teacher would say of each.

`python -m tests.support.lesson_cases` trains all of them and writes `lesson.json.gz`, the curves that `test_lesson.py` reads.
"""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass

import numpy as np

import tuning_core as tc
from tests.support.paths import INSURANCE, LESSON_CURVES
from tuning_core.experiment import SERIES

SEEDS = (0, 1, 2)
BASE = tc.Hyperparameters(
    learning_rate=0.01, batch_size=16, epochs=100, hidden_units=(64,), optimizer="adam", early_stopping=None
)


@dataclass(frozen=True)
class Case:
    """One setting, the verdicts of which a teacher would name one first, and the changes that may be tried first.

    `first` names the field that the first remedy changes, with "+" or "-" for the direction; "" where none has to be offered.
    """

    settings: tc.Hyperparameters
    kinds: tuple[str, ...]
    first: tuple[str, ...]


TOO_LARGE = ("diverged", "oscillating")
SLOW = (("too_slow",), ("learning_rate+",))
STOP = ("early_stopping",)
CASES = {
    "rate 10": Case(BASE.replace(learning_rate=10.0), TOO_LARGE, ("learning_rate-",)),
    "rate 1": Case(BASE.replace(learning_rate=1.0), TOO_LARGE, ("learning_rate-",)),
    "rate 0.1": Case(BASE.replace(learning_rate=0.1), ("oscillating", "overfitting"), ("learning_rate-", *STOP)),
    "rate 0.01": Case(BASE, ("overfitting", "oscillating"), (*STOP, "learning_rate-")),
    "rate 0.001": Case(BASE.replace(learning_rate=1e-3), ("overfitting", "healthy"), (*STOP, "", "hidden_units")),
    "rate 0.0001": Case(BASE.replace(learning_rate=1e-4), ("too_slow",), ("learning_rate+", "epochs+")),
    **{f"rate {r:g}": Case(BASE.replace(learning_rate=r), *SLOW) for r in (1e-5, 1e-6, 1e-7, 1e-8)},
    "batch 1": Case(BASE.replace(batch_size=1), ("oscillating", "overfitting"), ("learning_rate-", "batch_size+", *STOP)),
    "batch 2": Case(BASE.replace(batch_size=2), ("oscillating", "overfitting"), ("learning_rate-", "batch_size+", *STOP)),
    "batch 10": Case(BASE.replace(batch_size=10), ("overfitting", "oscillating"), (*STOP, "learning_rate-")),
    "batch 936": Case(BASE.replace(batch_size=936), ("healthy", "too_slow"), ("", "hidden_units", "learning_rate+", "epochs+")),
    "no hidden layer": Case(BASE.replace(hidden_units=(), epochs=200), ("underfitting",), ("hidden_units",)),
    "three of 128": Case(BASE.replace(hidden_units=(128,) * 3, epochs=500), ("overfitting",), STOP),
    "three of 128, rate 0.001": Case(
        BASE.replace(hidden_units=(128,) * 3, epochs=500, learning_rate=1e-3), ("overfitting",), STOP
    ),
    # The lesson leaves the target in dollars.
    "dollars, rate 1": Case(
        BASE.replace(scale_target=False, learning_rate=1.0), ("overfitting", "oscillating"), (*STOP, "learning_rate-")
    ),
    "dollars, rate 0.1": Case(BASE.replace(scale_target=False, learning_rate=0.1), ("healthy",), ("",)),
    "dollars, rate 0.01": Case(BASE.replace(scale_target=False), ("too_slow",), ("learning_rate+", "epochs+")),
    **{
        f"dollars, rate {r:g}": Case(BASE.replace(scale_target=False, learning_rate=r), *SLOW)
        for r in (1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8)
    },
    "dollars, batch 936": Case(BASE.replace(scale_target=False, batch_size=936), *SLOW),
    "dollars, three of 128": Case(
        BASE.replace(scale_target=False, hidden_units=(128,) * 3, epochs=500, learning_rate=1e-3), ("overfitting",), STOP
    ),
}


def train(name: str) -> list[tc.History]:
    """The curves of all seeds."""
    dataset = tc.Dataset(tc.read_table(INSURANCE), target="charges")
    return [trial.history for trial in tc.train(dataset, CASES[name].settings, seeds=SEEDS).trials]


def recorded() -> dict[str, list[tc.History]]:
    with gzip.open(LESSON_CURVES, "rt") as file:
        return {name: [tc.History.from_json(h) for h in histories] for name, histories in json.load(file).items()}


def _short(history: tc.History) -> dict:
    values = {name: [float(f"{v:.6g}") for v in getattr(history, name).tolist()] for name in SERIES}
    assert all(np.isfinite(v).all() for v in values.values())
    return values | {"context": dict(history.context)}


if __name__ == "__main__":
    curves = {name: [_short(h) for h in train(name)] for name in CASES}
    with gzip.GzipFile(LESSON_CURVES, "wb", mtime=0) as out:
        out.write(json.dumps(curves, separators=(",", ":")).encode())
