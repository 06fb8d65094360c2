"""What claims measure on a training or a search: one number each, so that a sentence can be held against it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from tuning_core.experiment import History, SearchRun, Trial

RETRAINED = (101, 102, 103, 104, 105)  # seeds that no chapter's search uses


def measure_trial(trial: Trial, name: str) -> float:
    """One of `chapter.MEASURES` on a trained model; losses are those of the curve, NaN where there is none.

    train_last, val_last : loss at the last epoch. val_best : the lowest validation loss. val_kept : at the kept epoch.
    gap : validation loss over training loss at the last epoch.
    swings : how far an epoch's training loss lies from the middle of its neighbours; mean over the second half of the epochs,
        as a share of the constant predictor's loss.
    learned, over_linear : share of the constant predictor's (of the linear model's) loss that is gone at the kept epoch.
    epochs : trained. best_epoch : counted from 1.
    rare_found : share of the rarest class's validation rows that the kept model finds (recall). rare_alarms : share of the other
        rows that it takes for this class. NaN where the target has no classes.
    """
    return float(_TRIAL[name](trial))


def measure_search(run: SearchRun, name: str, retrain: Callable[[SearchRun], list[float]]) -> float:
    """One of `chapter.SEARCH_MEASURES`: best, median and worst mean score of the settings that have one.

    retrained : median score of the winning settings trained again with other seeds; `retrain` gives the scores.
    """
    if name == "retrained":
        return float(np.median(retrain(run)))
    return score_measures([setting.mean for setting in run.settings])[name]


def score_measures(scores: Sequence[float]) -> dict[str, float]:
    """best, median and worst of the scores that are numbers, lower is better; NaN where there is none."""
    finite = np.array([score for score in scores if np.isfinite(score)] or [np.nan])
    return {name: float(np.quantile(finite, at)) for name, at in (("best", 0.0), ("median", 0.5), ("worst", 1.0))}


def _swings(history: History) -> float:
    loss, reference = history.train_loss[len(history) // 2 :], history.context.get("dummy_loss")
    if len(loss) < 3 or not reference:
        return float("nan")
    return float(np.mean(np.abs(loss[1:-1] - (loss[:-2] + loss[2:]) / 2)) / reference)


def _kept(trial: Trial) -> float:
    return trial.history.val_loss[trial.kept_epoch - 1] if trial.kept_epoch else float("nan")


def _gone(trial: Trial, baseline: str) -> float:
    reference = trial.history.context.get(baseline)
    return 1 - _kept(trial) / reference if reference else float("nan")


def _number(value: float | None) -> float:
    return float("nan") if value is None else value


_TRIAL: dict[str, Callable[[Trial], float]] = {
    "train_last": lambda trial: trial.history.train_loss[-1],
    "val_last": lambda trial: trial.history.val_loss[-1],
    "val_best": lambda trial: np.nanmin(trial.history.val_loss),
    "val_kept": _kept,
    "gap": lambda trial: trial.history.val_loss[-1] / trial.history.train_loss[-1],
    "swings": lambda trial: _swings(trial.history),
    "learned": lambda trial: _gone(trial, "dummy_loss"),
    "over_linear": lambda trial: _gone(trial, "linear_loss"),
    "epochs": lambda trial: len(trial.history),
    "best_epoch": lambda trial: trial.best_epoch or float("nan"),
    "rare_found": lambda trial: _number(trial.history.context.get("rare_found")),
    "rare_alarms": lambda trial: _number(trial.history.context.get("rare_alarms")),
}
