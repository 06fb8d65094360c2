"""How long one diagnosis takes, beside a named peer: writing the same history as JSON text."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from functools import partial

import numpy as np

from tuning_core.diagnosis import diagnose
from tuning_core.experiment import History


def curve(epochs: int) -> History:
    """A noisy overfitting curve with a full context."""
    random, t = np.random.default_rng(epochs), np.arange(epochs) / epochs
    train = np.exp(-4 * t) * (1 + 0.02 * random.normal(size=epochs))
    val = train + 0.3 * t**2 + 0.01 * random.normal(size=epochs)
    settings = {"hidden_units": [64], "learning_rate": 0.01, "batch_size": 16, "epochs": epochs, "optimizer": "adam"}
    context = {"task": "regression", "n_train": 900, "n_validation": 200, "dummy_loss": 1.0, "linear_loss": 0.4}
    return History.from_arrays(train, train, val, train, val, context | {"hyperparameters": settings})


def best_of(times: int, act: Callable[[], object]) -> float:
    """The fastest of several runs, in milliseconds."""
    took = []
    for _ in range(times):
        began = time.perf_counter()
        act()
        took.append(time.perf_counter() - began)
    return 1000 * min(took)


def main() -> None:
    print("epochs   diagnose ms   json.dumps ms")
    for epochs in (10, 100, 300, 1000, 10_000):
        history = curve(epochs)
        ours = best_of(30, partial(diagnose, history))
        peer = best_of(30, lambda h=history: json.dumps(h.to_json()))
        print(f"{epochs:6d} {ours:13.2f} {peer:15.2f}")
