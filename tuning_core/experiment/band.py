"""Median and band over seeds or folds: epoch by epoch of curves, or of single scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

MIN_MAX_UP_TO = 4  # values; above that the band is the 10 % to 90 % quantiles, as in the live curve


@dataclass(frozen=True, eq=False)
class Band:
    """Statistics per epoch, arrays of shape (epochs,): NaN where no training got as far; `count` is how many did."""

    middle: np.ndarray
    low: np.ndarray
    high: np.ndarray
    count: np.ndarray

    def __len__(self) -> int:
        return len(self.middle)


def band_of(curves: Sequence[np.ndarray]) -> Band:
    """The band of curves of different lengths; values that are not finite do not count.

    Parameters
    ----------
    curves : one array (epochs,) for each training.
    """
    length = max((len(curve) for curve in curves), default=0)
    values = np.full((len(curves), length), np.nan)  # (trainings, epochs)
    for row, curve in zip(values, curves, strict=True):
        row[: len(curve)] = np.where(np.isfinite(curve), curve, np.nan)
    count = np.isfinite(values).sum(axis=0)
    statistics = np.full((3, length), np.nan)
    some = count > 0
    edge = 0.0 if len(curves) <= MIN_MAX_UP_TO else 0.1
    if some.any():
        statistics[:, some] = np.nanquantile(values[:, some], (0.5, edge, 1.0 - edge), axis=0)
    return Band(statistics[0], statistics[1], statistics[2], count)
