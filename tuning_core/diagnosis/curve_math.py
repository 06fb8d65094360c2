"""Small tools for reading curves: everything relative, so that the unit of the loss never matters."""

from __future__ import annotations

import numpy as np


def log_ratio(a: float, b: float, floor: float) -> float:
    """How many e-folds `a` lies above `b`; log(a / b) for positive losses, symmetric and finite for others.

    `floor` (> 0, in the loss's own unit) keeps the ratio finite where a loss reaches 0.
    """
    if not (np.isfinite(a) and np.isfinite(b)):
        return np.nan
    with np.errstate(over="ignore"):
        return float(np.sign(a - b) * np.log1p(abs(a - b) / max(min(abs(a), abs(b)), floor)))


def smooth(values: np.ndarray, width: int) -> np.ndarray:
    """Centred running mean of odd `width`, shorter at the ends; NaN-free input, same shape (epochs,)."""
    if width <= 1 or len(values) < 3:
        return values
    half = min(width // 2, (len(values) - 1) // 2)
    total = np.concatenate([[0.0], np.cumsum(values)])
    i = np.arange(len(values))
    reach = np.minimum(np.minimum(i, len(values) - 1 - i), half)
    return (total[i + reach + 1] - total[i - reach]) / (2 * reach + 1)


def slope(values: np.ndarray) -> float:
    """Least-squares slope per epoch."""
    if len(values) < 2:
        return 0.0
    t = np.arange(len(values)) - (len(values) - 1) / 2
    return float(t @ values / (t @ t))


def finite_prefix(values: np.ndarray) -> np.ndarray:
    """The values before the first one that is not finite."""
    bad = np.flatnonzero(~np.isfinite(values))
    return values[: bad[0]] if len(bad) else values
