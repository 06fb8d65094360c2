"""Which rows train, which validate, which are locked away for the exam.

Random and stratified rows are those of scikit-learn's `train_test_split`, so that any notebook gets the same ones.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from tuning_core.errors import DatasetError
from tuning_core.experiment import Split
from tuning_core.experiment.split import IN_TIME


@dataclass(frozen=True, eq=False)
class SplitRows:
    """Row positions, int64, among the usable rows; no row is in two parts."""

    train: np.ndarray
    validation: np.ndarray
    test: np.ndarray

    def parts(self) -> tuple[tuple[str, np.ndarray], ...]:
        return (("train", self.train), ("validation", self.validation), ("test", self.test))


def split_rows(
    n_rows: int,
    split: Split,
    strata: np.ndarray | None = None,
    groups: np.ndarray | None = None,
    order: np.ndarray | None = None,
) -> SplitRows:
    """Divide `n_rows` rows.

    Parameters
    ----------
    strata : (n_rows,) int, for "stratified"
        Class, or fifth of a regression target. Classes with fewer than three rows go to training whole.
    groups : (n_rows,) int, for "grouped" and "copies"
    order : (n_rows,) int, the place of each row in time, for "ordered" and "time"; the rows of each part are in this order.
    """
    every = np.arange(n_rows) if order is None else np.argsort(order)
    rest, test = _take(every, _ceil(split.test * n_rows), split, strata, groups)
    share = split.validation / (split.train + split.validation)
    if split.keras_validation_split:
        at = math.floor(len(rest) * (1.0 - share) + 1e-9)  # as keras.Model.fit cuts
        train, validation = rest[:at], rest[at:]
    else:
        train, validation = _take(rest, _ceil(share * len(rest)), split, strata, groups)
    _check_sizes(n_rows, len(train), len(validation), len(test), split)
    return SplitRows(*(np.ascontiguousarray(part, dtype=np.int64) for part in (train, validation, test)))


def _ceil(size: float) -> int:
    """ceil that forgives the last bit: 0.2 / 0.9 * 900 is 200, not 201."""
    return math.ceil(size - 1e-9)


def _take(
    rows: np.ndarray, size: int, split: Split, strata: np.ndarray | None, groups: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray]:
    """(kept, taken): `size` of `rows` are taken by the split's method."""
    if size == 0:
        return rows, rows[:0]
    if split.method in IN_TIME:
        return rows[: len(rows) - size], rows[len(rows) - size :]
    if split.method == "stratified" and strata is not None:
        return _take_stratified(rows, size, split.seed, strata)
    if groups is not None:
        return _take_groups(rows, size, split.seed, groups)
    # ShuffleSplit's own three lines: importing scikit-learn for them would cost a web page 80 MB.
    order = np.random.RandomState(split.seed).permutation(len(rows))
    return rows[order[size:]], rows[order[:size]]


def _take_stratified(rows: np.ndarray, size: int, seed: int, strata: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    from sklearn.model_selection import train_test_split

    values, inverse, counts = np.unique(strata[rows], return_inverse=True, return_counts=True)
    rare = counts[inverse] < 3
    common = int((counts >= 3).sum())
    if common == 0 or size < common or (~rare).sum() - size < common:
        raise DatasetError(
            f"A stratified split of {len(rows):,} rows cannot put a row of each of the {len(values):,} classes into a part "
            f"of {size:,} rows.",
            kind="rare_class",
            remedy="Choose the random split, larger parts, or fewer classes.",
        )
    kept, taken = train_test_split(rows[~rare], test_size=size, random_state=seed, stratify=strata[rows][~rare])
    return np.concatenate([kept, rows[rare]]), taken


def _take_groups(rows: np.ndarray, size: int, seed: int, groups: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Whole groups in random order until at least half of the next one would be too much."""
    values, inverse, counts = np.unique(groups[rows], return_inverse=True, return_counts=True)
    order = np.random.RandomState(seed).permutation(len(values))
    taken = np.zeros(len(values), dtype=bool)
    filled = 0
    for group in order[: len(values) - 1]:  # at least one group is always left
        if filled and filled + counts[group] / 2 > size:
            break
        taken[group] = True
        filled += int(counts[group])
    mask = taken[inverse]
    return rows[~mask], rows[mask]


def _check_sizes(n_rows: int, train: int, validation: int, test: int, split: Split) -> None:
    if train >= 2 and validation >= 1 and (test >= 1 or split.test == 0):
        return
    what = "test" if validation and train >= 2 else "validation" if train >= 2 else "training"
    raise DatasetError(
        f"The split {split.train:g}/{split.validation:g}/{split.test:g} by method {split.method!r} gives {train:,} training, "
        f"{validation:,} validation and {test:,} test rows of {n_rows:,}; there are too few {what} rows.",
        kind=f"no_{what}_rows",
        remedy="Change the fractions or the method, or upload more rows.",
    )


def target_strata(numbers: np.ndarray) -> np.ndarray:
    """Fifth of the target of each row, 0 to 4, for stratifying a regression."""
    edges = np.unique(np.quantile(numbers, [0.2, 0.4, 0.6, 0.8]))
    return np.searchsorted(edges, numbers, side="left")


def move_into_training(rows: SplitRows, classes: np.ndarray) -> tuple[SplitRows, list[int]]:
    """Give training one row of every class it lacks, taken from validation or else from test.

    Returns the rows and the classes that were moved. A class nobody has is no concern here.
    """
    train, validation, test = rows.train, rows.validation, rows.test
    moved: list[int] = []
    for label in np.setdiff1d(np.unique(classes), np.unique(classes[train])):
        moved.append(int(label))
        for part in (validation, test):
            at = np.flatnonzero(classes[part] == label)
            if len(at):
                train = np.append(train, part[at[0]])
                if part is validation:
                    validation = np.delete(validation, at[0])
                else:
                    test = np.delete(test, at[0])
                break
    return SplitRows(train, validation, test), moved
