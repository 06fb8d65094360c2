"""From a stack's arrays to trials: histories in the target's units, and the epoch that is kept."""

from __future__ import annotations

from typing import Any

import numpy as np

from tuning_core.experiment import History, Trial, TrialStatus
from tuning_core.experiment.early_stopping import best_epoch
from tuning_core.training.fold import Fold
from tuning_core.training.specs import TrialSpec, n_params
from tuning_core.training.stacked_trial import StackedTrial


def record_scales(fold: Fold, loss: str) -> np.ndarray:
    """What turns a record into the target's own units, shape (5,): squared for mse, 1 for classification.

    A sixth row, the score that is watched, is in these units already.
    """
    unit = fold.target_scale
    loss_unit = unit**2 if loss == "mse" else unit
    if fold.log:  # losses are those of the logarithm, metrics in the target's own units
        unit = np.exp(fold.target_offset)
    return np.array([loss_unit, loss_unit, loss_unit, unit, unit])


def finished_trial(task: TrialSpec, fold: Fold, values: np.ndarray, lane: StackedTrial, stopped: bool) -> Trial:
    hp = task.hyperparameters
    reached = values.shape[1]
    values = values[:, : hp.epochs]
    length = values.shape[1]
    ended_here = length == reached  # a prefix may end before its lane stopped or diverged
    if lane.diverged and ended_here:
        status = TrialStatus.DIVERGED
    elif lane.stopped and ended_here:
        status = TrialStatus.STOPPED_EARLY
    else:
        status = TrialStatus.STOPPED if stopped and length < hp.epochs else TrialStatus.FINISHED
    context = fold.context_for(hp) | {
        "n_params": n_params(hp.hidden_units, fold.x_train.shape[1], fold.n_outputs),
        "hyperparameters": hp.to_json(),
    }
    return Trial(
        number=task.number,
        hyperparameters=hp,
        seed=task.seed,
        fold=task.fold,
        history=History.from_matrix(values, context),
        status=status,
        best_epoch=best_epoch(hp, fold.task, values),
        stopped_epoch=length if status == TrialStatus.STOPPED_EARLY else None,
        diverged_epoch=length if status == TrialStatus.DIVERGED else None,
        weights=lane.weights.get(task.number, ()),
    )


def failed_trial(task: TrialSpec, context: dict[str, Any], error: Exception) -> Trial:
    """The trial of a training that raised: no epochs, the reason in `error`."""
    hp = task.hyperparameters
    reason = f"{type(error).__name__}: {error}".splitlines()[0][:500]
    history = History.from_arrays(loss=[], context={**context, "hyperparameters": hp.to_json()})
    return Trial(task.number, hp, task.seed, history, TrialStatus.FAILED, fold=task.fold, error=reason)
