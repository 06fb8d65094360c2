"""The rules of `keras.callbacks.EarlyStopping`, replayed on recorded values: which epoch is the best, where training ends."""

from __future__ import annotations

import math

import numpy as np

from tuning_core.experiment.history import SERIES
from tuning_core.experiment.hyperparameters import EarlyStopping, Hyperparameters
from tuning_core.experiment.score_names import GREATER_IS_BETTER

NEVER = 2**30  # patience of a training that is not stopped early


def watched_values(values: np.ndarray, monitor: str, task: str | None) -> np.ndarray:
    """What is watched, turned so that lower is better, shape (epochs,).

    `values` are (5, epochs) in the order of `SERIES`, or (6, epochs) with the score that is watched below; NaN where a score was
    not recorded.
    """
    if monitor in SERIES:
        watched = values[SERIES.index(monitor)]
        return -watched if monitor == "val_metric" and task == "classification" else watched
    watched = values[len(SERIES)] if len(values) > len(SERIES) else np.full(values.shape[1], np.nan)
    return -watched if monitor in GREATER_IS_BETTER else watched


def replay(values: np.ndarray, rules: EarlyStopping, patience: int) -> tuple[int | None, int | None]:
    """The best epoch and the epoch after which training ends, both from 1; None where there is none.

    Epochs before `start_from_epoch` are not watched; the first watched value is the best so far; a later one counts when it
    beats the best by more than `min_delta`, and patience starts anew; at `wait >= patience` training ends, though never after
    the very first epoch (Keras 3, `EarlyStopping.on_epoch_end`).

    Parameters
    ----------
    values : (epochs,) lower is better; values that are not finite are passed over.
    patience : of `rules`, or `NEVER` to ask for the best epoch alone.
    """
    best, best_epoch, wait = math.inf, None, 0
    for epoch, value in enumerate(values.tolist()):
        if epoch < rules.start_from_epoch or not math.isfinite(value):
            continue
        wait += 1
        if best_epoch is None or value + rules.min_delta < best:
            best, best_epoch, wait = value, epoch + 1, 0
        elif wait >= patience and epoch > 0:
            return best_epoch, epoch + 1
    return best_epoch, None


def best_epoch(hp: Hyperparameters, task: str | None, values: np.ndarray) -> int | None:
    """The best epoch of a training that has ended; without early stopping the one with the lowest validation loss.

    None when no epoch was watched.
    """
    rules = hp.early_stopping or EarlyStopping()
    return replay(watched_values(values, rules.monitor, task), rules, NEVER)[0]


def kept_epoch(hp: Hyperparameters, task: str | None, values: np.ndarray) -> int | None:
    """The epoch whose weights these settings keep of a record of shape (5, epochs); None before the first epoch.

    A record that goes on beyond where early stopping would have ended it is read up to there.
    """
    rules = hp.early_stopping or EarlyStopping()
    patience = rules.patience if hp.early_stopping else NEVER
    best, stopped = replay(watched_values(values, rules.monitor, task), rules, patience)
    return (best if hp.keeps_best else None) or stopped or values.shape[1] or None
