"""A small fold of each task family."""

from __future__ import annotations

import numpy as np

from tuning_core.training.fold import Fold


def make_task_fold(task: str, n_train: int = 75, n_val: int = 31, n_features: int = 5, seed: int = 0) -> Fold:
    random = np.random.default_rng(seed)
    n = n_train + n_val
    x = random.normal(size=(n, n_features)).astype(np.float32)
    signal = x[:, 0] - 0.7 * x[:, 1] * x[:, 2] + 0.3 * random.normal(size=n)
    if task == "regression":
        y, classes = signal, 0
    elif task == "two classes":
        y, classes = signal > 0.4, 2
    else:
        y, classes = np.digitize(signal, [-0.6, 0.5]), 3
    y = y.astype(np.float32)
    name = "regression" if task == "regression" else "classification"
    return Fold(name, classes, x[:n_train], y[:n_train], x[n_train:], y[n_train:], 1.0, {"task": name})
