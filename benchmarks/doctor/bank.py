"""The bank on disk: what was measured of each run beside what is true of it, small enough to keep with the code."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from tuning_core.diagnosis import VERDICTS
from tuning_core.diagnosis.measures import measure
from tuning_core.diagnosis.read_curves import read_curves
from tuning_core.experiment import SERIES, History

BANK = Path(__file__).with_name("bank.json.gz")
FROM_BASELINES = ("dummy", "linear", "error", "shape")  # words in the names of measures that need baselines or a task
FROM_VALIDATION = ("val_", "rise", "best", "rising", "gap")
FROM_SETTINGS = (
    *("n_train", "n_validation", "n_features", "n_params", "params_per_row", "classification", "layers", "narrowest", "widest"),
    *("adaptive", "learning_rate", "batch_size", "updates", "distance", "dropout", "l2"),
)
ACTIONS = ("early_stop", "lower_lr", "raise_lr", "more_epochs", "more_capacity", "less_l2", "less_dropout")


@dataclass(frozen=True, eq=False)
class Bank:
    """Runs as arrays.

    Attributes
    ----------
    table, group : names, shape (runs,); runs of a group share their rows.
    x : shape (runs, measures), NaN where a measure is not known.
    labels : shape (runs, kinds) in the order of `VERDICTS`: 1, 0, NaN where the truth is ambiguous or no question.
    gains : shape (runs, actions) in the order of `ACTIONS`; NaN where a remedy was not trained.
    """

    table: np.ndarray
    group: np.ndarray
    measures: tuple[str, ...]
    x: np.ndarray
    labels: np.ndarray
    gains: np.ndarray

    def only(self, rows: np.ndarray) -> Bank:
        return Bank(self.table[rows], self.group[rows], self.measures, self.x[rows], self.labels[rows], self.gains[rows])


def with_less_context(bank: Bank) -> Bank:
    """The bank four times, one copy after the other: as it is, without settings, curves alone, and the training curve alone."""
    names = np.array(bank.measures)
    settings = np.isin(names, FROM_SETTINGS)
    baselines = np.array([any(word in name for word in FROM_BASELINES) for name in names])
    validation = np.array([any(word in name for word in FROM_VALIDATION) for name in names])
    blanks = (settings, settings | baselines, settings | baselines | validation)
    copies = [bank.x, *(np.where(blank, np.nan, bank.x) for blank in blanks)]
    return replace(bank.only(np.tile(np.arange(len(bank.x)), 4)), x=np.concatenate(copies))


def history(run: dict[str, Any]) -> History:
    """The curves of a stored run."""
    return History.from_arrays(**{name: run["curves"][name] for name in SERIES}, context=run["context"])


def read_runs(folder: Path) -> list[dict[str, Any]]:
    """All runs that `grow` stored in a folder, in a fixed order."""
    runs = []
    for path in sorted(folder.glob("*.json.gz")):
        with gzip.open(path, "rt") as file:
            runs += json.load(file)
    return runs


def collect(runs: Sequence[dict[str, Any]], path: Path = BANK) -> None:
    """Measure every run as the doctor does and add the numbers, beside the labels, to the bank; groups of the same name give way.

    Raises
    ------
    ValueError
        When the bank holds other measures than are taken now.
    """
    measured = [measure(read_curves(history(run))) for run in runs]
    names = sorted({name for m in measured for name in m})
    new = [
        {
            "table": r["table"],
            "group": r["group"],
            "x": [_short(m.get(n)) for n in names],
            "labels": r["labels"],
            "gains": r["gains"],
        }
        for r, m in zip(runs, measured, strict=True)
    ]
    groups = {run["group"] for run in new}
    stored = _stored(path) if path.exists() else {"measures": names, "runs": []}
    if stored["measures"] != names:
        raise ValueError(f"{path} holds other measures than are taken now: delete it and collect all runs anew.")
    content = {"measures": names, "runs": [run for run in stored["runs"] if run["group"] not in groups] + new}
    with gzip.GzipFile(path, "wb", mtime=0) as file:  # no time stamp: the same runs give the same file
        file.write(json.dumps(content, separators=(",", ":")).encode())


def _stored(path: Path) -> dict[str, Any]:
    with gzip.open(path, "rt") as file:
        return json.load(file)


def _short(value: float | None) -> float | None:
    return None if value is None or not np.isfinite(value) else float(f"{value:.4g}")


def digest(path: Path = BANK) -> str:
    """SHA-256 of the stored bank: what was chosen or measured says from which bank."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def load(path: Path = BANK) -> Bank:
    content = _stored(path)
    runs = content["runs"]
    labels = [[_number(r["labels"].get(kind)) for kind in VERDICTS] for r in runs]  # some are older than a verdict
    return Bank(
        table=np.array([r["table"] for r in runs]),
        group=np.array([r["group"] for r in runs]),
        measures=tuple(content["measures"]),
        x=np.array([[np.nan if v is None else v for v in r["x"]] for r in runs]),
        labels=np.array(labels),
        gains=np.array([[_number(r["gains"].get(action)) for action in ACTIONS] for r in runs]),
    )


def _number(value: float | bool | None) -> float:
    return np.nan if value is None else float(value)
