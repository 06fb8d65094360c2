"""A run with what every change did to it: what quiz items are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from tuning_core.experiment import History, Hyperparameters

LAST = 5  # epochs whose median is the end of a curve, so that one lucky epoch decides nothing


@dataclass(frozen=True, eq=False)
class TriedRun:
    """One training, and the same with one thing changed, on rows that none of them had seen.

    Attributes
    ----------
    id, table : a name of its own, and the table in words.
    history : the run; its context names the hyperparameters.
    ways : (training, validation) loss by change, arrays of shape (epochs,): "base" is the run with three times the epochs,
        "lr3", "lr5" and "lr10" have 3 times, a fifth and a tenth of its rate, "deep" and "wide" are larger models, "less_l2"
        has a hundredth of its penalty.
    held : loss on unseen rows by change, shape (seeds, epochs); seed 0 is that of `history`.
    labels, gains, truth : see `judged_by_remedies.judge`.
    unseen_words : what the unseen rows are.
    """

    id: str
    table: str
    history: History
    ways: Mapping[str, tuple[np.ndarray, np.ndarray]]
    held: Mapping[str, np.ndarray]
    labels: Mapping[str, bool | None]
    gains: Mapping[str, float | None]
    truth: Mapping[str, float]
    unseen_words: str = "unseen rows"

    @property
    def epochs(self) -> int:
        return len(self.history)

    @property
    def hyperparameters(self) -> Hyperparameters:
        return Hyperparameters.from_json(self.history.context["hyperparameters"])

    @property
    def unseen(self) -> np.ndarray:
        """Loss on unseen rows of the run itself, shape (epochs,)."""
        return self.held["base"][0, : self.epochs]

    @property
    def verdict(self) -> str:
        """The one verdict that is true of it; "" where there are several or none."""
        true = [kind for kind, holds in self.labels.items() if holds]
        return true[0] if len(true) == 1 else ""

    @property
    def best_epoch(self) -> int:
        """Of the lowest validation loss, counted from 1; 0 without one."""
        val = self.history.val_loss
        return int(np.nanargmin(val)) + 1 if np.isfinite(val).any() else 0

    @cached_property
    def end_gains(self) -> dict[str, float]:
        """How much lower the loss on unseen rows ends with a change (0.1 is 10 %; -inf where it broke off); mean over seeds.

        "stop" ends at the epoch of the lowest validation loss, "epochs3" has three times the epochs.
        """
        n = self.epochs
        own = self._end(self.held["base"][:, :n])
        ends = {name: self._end(values[:, :n]) for name, values in self.held.items() if name != "base"}
        ends["epochs3"] = self._end(self.held["base"])
        if self.best_epoch:
            ends["stop"] = float(np.mean(self.held["base"][:, self.best_epoch - 1]))
        return {name: _gain(own, end) for name, end in ends.items()}

    @staticmethod
    def _end(values: np.ndarray) -> float:
        return float(np.mean(np.median(values[:, -LAST:], axis=1)))


def _gain(own: float, end: float) -> float:
    if not np.isfinite(end):
        return -np.inf
    return 1.0 if not np.isfinite(own) else 1 - end / own
