"""The score that early stopping watches, of each trial's validation rows after an epoch: the same numbers that rank a search.

Scores such as macro F1 or the area under a ROC curve are no means over rows, so they are worked out here, from the whole of a
trial's predictions, and not in the compiled program. A forward pass of the validation rows a trial and epoch is what it costs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from tuning_core.errors import SettingsError
from tuning_core.experiment import EarlyStopping, Hyperparameters, SearchSpace
from tuning_core.experiment.axes import Choice
from tuning_core.experiment.scores import SCORES
from tuning_core.training.fold import Fold
from tuning_core.training.score_values import score_value
from tuning_core.training.scoring import forward, probabilities
from tuning_core.training.specs import ModelShape
from tuning_core.training.stacked_trial import StackedTrial


def check_monitor(hp: Hyperparameters, task: str) -> None:
    """Raise SettingsError where early stopping is to watch a score of the other task."""
    stop = hp.early_stopping
    if stop is None or not stop.watches_score or SCORES[stop.monitor].task == task:
        return
    fitting = ", ".join(name for name, score in SCORES.items() if score.task == task)
    raise SettingsError(
        f"Early stopping is to watch {stop.monitor!r}, which is a score for {SCORES[stop.monitor].task}, but the target is one "
        f"of {task}.",
        kind="unknown_choice",
        remedy=f"Watch val_loss, val_metric or one of {fitting}.",
    )


def check_monitors(space: SearchSpace, task: str) -> None:
    """`check_monitor` for all that settings of a space may watch."""
    axis, stop = space.axes.get("monitor"), space.base.early_stopping or EarlyStopping()
    watched = axis.options if isinstance(axis, Choice) else ()
    axis_settings = [space.base.replace(early_stopping=replace(stop, monitor=name)) for name in watched]
    for hp in (space.base, *space.include, *axis_settings):
        check_monitor(hp, task)


def watched_scores(
    weights: Sequence[np.ndarray],
    lanes: Sequence[StackedTrial],
    folds: Mapping[int, Fold],
    shape: ModelShape,
    done: np.ndarray,
) -> np.ndarray:
    """(K,) float64 in the target's own units; NaN for trials that have ended, for padding, and where the rows define none.

    Parameters
    ----------
    weights : kernels (K, in, out) and biases (K, 1, out).
    lanes : those of the first places.
    done : (K,) bool.
    """
    found = np.full(len(done), np.nan)
    for k, lane in enumerate(lanes):
        stop, fold = lane.leader.hyperparameters.early_stopping, folds[lane.leader.fold]
        if stop is not None and not done[k]:
            own = [w[k] if i % 2 == 0 else w[k, 0] for i, w in enumerate(weights)]
            own[0] = own[0][: fold.x_val.shape[1]]
            found[k] = _score(stop.monitor, fold, forward(own, fold.x_val, shape.activation))
    return found


def _score(name: str, fold: Fold, outputs: np.ndarray) -> float:
    if not np.isfinite(outputs).all():
        return np.nan
    regression = fold.task == "regression"
    predicted = fold.own_units(outputs[:, 0]) if regression else probabilities(outputs)
    y = fold.own_units(fold.y_val) if regression else fold.y_val
    return score_value(SCORES[name], y, predicted, lambda: (None, None, None), fold.val_weights)
