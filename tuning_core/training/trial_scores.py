"""What ranks a trial: the score of the weights that it kept. No keras."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tuning_core.experiment import Trial
from tuning_core.experiment.scores import SCORES, Score
from tuning_core.training.fold_cache import FoldCache
from tuning_core.training.row_facts import row_facts
from tuning_core.training.score_values import row_losses, score_value
from tuning_core.training.scoring import forward, probabilities


@dataclass(frozen=True, eq=False)
class ScoredTrial:
    """What ranks a trial.

    Attributes
    ----------
    value : of the score, in its own direction and unit; NaN when the trial failed or diverged, or its rows do not define it.
    metric : mean absolute error or accuracy.
    rows : float32, the loss of each row that scored it (see `score_values.row_losses`); empty where there is none.
    facts : float32 (columns, rows), of a score that is no mean over rows what it is made of (see `row_facts`); else no columns.
    """

    value: float = math.nan
    metric: float = math.nan
    rows: np.ndarray = field(default_factory=lambda: np.zeros(0, np.float32))
    facts: np.ndarray = field(default_factory=lambda: np.zeros((0, 0), np.float32))


def trial_score(trial: Trial, folds: FoldCache, number: int, score: Score) -> ScoredTrial:
    """Score the weights that a trial kept.

    On a single split on the validation rows; what the curve has of it is its value there at the kept epoch. In a
    cross-validation on the rows held out, which never choose the epoch.
    """
    kept, fold, dataset = trial.kept_epoch, folds[number], folds.dataset
    if not trial.status.has_model or kept is None or not trial.weights:
        return ScoredTrial()
    positions = folds.scoring_rows(number)
    x = fold.x_val if fold.x_score is None else fold.x_score
    outputs = forward(trial.weights, x, trial.hyperparameters.activation)
    if not np.isfinite(outputs).all():
        return ScoredTrial()
    y = np.asarray(dataset.target_values[positions], dtype=np.float64)
    weights = None if dataset.weights is None else dataset.weights[positions]
    regression = dataset.task == "regression"
    predicted = folds.preparation(number).inverse_transform_target(outputs[:, 0]) if regression else probabilities(outputs)

    def scorer_rows() -> tuple[Any, Any, Any]:
        x = dataset.frame.iloc[positions]
        return (x, y, None) if regression else (x, np.asarray(dataset.classes)[y.astype(int)], dataset.classes)

    def value(one: Score) -> float:
        known = None if folds.cross_validated else recorded(trial, one.name)
        return score_value(one, y, predicted, scorer_rows, weights) if known is None else known

    losses = row_losses(score, y, predicted, weights)
    if (found := _value_or_nan(lambda: value(score), score, trial)) != found:
        return ScoredTrial(metric=value(SCORES["mae" if regression else "accuracy"]))
    rows = np.zeros(0, np.float32) if losses is None else losses.astype(np.float32)
    facts = row_facts(score, y, predicted, weights) if losses is None else np.zeros((0, 0), np.float32)
    return ScoredTrial(found, value(SCORES["mae" if regression else "accuracy"]), rows, facts)


def _value_or_nan(value: Callable[[], float], score: Score, trial: Trial) -> float:
    """As scikit-learn does: where a stranger's scorer fails on predictions, the trial has no score, with a warning."""
    if score.scorer is None:
        return value()
    try:
        return value()
    except Exception as error:
        warnings.warn(f"The scorer {score.name!r} failed on trial {trial.number}, which has no score: {error}", stacklevel=2)
        return math.nan


def recorded(trial: Trial, name: str) -> float | None:
    """A score of the validation rows at the kept epoch, where the curves have it; a loss under class weights is another one."""
    history = trial.history
    series = {"accuracy": history.val_metric, "mae": history.val_metric}
    if history.context.get("loss_name") == "mse" and "target_transform" not in history.context:
        series |= {"mse": history.val_loss, "rmse": np.sqrt(history.val_loss)}
    if history.context.get("task") == "classification" and trial.hyperparameters.class_weight is None:
        series["cross_entropy"] = history.val_loss
    stop = trial.hyperparameters.early_stopping
    if stop is not None and history.val_score is not None:
        series[stop.monitor] = history.val_score
    return float(series[name][trial.kept_epoch - 1]) if name in series and trial.kept_epoch else None


def pooled(scored: Sequence[tuple[np.ndarray, np.ndarray]], n_rows: int) -> np.ndarray:
    """One setting's loss on every row of the dataset, shape (n_rows,) float32: the mean over its trials, NaN where none scored.

    Parameters
    ----------
    scored : for each trial the positions of the rows that scored it, and their losses; all NaN when a trial has none.
    """
    total, count = np.zeros(n_rows), np.zeros(n_rows)
    for rows, losses in scored:
        total[rows] += losses if len(losses) else np.nan
        count[rows] += 1
    return np.divide(total, count, out=np.full(n_rows, np.nan), where=count > 0).astype(np.float32)
