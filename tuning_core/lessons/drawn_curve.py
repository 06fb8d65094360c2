"""A predicted curve, drawn as a rough line, held against the real one."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tuning_core.experiment import History

TOP = 1.5  # of the axis that is drawn on, in the constant predictor's loss
COLUMNS = 13  # points of a drawn line
NEAR, ROUGH = 0.1, 0.25  # mean distances up to which a line is near, and roughly right
SERIES = {"training": "train_loss", "validation": "val_loss"}


@dataclass(frozen=True, eq=False)
class DrawnCurve:
    """A line and what came.

    Attributes
    ----------
    epochs : int64, shape (columns,), where the line has its points.
    heights : float64, shape (columns,), drawn; in the constant predictor's loss.
    real : float64, shape (epochs,), median over the seeds, in the same unit; NaN where it is no number.
    seeds : trainings of the median.
    """

    epochs: np.ndarray
    heights: np.ndarray
    real: np.ndarray
    seeds: int

    @property
    def distance(self) -> float:
        """Mean distance at the points of the line; what leaves the axis counts as its top, as does what is no number."""
        real = np.minimum(np.nan_to_num(self.real[self._points()], nan=TOP), TOP)
        return float(np.mean(np.abs(self.heights - real)))

    @property
    def sentence(self) -> str:
        """How near the line is, and what was compared."""
        word = "near" if self.distance <= NEAR else "roughly right" if self.distance <= ROUGH else "far off"
        compared = (
            f"at its {len(self.epochs)} points it lies {100 * self.distance:.0f} % of the constant predictor's loss from the "
            f"real curve, on average (median of {self.seeds} seeds; what leaves the axes counts as their top)"
        )
        if not np.isfinite(self.real).any() or np.ptp(self.heights) < 0.05:
            return f"Your line is {word}: {compared}."
        yours, lowest = int(self.epochs[np.argmin(self.heights)]), int(np.nanargmin(self.real)) + 1
        return f"Your line is {word}: {compared}. Its lowest point is at epoch {yours}, the real one at epoch {lowest}."

    def _points(self) -> np.ndarray:
        """Places in `real`; a curve that ended early stays at its last."""
        return np.minimum(self.epochs, len(self.real)) - 1


def drawn_epochs(epochs: int) -> np.ndarray:
    """Where a line over so many epochs has its points, int64, shape (at most COLUMNS,)."""
    return np.unique(np.round(np.linspace(1, epochs, COLUMNS)).astype(np.int64))


def is_line(heights: Any, epochs: int) -> bool:
    """Whether something is the heights of a line over so many epochs: it may come from a browser."""
    columns = len(drawn_epochs(epochs))
    return (
        isinstance(heights, list)
        and len(heights) == columns
        and all(isinstance(h, int | float) and not isinstance(h, bool) and 0 <= h <= TOP for h in heights)
    )


def drawn_curve(heights: Sequence[float], histories: Sequence[History], part: str, epochs: int) -> DrawnCurve:
    """A line over so many epochs held against trainings; `part` is "training" or "validation"."""
    longest = max(len(history) for history in histories)
    curves = np.full((len(histories), longest), np.nan)
    for row, history in zip(curves, histories, strict=True):
        row[: len(history)] = getattr(history, SERIES[part]) / history.context["dummy_loss"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # an epoch without a number
        real = np.nanmedian(np.where(np.isfinite(curves), curves, np.nan), axis=0)
    return DrawnCurve(drawn_epochs(epochs), np.asarray(heights, dtype=np.float64), real, len(histories))
