"""From a stack's arrays to trials: histories in the target's units, and the epoch that is kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from tuning_core.experiment import History, Trial, TrialStatus
from tuning_core.experiment.early_stopping import best_epoch
from tuning_core.training.fold import Fold
from tuning_core.training.scoring import forward, probabilities
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
    weights = lane.weights.get(task.number, ())
    context = fold.context_for(hp) | {
        "n_params": n_params(hp.hidden_units, fold.x_train.shape[1], fold.n_outputs),
        "hyperparameters": hp.to_json(),
    }
    if fold.task == "classification" and fold.x_score is None and weights and status.has_model:
        context |= rare_class_scores(fold, weights, hp.activation)
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
        weights=weights,
    )


def rare_class_scores(fold: Fold, weights: Sequence[np.ndarray], activation: str) -> dict[str, float | None]:
    """What a network makes of the rarest class, on the validation rows; None where it has no such rows, or is not finite.

    rare_found : share of the class's rows that are found (its recall). rare_alarms : share of the other rows that are named so.
    The rarest class is that of the fewest training rows, of several the first, each row counting once.
    """
    counts = np.bincount(fold.y_train.astype(np.int64), minlength=fold.n_classes)
    rarest = int(np.argmin(np.where(counts > 0, counts, counts.max() + 1)))
    outputs, rare = forward(weights, fold.x_val, activation), fold.y_val == rarest
    named = probabilities(outputs).argmax(axis=1) == rarest
    known = np.isfinite(outputs).all()
    return {
        name: float(np.mean(named[rows])) if known and rows.any() else None
        for name, rows in (("rare_found", rare), ("rare_alarms", ~rare))
    }


def failed_trial(task: TrialSpec, context: dict[str, Any], error: Exception) -> Trial:
    """The trial of a training that raised: no epochs, the reason in `error`."""
    hp = task.hyperparameters
    reason = f"{type(error).__name__}: {error}".splitlines()[0][:500]
    history = History.from_arrays(loss=[], context={**context, "hyperparameters": hp.to_json()})
    return Trial(task.number, hp, task.seed, history, TrialStatus.FAILED, fold=task.fold, error=reason)
