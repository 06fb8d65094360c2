"""A classifier looked at closely: which classes it confuses, how it ranks, and whether its probabilities can be believed.

What scikit-learn and SciPy have comes from them. They are loaded where they are used, on a worker or in a notebook: the web
process reads reports and never needs them. Rows count by `weights` (rows,), as scikit-learn's `sample_weight`; None for equal
ones.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

BINS = 10
MOST_CURVES = 10  # classes that get a ROC curve: the commonest ones
MOST_POINTS = 200


@dataclass(frozen=True)
class ClassScore:
    """Precision, recall and F1 of one class; NaN where nothing was guessed or nothing was there. `support`: its rows' weight."""

    name: str
    precision: float
    recall: float
    f1: float
    support: float


@dataclass(frozen=True)
class RocCurve:
    """One class against the rest: shares of false and of true positives, from (0, 0) to (1, 1)."""

    name: str
    false_positive: tuple[float, ...]
    true_positive: tuple[float, ...]
    area: float


@dataclass(frozen=True)
class CalibrationBin:
    """Rows whose stated probability lies in one tenth.

    Attributes
    ----------
    stated : mean probability that the model states.
    observed : share of these rows in which it came true; `low` and `high` are the ends of Wilson's 95 % interval, for rows of
        unequal weight with the number of equal ones that would tell as much (Kish 1965).
    count : rows, whatever they weigh.
    weight : what they weigh together.
    """

    stated: float
    observed: float
    low: float
    high: float
    count: int
    weight: float = 0.0


def confusion(shares: np.ndarray, labels: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
    """(classes, classes): rows are the actual classes, columns the guessed ones; int64, or float64 sums of weights."""
    from sklearn.metrics import confusion_matrix

    return confusion_matrix(labels, shares.argmax(axis=1), labels=np.arange(shares.shape[1]), sample_weight=weights)


def class_scores(
    shares: np.ndarray, labels: np.ndarray, names: tuple[str, ...], weights: np.ndarray | None = None
) -> tuple[ClassScore, ...]:
    """Of every class of the data set, whether or not it is among the labels."""
    from sklearn.metrics import precision_recall_fscore_support

    every, guessed = np.arange(len(names)), shares.argmax(axis=1)
    found = precision_recall_fscore_support(labels, guessed, labels=every, zero_division=np.nan, sample_weight=weights)
    return tuple(
        ClassScore(name, float(precision), float(recall), float(f1), float(support))
        for name, precision, recall, f1, support in zip(names, *found, strict=True)
    )


def roc_curves(
    shares: np.ndarray, labels: np.ndarray, names: tuple[str, ...], weights: np.ndarray | None = None
) -> tuple[RocCurve, ...]:
    """One curve for two classes (of the second one), else one per class; classes without both kinds of rows have none."""
    counts = np.bincount(labels, minlength=len(names))
    chosen = [1] if len(names) == 2 else sorted(np.argsort(-counts, kind="stable")[:MOST_CURVES].tolist())
    return tuple(
        _roc(names[k], shares[:, k], labels == k, weights) for k in chosen if 0 < counts[k] < len(labels)
    )  # a class that is everywhere or nowhere cannot be ranked


def _roc(name: str, score: np.ndarray, positive: np.ndarray, weights: np.ndarray | None) -> RocCurve:
    from sklearn.metrics import auc, roc_curve

    false, true, _ = roc_curve(positive, score, sample_weight=weights)
    area = float(auc(false, true))
    if len(true) > MOST_POINTS:
        at = np.unique(np.linspace(0, len(true) - 1, MOST_POINTS).astype(int))
        true, false = true[at], false[at]
    return RocCurve(name, tuple(false.tolist()), tuple(true.tolist()), area)


def calibration(
    shares: np.ndarray, labels: np.ndarray, weights: np.ndarray | None = None
) -> tuple[tuple[CalibrationBin, ...], float]:
    """(bins, expected calibration error): of the second of two classes, or of the class that is guessed among several.

    The error is the mean distance between stated and observed, weighted by the rows (Naeini, Cooper & Hauskrecht 2015).
    """
    if shares.shape[1] == 2:
        stated, came_true = shares[:, 1], labels == 1
    else:
        stated, came_true = shares.max(axis=1), shares.argmax(axis=1) == labels
    place = np.minimum((stated * BINS).astype(int), BINS - 1)
    weights = np.ones(len(labels)) if weights is None else weights
    bins = []
    for k in np.unique(place):
        own = weights[place == k]
        observed = float(np.average(came_true[place == k], weights=own))
        equal_rows = own.sum() ** 2 / (own**2).sum()
        mean = float(np.average(stated[place == k], weights=own))
        bins.append(CalibrationBin(mean, observed, *wilson(observed * equal_rows, equal_rows), len(own), float(own.sum())))
    error = sum(b.weight * abs(b.stated - b.observed) for b in bins) / weights.sum()
    return tuple(bins), float(error)


def wilson(hits: float, n: float) -> tuple[float, float]:
    """The 95 % interval of a share of n rows (Wilson 1927), which holds the share; numbers of weighted rows need not be whole."""
    share = hits / n
    z2 = 1.959963984540054**2
    middle = (hits + z2 / 2) / (n + z2)
    half = math.sqrt(z2) / (n + z2) * math.sqrt(max(0.0, hits * (n - hits) / n + z2 / 4))
    low, high = min(share, middle - half), max(share, middle + half)  # rounding must not put 0 or all of n outside
    return max(0.0, low), min(1.0, high)
