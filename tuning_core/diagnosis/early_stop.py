"""Where early stopping would have ended a recorded training, with no retraining: Keras's rules replayed on a curve."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tuning_core.errors import SettingsError
from tuning_core.experiment import SERIES, EarlyStopping, History
from tuning_core.experiment.early_stopping import replay, watched_values


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
    """
    length = _trained(history)
    check_recorded(history, settings)
    watched = watched_values(history.matrix()[:, :length], settings.monitor, history.context.get("task"))
    best_epoch, stopped = replay(watched, settings, settings.patience)
    last = stopped or length
    kept = best_epoch if settings.restore_best_weights and best_epoch else last
    return StopPoint(
        stopped_epoch=stopped,
        last_epoch=last,
        best_epoch=best_epoch,
        kept_epoch=kept or None,
        kept=dict(zip(history.series, history.matrix()[:, kept - 1].tolist(), strict=True)) if kept else {},
        saved=1.0 - last / len(history) if len(history) else 0.0,
    )


def check_recorded(history: History, settings: EarlyStopping) -> None:
    """Raise SettingsError where the rules watch a score that this curve does not have in each epoch."""
    own = (history.context.get("hyperparameters") or {}).get("early_stopping") or {}
    if not settings.watches_score or (history.val_score is not None and own.get("monitor", settings.monitor) == settings.monitor):
        return
    raise SettingsError(
        f"The rules watch {settings.monitor!r}, but this curve has no such score of each epoch: it is recorded where early "
        "stopping watches it in training.",
        kind="not_recorded",
        remedy='Watch "val_loss" or "val_metric", or train with EarlyStopping(monitor=...) and a long patience.',
    )


def _trained(history: History) -> int:
    """Epochs up to and with the first one in which a recorded series is not finite."""
    values = history.matrix()[: len(SERIES)]  # rows may leave a score undefined in an epoch: no divergence
    recorded = values[np.isfinite(values).any(axis=1)]
    broken = np.flatnonzero(~np.isfinite(recorded).all(axis=0))
    return int(broken[0]) + 1 if len(broken) else len(history)


def patience_needed(values: np.ndarray) -> int:
    """The longest wait between two improvements on the way to the lowest value: less patience stops before the best epoch."""
    best = np.minimum.accumulate(values)
    improved = np.concatenate([[0], np.flatnonzero(best[1:] < best[:-1]) + 1])
    return int(np.diff(improved).max(initial=1))
