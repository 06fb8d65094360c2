"""Where early stopping would have ended a recorded training, with no retraining: Keras's rules replayed on a curve."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from tuning_core.experiment import SERIES, EarlyStopping, History


@dataclass(frozen=True)
class StopPoint:
    """What early stopping makes of a curve. Epochs are counted from 1.

    Attributes
    ----------
    stopped_epoch : the epoch after which training ends; None when the curve ends before patience does.
    last_epoch : the last epoch that is trained.
    best_epoch : the epoch with the best monitored value by the rules (improvement > min_delta, watched epochs only);
        None when no epoch was watched.
    kept_epoch : the epoch whose weights are kept: the best one with `restore_best_weights`, else the last one.
    kept : the recorded values (`loss`, `train_loss`, `val_loss`, `metric`, `val_metric`) at the kept epoch.
    saved : share of the recorded epochs that would not have been trained.
    """

    stopped_epoch: int | None
    last_epoch: int
    best_epoch: int | None
    kept_epoch: int | None
    kept: dict[str, float]
    saved: float


def stop_point(history: History, settings: EarlyStopping) -> StopPoint:
    """Replay `keras.callbacks.EarlyStopping` over a recorded curve.

    The curve must reach far enough, that is, be recorded without early stopping or with more patience; otherwise the
    answer is "not stopped by the last recorded epoch". A training that became non-finite ends there, as it does when trained.

    The rules (Keras 3, `EarlyStopping.on_epoch_end`): epochs before `start_from_epoch` are not watched; the first watched value
    is the best so far; a later one counts when it beats the best by more than `min_delta`, and patience starts anew; at
    `wait >= patience` training stops, though never after the very first epoch.
    """
    length = _trained(history)
    best, best_epoch, wait, stopped = math.inf, None, 0, None
    for epoch, value in enumerate(_monitored(history, settings.monitor)[:length].tolist()):
        if epoch < settings.start_from_epoch or not math.isfinite(value):
            continue
        wait += 1
        if best_epoch is None or value + settings.min_delta < best:
            best, best_epoch, wait = value, epoch + 1, 0
        elif wait >= settings.patience and epoch > 0:
            stopped = epoch + 1
            break
    last = stopped or length
    kept = best_epoch if settings.restore_best_weights and best_epoch else last
    return StopPoint(
        stopped_epoch=stopped,
        last_epoch=last,
        best_epoch=best_epoch,
        kept_epoch=kept or None,
        kept=dict(zip(SERIES, history.matrix()[:, kept - 1].tolist(), strict=True)) if kept else {},
        saved=1.0 - last / len(history) if len(history) else 0.0,
    )


def _trained(history: History) -> int:
    """Epochs up to and with the first one in which a recorded series is not finite."""
    values = history.matrix()
    recorded = values[np.isfinite(values).any(axis=1)]
    broken = np.flatnonzero(~np.isfinite(recorded).all(axis=0))
    return int(broken[0]) + 1 if len(broken) else len(history)


def _monitored(history: History, monitor: str) -> np.ndarray:
    """The watched series, turned so that lower is better."""
    if monitor == "val_loss":
        return history.val_loss
    return -history.val_metric if history.context.get("task") == "classification" else history.val_metric


def patience_needed(values: np.ndarray) -> int:
    """The longest wait between two improvements on the way to the lowest value: less patience stops before the best epoch."""
    best = np.minimum.accumulate(values)
    improved = np.concatenate([[0], np.flatnonzero(best[1:] < best[:-1]) + 1])
    return int(np.diff(improved).max(initial=1))
