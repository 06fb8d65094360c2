"""SearchRun: what a search gives back, setting by setting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from tuning_core.experiment.hyperparameters import Hyperparameters
from tuning_core.experiment.result import Run, Trial
from tuning_core.experiment.space import SearchSpace


@dataclass(frozen=True, eq=False)
class Configuration:
    """One setting of a search with its trials: one for each seed and fold.

    Attributes
    ----------
    values : the axes' values, those that are switched on.
    scores : float64, shape (seeds * folds,), lower is better; NaN where the trial failed or diverged.
        Without cross-validation the validation loss at the best epoch; with it the loss of the kept weights on the rows held out.
    metrics : likewise, mean absolute error or accuracy.
    """

    number: int
    values: Mapping[str, Any]
    hyperparameters: Hyperparameters
    scores: np.ndarray
    metrics: np.ndarray
    trials: tuple[Trial, ...] = field(repr=False, default=())

    @property
    def mean(self) -> float:
        """Mean score; infinite when any trial failed or diverged, as that setting cannot be relied on."""
        return float(np.mean(self.scores)) if len(self.scores) and np.isfinite(self.scores).all() else float("inf")

    @property
    def spread(self) -> float:
        """Standard deviation of the scores over seeds and folds (n - 1); NaN with fewer than two."""
        return float(np.std(self.scores, ddof=1)) if len(self.scores) > 1 else float("nan")


@dataclass(frozen=True, eq=False)
class SearchRun(Run):
    """The trials of a search, grouped by setting.

    Attributes
    ----------
    settings : tuple of Setting, in the order tried.
    space : the SearchSpace that was walked.
    row_losses : float32, shape (settings, rows), the loss of each setting on each row that scored it (mean over seeds and
        repeats, by the weights kept); what `winners_curse` needs. NaN for settings that failed. None when that is too large.
    final_trial : with cross-validation, the best setting trained again on the dataset's own training rows.
    """

    settings: tuple[Configuration, ...] = ()
    space: SearchSpace | None = None
    row_losses: np.ndarray | None = None
    final_trial: Trial | None = None

    @property
    def ranking(self) -> tuple[Configuration, ...]:
        """Settings from the best to the worst mean score; equal ones in the order tried."""
        return tuple(sorted(self.settings, key=lambda setting: (setting.mean, setting.number)))

    @property
    def best_trial(self) -> Trial:
        """The trial to go on with: of the best setting, with cross-validation `final_trial`, else its best seed."""
        if self.final_trial is not None:
            return replace(self.final_trial, chosen_from=len(self.settings))
        if not self.settings:  # stopped before all folds of any setting were done
            return super().best_trial
        best = self.ranking[0]
        scores = np.where(np.isfinite(best.scores), best.scores, np.inf)
        return replace(best.trials[int(np.argmin(scores))], chosen_from=len(self.settings))
