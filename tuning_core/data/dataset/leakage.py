"""Features that give the target away: one that determines it, or several that sum to it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from tuning_core.data.dataset.targets import as_numbers
from tuning_core.data.notices import Notice, quoted

MAX_ROWS = 20_000
MAX_SUMMANDS = 60


def suspected_leaks(frame: pd.DataFrame, target: str, values: np.ndarray, kinds: Mapping[str, str], task: str) -> list[Notice]:
    """At most two notices: columns that determine the target alone, columns whose weighted sum it is."""
    rows = np.linspace(0, len(frame) - 1, min(len(frame), MAX_ROWS)).astype(np.int64)
    values = np.asarray(values)[rows]
    numbers = {name: as_numbers(frame[name].iloc[rows]) for name, kind in kinds.items() if kind in ("integer", "numeric")}
    alone = [name for name, column in numbers.items() if _number_determines(column, values, task)]
    alone += [
        name
        for name, kind in kinds.items()
        if kind in ("categorical", "boolean", "integer")
        and name not in alone
        and _level_determines(frame[name].iloc[rows], values, task)
    ]
    notices = []
    if alone:
        message = (
            f"{quoted(alone)} alone {'determines' if len(alone) == 1 else 'determine'} the target {target!r}. If it is only "
            "known after the target, leave it out."
        )
        notices.append(Notice("leak_suspected", message, tuple(alone), len(alone)))
    if task == "regression" and not alone:
        summands = _summands(numbers, values)
        if summands:
            message = (
                f"The target {target!r} is a weighted sum of {quoted(summands)}, exactly. If they are parts of the target, "
                "leave them out."
            )
            notices.append(Notice("leak_suspected", message, tuple(summands), len(summands)))
    return notices


def _number_determines(column: np.ndarray, values: np.ndarray, task: str) -> bool:
    """Regression: the target rises (or falls) with the column without exception. Classification: cuts separate the classes."""
    known = ~np.isnan(column)
    if known.sum() < max(10, 0.9 * len(column)):
        return False
    x, y = column[known], values[known]
    if x.min() == x.max() or y.min() == y.max():
        return False
    if task == "regression":
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            x, y = x / np.abs(x).max(), y / np.abs(y).max()
            return bool(abs(np.corrcoef(x, y)[0, 1]) > 1 - 1e-9) or _is_monotone(x, y)
    order = np.argsort(x, kind="stable")
    x, y = x[order], y[order]
    changes = np.flatnonzero(y[1:] != y[:-1])
    return len(changes) == len(np.unique(y)) - 1 and bool((x[changes] < x[changes + 1]).all())


def _is_monotone(x: np.ndarray, y: np.ndarray) -> bool:
    """Whether sorting by x sorts y, both having values enough for this to be no chance."""
    if len(np.unique(x)) < 20 or len(np.unique(y)) < 20:
        return False
    steps = np.diff(y[np.lexsort((y, x))])
    falling = np.diff(y[np.lexsort((-y, x))])
    return bool((steps >= 0).all() or (falling <= 0).all())


def _level_determines(column: pd.Series, values: np.ndarray, task: str) -> bool:
    """Every level has one target value, and levels repeat often enough for this to be no chance."""
    codes, levels = pd.factorize(column)
    known = codes >= 0
    if len(levels) < 2 or known.sum() < max(10, 0.9 * len(codes), 5 * len(levels)):
        return False
    low = pd.Series(values[known]).groupby(codes[known])
    return bool((low.min() == low.max()).all())


def _summands(numbers: Mapping[str, np.ndarray], values: np.ndarray) -> list[str]:
    """Columns with a weight in an exact linear fit of the target, when rows are many enough to trust it."""
    names = [name for name, column in numbers.items() if not np.isnan(column).any() and np.ptp(column) > 0]
    if not 2 <= len(names) <= MAX_SUMMANDS or len(values) < 10 * len(names):
        return []
    X = np.column_stack([numbers[name] / np.abs(numbers[name]).max() for name in names])  # (n, p)
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    y = values / np.abs(values).max()
    y = (y - y.mean()) / y.std()
    weights, *_ = np.linalg.lstsq(X, y, rcond=None)
    if not np.isfinite(weights).all() or np.abs(X @ weights - y).max() > 1e-6:
        return []
    return [name for name, weight in zip(names, weights, strict=True) if abs(weight) > 1e-6]
