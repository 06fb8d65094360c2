"""The folds of a dataset, prepared once and kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

import numpy as np

from tuning_core.data.dataset.feature_encoding import encoded_width
from tuning_core.experiment import Hyperparameters
from tuning_core.experiment.hyperparameters import LOSSES
from tuning_core.training.fold import Fold, FoldShape, make_fold
from tuning_core.training.row_splits import (
    FoldPlan,
    RowSplit,
    cross_validation_splits,
    fold_number,
    trial_spec,
    with_inner_validation,
)
from tuning_core.training.specs import TrialSpec


class FoldCache(Mapping[int, Fold]):
    """The prepared folds of a search by number, made when first needed, shared by all settings that they suit.

    A fold's number says its division, and whether its target is scaled, which loss is recorded and whether rows are set aside
    for early stopping; so every process numbers the folds of a dataset and a cross-validation alike.
    """

    def __init__(self, dataset: Any, cv: Any = None) -> None:
        self.dataset = dataset
        self.divisions = cross_validation_splits(dataset, cv)
        self.cross_validated = cv is not None
        self._layout = (
            np.concatenate([dataset.rows.train, dataset.rows.validation]) if self.cross_validated else dataset.rows.train
        )
        self._made: dict[int, tuple[Fold, Any]] = {}
        self._rows: dict[int, RowSplit] = {}

    def spec(self, number: int, hp: Hyperparameters, seed: int, division: int) -> TrialSpec:
        """What a setting trains with a seed on a division."""
        fold = fold_number(hp, division, len(self.divisions), self.cross_validated)
        return trial_spec(number, hp, seed, fold, self.cross_validated)

    def outline(self, early_stopping: bool) -> FoldPlan:
        """What another process must know to plan; with early stopping where any setting may have it."""
        n = len(self.divisions) * (2 if early_stopping and self.cross_validated else 1)
        return FoldPlan(len(self.divisions), self.cross_validated, tuple(self._facts(number) for number in range(n)))

    def division(self, number: int) -> int | None:
        """The division that a fold belongs to; None without cross-validation."""
        return number % len(self.divisions) if self.cross_validated else None

    def facts(self, numbers: Iterable[int]) -> dict[int, FoldShape]:
        """What the planner must know of these folds; no rows are prepared for it."""
        return {number: self._facts(number) for number in set(numbers)}

    def scoring_rows(self, number: int) -> np.ndarray:
        """Positions of the rows that score a trial of this fold."""
        division = self._division_rows(number)
        return division.validation if division.score is None else division.score

    def sampled_scoring_rows(self, most: int) -> np.ndarray:
        """Positions of all rows that score in some division, or of this many drawn at random, always the same."""
        rows = np.unique(np.concatenate([division.validation for division in self.divisions]))
        return rows if len(rows) <= most else np.random.default_rng(0).choice(rows, most, replace=False)

    def preparation(self, number: int) -> Any:
        """The preparation fitted on the fold's training rows."""
        return self._get(number)[1]

    def __getitem__(self, number: int) -> Fold:
        return self._get(number)[0]

    def __iter__(self) -> Iterator[int]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)

    def _division_rows(self, number: int) -> RowSplit:
        if number not in self._rows:
            division = self.divisions[number % len(self.divisions)]
            inner = number // len(self.divisions) % 2
            self._rows[number] = with_inner_validation(self.dataset, division, self.dataset.split.seed) if inner else division
        return self._rows[number]

    @cached_property
    def _width(self) -> int:
        return encoded_width(self.dataset.frame, self.dataset.feature_kinds, self._layout)

    def _facts(self, number: int) -> FoldShape:
        dataset = self.dataset
        n_train = len(self._division_rows(number).train)
        weighted, log = dataset.weights is not None, dataset.target_transform == "log"
        return FoldShape(dataset.task, len(dataset.classes), n_train, self._width, weighted, log)

    def _get(self, number: int) -> tuple[Fold, Any]:
        if number not in self._made:
            variant = number // len(self.divisions) // 2
            hp = Hyperparameters(loss=LOSSES[variant // 2], scale_target=bool(variant % 2))
            division = self._division_rows(number)
            # One layout, so that all folds have one width and one stack; every statistic comes from the fold's training rows.
            preparation = self.dataset.prepare(division.train, hp.scale_target, self._layout)
            fold = make_fold(self.dataset, hp, preparation, division.train, division.validation, division.score)
            self._made[number] = (fold, preparation)
        return self._made[number]
