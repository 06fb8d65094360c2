"""The ledger: from the constant to the test rows, each step with the name of what it costs.

baseline -> train: what was learned; what is left is bias, and noise that no model explains
train -> validation: variance, what was learned of these very rows
validation -> test: the cost of choosing, because settings and epoch were chosen to look well on the validation rows
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

CAUSES = {"baseline": "", "train": "bias", "validation": "variance", "test": "choosing"}


@dataclass(frozen=True)
class Step:
    """One entry.

    Attributes
    ----------
    name : "baseline", "train", "validation" or "test".
    value : mean over the rows.
    gap : how much worse than the step before; NaN for the first. Negative is better.
    low, high : ends of its 95 % interval over the rows, by the normal approximation.
    cause : "bias", "variance", "choosing", or "" for the baseline.
    by_luck : "choosing" only: how much better than it is the best of equally good configurations looks on these validation
        rows by luck alone, at most; NaN elsewhere.
    trees : what untuned trees reach on the same rows, fitted on the training rows; NaN where they are not known.
    """

    name: str
    value: float
    gap: float
    low: float
    high: float
    cause: str
    by_luck: float = math.nan
    trees: float = math.nan


def ledger(
    rows: Mapping[str, np.ndarray], lower_is_better: bool, tried: int, trees: Mapping[str, float] | None = None
) -> tuple[Step, ...]:
    """From the values of the rows, each of shape (rows,), by the names of the steps, in order.

    The constant is scored on the training rows, so that its gap to "train" is over pairs. `tried` configurations were chosen
    from; that the best of n looks better by about the expected maximum of n normal deviates (Blom 1958) times the standard
    error is an upper bound, because configurations are alike. `trees` are their means on the rows of the steps.
    """
    sign = 1.0 if lower_is_better else -1.0
    steps: list[Step] = []
    before: np.ndarray | None = None
    for name, values in rows.items():
        gap, error = math.nan, math.nan
        if before is not None:
            gap = sign * float(np.mean(values) - np.mean(before))
            paired = name == "train" and len(before) == len(values)
            error = _error(values - before) if paired else math.hypot(_error(values), _error(before))
        by_luck = math.nan
        if name == "test" and before is not None and "validation" in rows:
            by_luck = expected_luck(tried) * _error(rows["validation"])
        low, high = gap - 1.96 * error, gap + 1.96 * error
        beside = (trees or {}).get(name, math.nan)
        steps.append(Step(name, float(np.mean(values)), gap, low, high, CAUSES[name], by_luck, beside))
        before = values
    return tuple(steps)


def spread_by_weight(values: np.ndarray, weights: np.ndarray | None) -> np.ndarray:
    """(rows,) values whose mean is the weighted mean, and whose standard error is that of it (a ratio, linearised)."""
    if weights is None:
        return values
    mean = np.average(values, weights=weights)
    return mean + (values - mean) * weights / weights.mean()


def expected_luck(n: int) -> float:
    """About the expected maximum of n standard normal deviates; 0 for one."""
    return NormalDist().inv_cdf((n - 0.375) / (n + 0.25)) if n > 1 else 0.0


def _error(values: np.ndarray) -> float:
    """Standard error of the mean."""
    return float(np.std(values, ddof=1) / math.sqrt(len(values))) if len(values) > 1 else math.nan
