"""Divisions: which rows train, which watch over the training, and which score it. Plain positions; no keras."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from tuning_core.errors import SettingsError
from tuning_core.experiment import CrossValidation, Hyperparameters
from tuning_core.experiment.hyperparameters import LOSSES
from tuning_core.training.fold import FoldShape
from tuning_core.training.specs import TrialSpec

INNER_SHARE = 0.2  # of a fold's training rows, for early stopping


@dataclass(frozen=True, eq=False)
class RowSplit:
    """Row positions of one turn of a cross-validation, or of the dataset's own split.

    Attributes
    ----------
    train, validation : as in a Fold.
    score : None when the validation rows score. With early stopping the rows held out must not decide when to stop, so
        `validation` is then a part of the fold's training rows, and `score` the rows held out.
    """

    train: np.ndarray
    validation: np.ndarray
    score: np.ndarray | None = None


def dataset_split(dataset: Any) -> list[RowSplit]:
    """The one division of `cv=None`: the dataset's training and validation rows."""
    return [RowSplit(dataset.rows.train, dataset.rows.validation)]


def cross_validation_splits(dataset: Any, cv: Any) -> list[RowSplit]:
    """Divisions of all rows outside the test set.

    Parameters
    ----------
    cv : None, int, CrossValidation, scikit-learn splitter, or iterable of (train, held out) positions
        A splitter is given the features, target and groups of the rows outside the test set; positions count among those,
        training rows first and then validation rows, as the dataset lists them.

    Raises
    ------
    SettingsError
        When a fold cannot be trained or scored: too few rows, or a class that its training rows lack.
    """
    if cv is None:
        return dataset_split(dataset)
    rows = np.concatenate([dataset.rows.train, dataset.rows.validation])
    y = dataset.target_values[rows]
    groups = None if dataset.groups is None else dataset.groups[rows]
    pairs = _pairs(dataset, cv, rows, y, groups)
    found = [RowSplit(rows[np.asarray(train)], rows[np.asarray(held)]) for train, held in pairs]
    for number, division in enumerate(found):
        _check(dataset, number, division, y)
    return found


def _pairs(dataset: Any, cv: Any, rows: np.ndarray, y: np.ndarray, groups: np.ndarray | None) -> list:
    if isinstance(cv, (int, np.integer)) and not isinstance(cv, bool):
        cv = CrossValidation(folds=int(cv))
    if isinstance(cv, CrossValidation):
        cv = _splitter(dataset, cv, y, groups)
    x = dataset.frame.iloc[rows]
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="The least populated class")  # `_check` says which, and what to do
            pairs = list(cv.split(x, y, groups)) if hasattr(cv, "split") else list(cv)
    except (ValueError, TypeError) as error:
        raise SettingsError(f"The rows cannot be cut into folds: {error}", kind="bad_folds", remedy="Use fewer folds.") from error
    if not pairs:
        raise SettingsError("The cross-validation has no folds.", kind="bad_folds", remedy="Write cv=5.")
    return pairs


def fold_method(dataset: Any, cv: CrossValidation) -> str:
    """How the folds are drawn, "auto" resolved."""
    if cv.method != "auto":
        return cv.method
    classes = "stratified" if dataset.task == "classification" else "kfold"
    return "forward" if dataset.order is not None else "grouped" if dataset.groups is not None else classes


def _splitter(dataset: Any, cv: CrossValidation, y: np.ndarray, groups: np.ndarray | None) -> Any:
    from sklearn import model_selection as ms

    method = fold_method(dataset, cv)
    if method == "grouped" and groups is None:
        raise SettingsError(
            "The folds are to keep groups together, but the dataset has no groups.",
            kind="group_missing",
            remedy="Use Split(method='grouped', group=...), or another method.",
        )
    if method == "stratified" and dataset.task != "classification":
        raise SettingsError(
            "Stratified folds need classes, but the target is a number.", kind="bad_folds", remedy="Use method='kfold'."
        )
    shuffle = cv.shuffle or cv.repeats > 1
    if method == "forward":
        _check_forward(dataset, shuffle)
        return ms.TimeSeriesSplit(cv.folds)  # rows outside the test set are listed in the order of time
    random = {"shuffle": shuffle, "random_state": cv.seed if shuffle else None}
    if method == "grouped":
        return _Repeated([ms.GroupKFold(cv.folds, **_drawn(random, i)) for i in range(cv.repeats)])
    if method == "stratified":
        smallest = np.bincount(y.astype(np.int64))
        rare = [name for name, n in zip(dataset.classes, smallest, strict=False) if 0 < n < cv.folds]
        if rare:
            raise SettingsError(
                f"The class {rare[0]!r} has fewer rows than there are folds ({cv.folds}), so a fold would lack it.",
                kind="fold_without_class",
                remedy="Use fewer folds, or leave that class out.",
            )
        return _Repeated([ms.StratifiedKFold(cv.folds, **_drawn(random, i)) for i in range(cv.repeats)])
    return _Repeated([ms.KFold(cv.folds, **_drawn(random, i)) for i in range(cv.repeats)])


def _check_forward(dataset: Any, shuffle: bool) -> None:
    if dataset.order is None:
        raise SettingsError(
            f"The folds are to go forward in time, but the split by method {dataset.split.method!r} puts the rows in no order.",
            kind="bad_folds",
            remedy="Use Split(method='time', column=...) or Split(method='ordered'), or another method of folds.",
        )
    if shuffle:
        raise SettingsError(
            "Folds that go forward in time can be neither shuffled nor repeated: the past stays the past.",
            kind="bad_folds",
            remedy="Use one repeat without shuffling, or method='kfold'.",
        )


def _drawn(random: dict[str, Any], repeat: int) -> dict[str, Any]:
    return {**random, "random_state": random["random_state"] + repeat} if random["shuffle"] else random


@dataclass(frozen=True)
class _Repeated:
    """Several splitters one after the other."""

    splitters: list[Any]

    def split(self, *args: Any) -> Iterable:
        return [pair for splitter in self.splitters for pair in splitter.split(*args)]


def _check(dataset: Any, number: int, division: RowSplit, y: np.ndarray) -> None:
    if len(division.train) < 2 or not len(division.validation):
        raise SettingsError(
            f"Fold {number + 1} has {len(division.train)} training and {len(division.validation)} held-out rows.",
            kind="bad_folds",
            remedy="Use fewer folds.",
        )
    if dataset.task == "classification":
        lacking = np.setdiff1d(y, dataset.target_values[division.train])
        if len(lacking):
            raise SettingsError(
                f"Fold {number + 1} has no training row of the class {dataset.classes[int(lacking[0])]!r}.",
                kind="fold_without_class",
                remedy="Use stratified folds, fewer folds, or leave that class out.",
            )


def with_inner_validation(dataset: Any, division: RowSplit, seed: int = 0) -> RowSplit:
    """Take a fifth of the fold's training rows to watch over early stopping; the rows held out only score.

    Drawn at random, and classes keep their share where they can; groups stay together; of rows in time the latest watch.
    """
    from sklearn import model_selection as ms

    rows = division.train
    n = max(1, round(INNER_SHARE * len(rows)))
    if dataset.order is not None:
        train, inner = np.split(np.argsort(dataset.order[rows], kind="stable"), [len(rows) - n])
    elif dataset.groups is not None and len(np.unique(dataset.groups[rows])) > 1:
        splitter: Any = ms.GroupShuffleSplit(1, test_size=INNER_SHARE, random_state=seed)
        train, inner = next(splitter.split(rows, groups=dataset.groups[rows]))
    else:
        order = np.random.RandomState(seed).permutation(len(rows))
        if dataset.task == "classification":
            order = stratified_order(order, dataset.target_values[rows])
        train, inner = np.sort(order[n:]), np.sort(order[:n])
    if dataset.task == "classification":  # every class trains
        lost = [i for i in inner if not np.any(dataset.target_values[rows[train]] == dataset.target_values[rows[i]])]
        if lost:
            train, inner = np.append(train, lost), np.setdiff1d(inner, lost)
    if not len(inner):
        raise SettingsError(
            "A fold has too few training rows to set some aside for early stopping.",
            kind="bad_folds",
            remedy="Use fewer folds, or no early stopping.",
        )
    return RowSplit(rows[train], rows[inner], division.validation)


def stratified_order(order: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """The order, rearranged so that every stretch of it has the classes in about their overall shares."""
    position = np.empty(len(order))
    for label in np.unique(labels):
        mine = np.flatnonzero(labels[order] == label)
        position[mine] = (np.arange(len(mine)) + 0.5) / len(mine)
    return order[np.argsort(position, kind="stable")]


@dataclass(frozen=True)
class FoldPlan:
    """What one must know of a FoldCache to number and plan tasks elsewhere, without its rows.

    Attributes
    ----------
    facts : of every division; in a cross-validation with early stopping then of each again, with rows set aside for it.
    """

    n_divisions: int
    cross_validated: bool
    facts: tuple[FoldShape, ...]

    def spec(self, number: int, hp: Hyperparameters, seed: int, division: int) -> TrialSpec:
        """What a setting trains with a seed on a division."""
        return trial_spec(
            number, hp, seed, fold_number(hp, division, self.n_divisions, self.cross_validated), self.cross_validated
        )

    def division(self, number: int) -> int | None:
        return number % self.n_divisions if self.cross_validated else None

    def of(self, numbers: Iterable[int]) -> dict[int, FoldShape]:
        """What the planner must know of these folds."""
        return {number: self.facts[number % (2 * self.n_divisions)] for number in set(numbers)}


def trial_spec(number: int, hp: Hyperparameters, seed: int, fold: int, cross_validated: bool) -> TrialSpec:
    """What a setting trains on a fold.

    In a cross-validation without early stopping no rows watch: the rows held out must not choose the epoch, so the last weights
    are kept.
    """
    return TrialSpec(number, hp.replace(keep="last") if cross_validated and hp.early_stopping is None else hp, seed, fold)


def fold_number(hp: Hyperparameters, division: int, n_divisions: int, cross_validated: bool) -> int:
    """The number of the fold that a setting needs on a division: the same in every process."""
    inner = cross_validated and hp.early_stopping is not None
    return ((LOSSES.index(hp.loss) * 2 + hp.scale_target) * 2 + inner) * n_divisions + division
