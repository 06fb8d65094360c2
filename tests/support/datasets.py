"""Small tables that several tests learn from, and the sample's setup."""

from __future__ import annotations

import numpy as np
import pandas as pd

import tuning_core as tc
from tuning_core.experiment import Split

SETUP = {"target": "charges", "features": None, "split": Split().to_json(), "task": None, "kinds": {}}


def make_dataset(task="regression", n=120, **kwargs):
    random = np.random.default_rng(0)
    x = random.normal(size=(n, 3))
    y = 3 * x[:, 0] - x[:, 1] + 0.1 * random.normal(size=n)
    frame = pd.DataFrame(x, columns=["a", "b", "c"])
    frame["y"] = y if task == "regression" else np.where(y > 0, "yes", "no")
    return tc.Dataset(tc.read_table(frame.to_csv(index=False).encode(), filename="t.csv"), target="y", **kwargs)


def german_csv(n=120):
    """Semicolons, decimal commas, days first, yes and no in two ways, a word for missing."""
    random = np.random.default_rng(0)
    price = random.uniform(1, 5000, n)
    days = pd.date_range("2020-01-13", periods=n, freq="5D")
    lines = ["Preis;Wann;Ja;Aktiv;Farbe;Ziel"]
    for i in range(n):
        cell = "n/a" if i % 17 == 3 else f"{price[i]:,.2f}".replace(",", "_").replace(".", ",").replace("_", ".")
        colour = ["rot", "grün", "blau"][i % 3]
        y = price[i] / 1000 + (i % 3)
        lines.append(
            f"{cell};{days[i]:%d.%m.%Y};{'ja' if i % 2 else 'nein'};{'true' if i % 5 else 'false'};{colour};{y:.3f}".replace(
                ".", ".", 1
            )
        )
    return "\n".join(lines).encode()
