"""A history's arrays, checked and ready to be read."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tuning_core.diagnosis.context import Facts, read_context
from tuning_core.diagnosis.curve_math import finite_prefix, log_ratio, smooth
from tuning_core.diagnosis.early_stop import stop_point
from tuning_core.experiment import History


@dataclass(frozen=True, eq=False)
class Curves:
    """A history made ready for reading.

    Attributes
    ----------
    train, val, running : the values before the first non-finite training value, each shape (epochs,), divided by a common unit;
        `val` is empty when validation was not recorded.
    train_smooth, val_smooth : running means over about a twentieth of the epochs.
    error, val_error : share of wrong answers or mean absolute error on training and validation rows, shape (epochs,), empty
        when not recorded or when the task is unknown.
    n : epochs recorded, non-finite ones too.
    floor : losses closer than this are alike, in the unit of the arrays above.
    unit : what one unit of the arrays is, in the history's own unit.
    history : what was read.
    stopped_early : the run's own early stopping ended it: later epochs would not be reached.
    """

    train: np.ndarray
    val: np.ndarray
    running: np.ndarray
    train_smooth: np.ndarray
    val_smooth: np.ndarray
    error: np.ndarray
    val_error: np.ndarray
    n: int
    floor: float
    unit: float
    facts: Facts
    history: History
    stopped_early: bool

    @property
    def exploded(self) -> bool:
        """The training loss stopped being a number."""
        return len(self.train) < self.n

    @property
    def best(self) -> int:
        """Position (from 0) of the lowest smoothed validation loss; the training loss where there is none."""
        values = self.val_smooth if len(self.val) else self.train_smooth
        return int(np.argmin(values)) if len(values) else 0

    def ratio(self, a: float, b: float) -> float:
        return log_ratio(a, b, self.floor)

    def at(self, values: np.ndarray, share: float) -> float:
        """The value after that share of the epochs (0 is the first, 1 the last)."""
        return float(values[round(share * (len(values) - 1))])

    def end(self, values: np.ndarray) -> float:
        """Mean over the last twentieth of the epochs, at least the last two of a long curve."""
        width = max(2 if len(values) > 8 else 1, len(values) // 20)
        return float(values[-width:].mean())


def read_curves(history: History) -> Curves:
    """Pick the fair training series, cut at the first non-finite value, and bring everything to one unit."""
    train = history.train_loss if np.isfinite(history.train_loss).any() else history.loss
    n = len(train)
    if not np.isfinite(train).any() and np.isfinite(history.val_loss).any():
        n = 0  # training was not recorded: nothing can be said of it
    reached = len(finite_prefix(train))
    train = train[:reached]
    val = finite_prefix(history.val_loss[:reached])
    if len(val) < reached:  # gaps in validation: use it only as far as it goes, if it goes nearly to the end
        val = val if len(val) >= max(1, 0.9 * reached) else val[:0]
    running = finite_prefix(history.loss[:reached])
    unit = _unit(val if len(val) else train)
    with np.errstate(over="ignore"):  # a bound far above any sensible ratio keeps sums and squares finite
        train, val, running = (np.clip(series / unit, -1e100, 1e100) for series in (train, val, running))
    width = max(1, reached // 20) | 1
    facts = read_context(history.context)
    return Curves(
        train=train,
        val=val,
        running=running,
        train_smooth=smooth(train, width),
        val_smooth=smooth(val, width),
        error=_error(history.metric[:reached], facts.task),
        val_error=_error(history.val_metric[:reached], facts.task),
        n=n,
        floor=1e-4,
        unit=unit,
        facts=facts,
        history=history,
        stopped_early=_stopped_early(history, facts),
    )


def _stopped_early(history: History, facts: Facts) -> bool:
    rules = facts.early_stopping
    return rules is not None and stop_point(history, rules).stopped_epoch is not None


def _error(metric: np.ndarray, task: str) -> np.ndarray:
    """Accuracy turned into the share of wrong answers; MAE as it is; empty unless every epoch has a sensible value."""
    error = 1.0 - metric if task == "classification" else metric
    known = task in ("classification", "regression") and np.isfinite(error).all() and (np.abs(error) < 1e100).all()
    return error if known else error[:0]


def _unit(values: np.ndarray) -> float:
    """A typical size: the upper median of the absolute values, or the largest, or 1."""
    if not len(values):
        return 1.0
    sizes = np.sort(np.abs(values))
    unit = float(sizes[len(sizes) // 2]) or float(sizes[-1])
    return unit if unit > 1e-290 else 1.0
