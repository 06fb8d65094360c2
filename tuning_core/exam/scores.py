"""Metrics of predictions with bootstrap intervals; all models are scored on the same resamples, so that they compare."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from tuning_core.exam.classes import wilson
from tuning_core.training.scoring import TINY

DRAWS = 2000
CELLS = 60_000_000  # rows times draws; larger test sets get fewer draws, at least 200
LEVEL = (2.5, 97.5)

Statistic = Callable[[np.ndarray], np.ndarray]
"""From how often each row counts, shape (rows,), to one value per metric, shape (metrics,)."""

NUMBER_METRICS = ("mae", "rmse", "r2")
CLASS_METRICS = ("accuracy", "cross_entropy", "macro_f1", "roc_auc")
LOWER_IS_BETTER = ("mae", "rmse", "cross_entropy")


@dataclass(frozen=True)
class Estimate:
    """A number with the ends of its 95 % interval; NaN where it cannot be known."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Scored:
    """One model on the test rows.

    Attributes
    ----------
    name : "model", "constant", "linear" or "trees".
    scores : Estimate by metric; `NUMBER_METRICS` or `CLASS_METRICS`.
    lead : by metric how much better than this one the examined model is, positive is better; empty for the model itself.
    """

    name: str
    scores: Mapping[str, Estimate]
    lead: Mapping[str, Estimate]


def weighted(statistic: Statistic, weights: np.ndarray | None) -> Statistic:
    """The statistic in which every row counts as often as it occurs, times its weight."""
    return statistic if weights is None else lambda counts: statistic(counts * weights)


def number_statistic(predicted: np.ndarray, actual: np.ndarray) -> Statistic:
    """MAE, RMSE and R2 (1 - squared error / squared distance from the rows' own mean) of shape (rows,) each."""
    unit = float(np.std(actual)) or 1.0  # squares of large targets must not overflow
    y = (actual - np.mean(actual)) / unit
    error = (predicted - actual) / unit

    def statistic(counts: np.ndarray) -> np.ndarray:
        n = counts.sum()
        squared = counts @ error**2 / n
        spread = counts @ y**2 / n - (counts @ y / n) ** 2
        r2 = 1.0 - squared / spread if spread > 1e-12 else np.nan
        return np.array([counts @ np.abs(error) / n * unit, np.sqrt(squared) * unit, r2])

    return statistic


def class_statistic(shares: np.ndarray, labels: np.ndarray) -> Statistic:
    """Accuracy, cross-entropy, macro F1 and ROC AUC of shares (rows, classes) for labels (rows,).

    Macro F1 and AUC are means over all classes of the data set, NaN where the rows lack one (see `why_unknown`): as
    scikit-learn's `f1_score(average="macro")` and `roc_auc_score(average="macro", multi_class="ovr")`, which take a minute
    for two thousand resamples.
    """
    n_classes = shares.shape[1]
    guess = shares.argmax(axis=1)
    surprise = -np.log(np.clip(shares[np.arange(len(labels)), labels], TINY, 1.0))
    cell = labels * n_classes + guess
    areas = [_area(shares[:, k], labels == k) for k in ([1] if n_classes == 2 else range(n_classes))]

    def statistic(counts: np.ndarray) -> np.ndarray:
        n = counts.sum()
        table = np.bincount(cell, weights=counts, minlength=n_classes**2).reshape(n_classes, n_classes)
        auc = float(np.mean([area(counts) for area in areas]))
        return np.array([np.trace(table) / n, counts @ surprise / n, macro_f1(table), auc])

    return statistic


def macro_f1(table: np.ndarray) -> float:
    """From a confusion table (classes, classes), rows actual, columns guessed; NaN where a class has no rows."""
    if not table.sum(axis=1).all():
        return math.nan
    return float(np.mean(2 * np.diag(table) / (table.sum(axis=0) + table.sum(axis=1))))


def why_unknown(actual: np.ndarray, classes: tuple[str, ...]) -> dict[str, str]:
    """By metric, a sentence why it cannot be known on rows with these targets; without `classes` of a regression."""
    n = f"{len(actual):,} rows"
    if not classes:
        same = len(np.unique(actual)) < 2
        return {"r2": f"No R²: the target is the same in all of these {n}, so there is no spread to explain."} if same else {}
    missing = [name for k, name in enumerate(classes) if not (actual == k).any()]
    if not missing:
        return {}
    named = ", ".join(f'"{name}"' for name in missing[:3]) + (f" and {len(missing) - 3:,} more" if len(missing) > 3 else "")
    which = f"the class{'es' if len(missing) > 1 else ''} {named}"
    return {
        "macro_f1": f"No macro F1: none of these {n} is of {which}, so nobody can say how well that is found.",
        "roc_auc": f"No ROC AUC: none of these {n} is of {which}, so nothing can be ranked against it.",
    }


def _area(score: np.ndarray, positive: np.ndarray) -> Callable[[np.ndarray], float]:
    """The area under the ROC curve (Mann-Whitney U with ties counted half) as a function of the rows' counts."""
    _, place = np.unique(score, return_inverse=True)

    def area(counts: np.ndarray) -> float:
        ups = np.bincount(place, weights=counts * positive)
        downs = np.bincount(place, weights=counts * ~positive)
        pairs = ups.sum() * downs.sum()
        return float(ups @ (np.cumsum(downs) - downs / 2) / pairs) if pairs else np.nan

    return area


def score_models(statistics: Mapping[str, Statistic], metrics: tuple[str, ...], n_rows: int, seed: int = 0) -> tuple[Scored, ...]:
    """Every model's metrics with percentile bootstrap intervals over the rows (Efron & Tibshirani 1993, chapter 13).

    The first of `statistics` is the examined model, the others are what it is compared with, on the same resamples.
    """
    random = np.random.default_rng(seed)
    draws = int(np.clip(CELLS // max(1, n_rows * len(statistics)), 200, DRAWS))
    ones = np.ones(n_rows)
    values = {name: statistic(ones) for name, statistic in statistics.items()}
    drawn: dict[str, np.ndarray] = {name: np.empty((draws, len(metrics))) for name in statistics}
    for draw in range(draws):
        counts = np.bincount(random.integers(0, n_rows, n_rows), minlength=n_rows).astype(np.float64)
        for name, statistic in statistics.items():
            drawn[name][draw] = statistic(counts)
    sign = np.array([1.0 if metric in LOWER_IS_BETTER else -1.0 for metric in metrics])
    first = next(iter(statistics))
    return tuple(
        Scored(
            name,
            _estimates(metrics, values[name], drawn[name], n_rows),
            {}
            if name == first
            else _estimates(metrics, sign * (values[name] - values[first]), sign * (drawn[name] - drawn[first])),
        )
        for name in statistics
    )


def _estimates(metrics: tuple[str, ...], values: np.ndarray, draws: np.ndarray, n_rows: int = 0) -> dict[str, Estimate]:
    """`draws` has shape (draws, metrics); resamples in which a metric does not exist are left out."""
    found = {}
    for at, metric in enumerate(metrics):
        known = draws[:, at][np.isfinite(draws[:, at])]
        low, high = np.percentile(known, LEVEL) if len(known) else (np.nan, np.nan)
        if metric == "accuracy" and n_rows and values[at] in (0.0, 1.0):
            low, high = wilson(round(values[at] * n_rows), n_rows)  # resamples of rows without a miss have no miss either
        found[metric] = Estimate(float(values[at]), float(low), float(high))
    return found
