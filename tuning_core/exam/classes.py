"""A classifier looked at closely: which classes it confuses, how it ranks, and whether its probabilities can be believed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

BINS = 10
MOST_CURVES = 10  # classes that get a ROC curve: the commonest ones
MOST_POINTS = 200


@dataclass(frozen=True)
class ClassScore:
    """Precision, recall and F1 of one class; NaN where nothing was guessed or nothing was there."""

    name: str
    precision: float
    recall: float
    f1: float
    support: int


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
    observed : share of these rows in which it came true; `low` and `high` are the ends of Wilson's 95 % interval.
    """

    stated: float
    observed: float
    low: float
    high: float
    count: int


def confusion(shares: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """(classes, classes) int64: rows are the actual classes, columns the guessed ones."""
    k = shares.shape[1]
    return np.bincount(labels * k + shares.argmax(axis=1), minlength=k * k).reshape(k, k)


def class_scores(table: np.ndarray, names: tuple[str, ...]) -> tuple[ClassScore, ...]:
    """Of a confusion table."""
    hits, guessed, there = np.diag(table), table.sum(axis=0), table.sum(axis=1)
    return tuple(
        ClassScore(
            name,
            float(hits[k] / guessed[k]) if guessed[k] else np.nan,
            float(hits[k] / there[k]) if there[k] else np.nan,
            float(2 * hits[k] / (guessed[k] + there[k])) if guessed[k] + there[k] else np.nan,
            int(there[k]),
        )
        for k, name in enumerate(names)
    )


def roc_curves(shares: np.ndarray, labels: np.ndarray, names: tuple[str, ...]) -> tuple[RocCurve, ...]:
    """One curve for two classes (of the second one), else one per class; classes without both kinds of rows have none."""
    counts = np.bincount(labels, minlength=len(names))
    chosen = [1] if len(names) == 2 else sorted(np.argsort(-counts, kind="stable")[:MOST_CURVES].tolist())
    return tuple(
        _roc(names[k], shares[:, k], labels == k) for k in chosen if 0 < counts[k] < len(labels)
    )  # a class that is everywhere or nowhere cannot be ranked


def _roc(name: str, score: np.ndarray, positive: np.ndarray) -> RocCurve:
    order = np.argsort(-score, kind="stable")
    ends = np.append(np.flatnonzero(np.diff(score[order])), len(score) - 1)  # ties move together
    true = np.concatenate([[0.0], np.cumsum(positive[order])[ends] / positive.sum()])
    false = np.concatenate([[0.0], np.cumsum(~positive[order])[ends] / (~positive).sum()])
    area = float(np.sum(np.diff(false) * (true[1:] + true[:-1]) / 2))
    if len(true) > MOST_POINTS:
        at = np.unique(np.linspace(0, len(true) - 1, MOST_POINTS).astype(int))
        true, false = true[at], false[at]
    return RocCurve(name, tuple(false.tolist()), tuple(true.tolist()), area)


def calibration(shares: np.ndarray, labels: np.ndarray) -> tuple[tuple[CalibrationBin, ...], float]:
    """(bins, expected calibration error): of the second of two classes, or of the class that is guessed among several.

    The error is the mean distance between stated and observed, weighted by the rows (Naeini, Cooper & Hauskrecht 2015).
    """
    if shares.shape[1] == 2:
        stated, came_true = shares[:, 1], labels == 1
    else:
        stated, came_true = shares.max(axis=1), shares.argmax(axis=1) == labels
    place = np.minimum((stated * BINS).astype(int), BINS - 1)
    bins = []
    for k in np.unique(place):
        mine = place == k
        share, n = float(came_true[mine].mean()), int(mine.sum())
        bins.append(CalibrationBin(float(stated[mine].mean()), share, *wilson(share, n), n))
    error = sum(b.count * abs(b.stated - b.observed) for b in bins) / len(labels)
    return tuple(bins), float(error)


def wilson(share: float, n: int) -> tuple[float, float]:
    """The 95 % interval of a share of n rows (Wilson 1927)."""
    z = 1.959964
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    reach = z * np.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return float(max(0.0, centre - reach)), float(min(1.0, centre + reach))
