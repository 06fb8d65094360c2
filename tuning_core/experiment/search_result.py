"""SearchRun: what a search gives back, setting by setting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from tuning_core.experiment.hyperparameters import Hyperparameters
from tuning_core.experiment.result import Run, Trial
from tuning_core.experiment.scores import RECORDED_LOSS, Score
from tuning_core.experiment.space import SearchSpace


@dataclass(frozen=True, eq=False)
class Configuration:
    """One setting of a search with its trials: one for each seed and fold.

    Attributes
    ----------
    values : the axes' values, those that are switched on.
    scores : float64, shape (seeds * folds,), in the direction and unit of `ranked_by`; NaN where the trial failed or diverged.
        Of the weights that were kept, on the validation rows; in a cross-validation on the rows held out.
    metrics : likewise, mean absolute error or accuracy.
    """

    number: int
    values: Mapping[str, Any]
    hyperparameters: Hyperparameters
    scores: np.ndarray
    metrics: np.ndarray
    trials: tuple[Trial, ...] = field(repr=False, default=())
    ranked_by: Score = RECORDED_LOSS

    @property
    def mean(self) -> float:
        """Mean score; infinitely bad when any trial failed or diverged, as that setting cannot be relied on."""
        if len(self.scores) and np.isfinite(self.scores).all():
            return float(np.mean(self.scores))
        return float("-inf") if self.ranked_by.greater_is_better else float("inf")

    @property
    def loss(self) -> float:
        """The mean score turned so that lower is better."""
        return self.ranked_by.as_loss(self.mean)

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
    ranked_by : the Score that ranks the settings; `score` is its name.
    row_losses : float32, shape (settings, rows), what each row adds to the loss of each setting (mean over seeds and
        repeats, by the weights kept); what `winners_curse` needs. NaN for settings that failed. None when
        that is too large, and for scores that are not means over rows; for R2 and accuracies of 1 - score.
    final_trial : with cross-validation, the best setting trained again on the dataset's own training rows.
    """

    settings: tuple[Configuration, ...] = ()
    space: SearchSpace | None = None
    row_losses: np.ndarray | None = None
    final_trial: Trial | None = None
    ranked_by: Score = RECORDED_LOSS

    @property
    def score(self) -> str:
        """The name of what ranks the settings."""
        return self.ranked_by.name

    @property
    def ranking(self) -> tuple[Configuration, ...]:
        """Settings from the best to the worst mean score; equal ones in the order tried."""
        return tuple(sorted(self.settings, key=lambda setting: (setting.loss, setting.number)))

    @property
    def best_trial(self) -> Trial:
        """The trial to go on with: of the best setting, with cross-validation `final_trial`, else its best seed."""
        if self.final_trial is not None:
            return replace(self.final_trial, chosen_from=len(self.settings))
        if not self.settings:  # stopped before all folds of any setting were done
            return super().best_trial
        best = self.ranking[0]
        losses = [self.ranked_by.as_loss(score) if np.isfinite(score) else np.inf for score in best.scores]
        return replace(best.trials[int(np.argmin(losses))], chosen_from=len(self.settings))
