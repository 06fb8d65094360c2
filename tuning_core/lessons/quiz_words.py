"""Why a verdict is true or not of a run, in sentences made of what its remedies did."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tuning_core.charts.style import number
from tuning_core.experiment import Hyperparameters
from tuning_core.lessons.tried_run import LAST, TriedRun

CHANGES = {
    "base": "nothing",
    "lr3": "three times the learning rate",
    "lr5": "a fifth of the learning rate",
    "lr10": "a tenth of the learning rate",
    "deep": "one more hidden layer",
    "wide": "a wider hidden layer",
    "less_l2": "a hundredth of the L2 penalty",
    "epochs3": "three times the epochs",
    "stop": "stopping at the epoch of the lowest validation loss",
}


def change_words(name: str, hp: Hyperparameters) -> str:
    """A change as a noun; what "deeper" and "wider" are depends on the model."""
    if hp.hidden_units:
        return CHANGES[name]
    return {"deep": "hidden layers of 64 and 32 units", "wide": "a hidden layer of 64 units"}.get(name, CHANGES[name])


def moved(gain: float) -> str:
    """A gain in words: 12 % lower, 3 % higher, 4.2 times as high."""
    if not np.isfinite(gain):
        return "not a number any more"
    if gain < -1:
        return f"{number(1 - gain)} times as high"
    size = float(f"{100 * abs(gain):.2g}")
    return "unchanged" if size < 0.1 else f"{size:g} % {'lower' if gain > 0 else 'higher'}"


def compared(gain: float, where: str) -> str:
    """A gain against somewhere: 12 % higher than at epoch 5, 4.2 times that at epoch 5, as at epoch 5."""
    words = moved(gain)
    if words == "unchanged":
        return f"as {where}"
    return f"{number(1 - gain)} times that {where}" if gain < -1 else f"{words} than {where}"


def verdict_reason(kind: str, run: TriedRun) -> str:
    """Why a verdict that is decided is true of a run or not."""
    if run.labels["diverged"] and kind != "diverged":
        return "What diverged has nothing else: before the steps are small enough, nothing of the rest can be seen."
    return _REASONS[kind](run, bool(run.labels[kind]))


def _diverged(run: TriedRun, holds: bool) -> str:
    train, dummy = run.history.train_loss, run.history.context["dummy_loss"]
    if holds and not np.isfinite(train).all():
        first = int(np.argmin(np.isfinite(train))) + 1
        return f"The training loss is not a number from epoch {first} on. With a tenth of the learning rate it stays one."
    times = number(run.truth["train_end"] / dummy)
    if holds:
        return f"Training ends at {times} times the constant predictor's loss. A tenth of the learning rate repairs it."
    return f"Training ends at {times} times the constant predictor's loss: no step threw the model out of the valley."


def _oscillating(run: TriedRun, holds: bool) -> str:
    t = run.truth
    ends = moved(t["low_train_gain"])
    if holds:
        return (
            f"With a fifth or a tenth of the learning rate training ends {ends}, and its moves upwards shrink to "
            f"{100 * t['ups_ratio']:.0f} % of these: the steps were too large."
        )
    if t["low_train_gain"] <= 0:
        return f"A lower learning rate does not end lower (training loss {ends}), so that these steps were not too large."
    return f"All moves upwards together are {100 * t['ups']:.2g} % of the constant predictor's loss: too little to matter."


def _overfitting(run: TriedRun, holds: bool) -> str:
    t, epoch = run.truth, int(run.truth["best_epoch"])
    there = compared(-t["rise"], f"at epoch {epoch}")
    ends = f"On {run.unseen_words} the loss at the end is {there}, where the validation loss is lowest"
    if holds:
        return f"{ends}, while the training loss fell by another {100 * t['train_fall']:.0f} %."
    if run.epochs - epoch <= LAST:
        return f"The lowest validation loss is at epoch {epoch} of {run.epochs}: nothing has risen since."
    return f"{ends}: nothing got worse." if t["rise"] < 0.001 else f"{ends}: under 1 % is no rise."


def _too_slow(run: TriedRun, holds: bool) -> str:
    t = run.truth
    tried = (
        f"The lowest loss on {run.unseen_words}: {moved(t['gain_epochs3'])} with three times the epochs, {moved(t['gain_lr3'])} "
        "with three times the learning rate"
    )
    return f"{tried}. It had not arrived." if holds else f"{tried}. What is too slow gains 5 % from both."


def _underfitting(run: TriedRun, holds: bool) -> str:
    gain = run.gains["more_capacity"] or 0.0
    larger = f"The lowest loss on {run.unseen_words} with a deeper or wider model: {moved(gain)}"
    if holds:
        return (
            f"{larger}; with three times the epochs: {moved(run.truth['gain_epochs3'])}. The model is too small for the pattern."
        )
    return f"{larger}. {'This one is large enough.' if gain < 0.02 else 'Under 5 % is little.'}"


def _over_regularised(run: TriedRun, holds: bool) -> str:
    less = f"The lowest loss on {run.unseen_words} with a hundredth of the L2 penalty: {moved(run.truth['gain_less_l2'])}"
    return f"{less}. The penalty {'held' if holds else 'does not hold'} the model back."


def _healthy(run: TriedRun, holds: bool) -> str:
    tried = {
        "lower_lr": "with a lower learning rate",
        "raise_lr": "with a higher one",
        "more_epochs": "with more epochs",
        "more_capacity": "with a larger model",
        "less_l2": "with a smaller penalty",
    }
    known = {words: gain for name, words in tried.items() if (gain := run.gains.get(name)) is not None}
    lowest = f"The lowest loss on {run.unseen_words}"
    if holds:
        listed = ", ".join(f"{moved(gain)} {words}" for words, gain in known.items())
        return f"{lowest}: {listed}. No change gains over 2 %, and the loss does not rise."
    best = max(known, key=lambda words: known[words])
    if known[best] > 0.035:
        return f"There is something to gain. {lowest}: {moved(known[best])} {best}."
    if run.labels["overfitting"]:
        epoch = int(run.truth["best_epoch"])
        ends = compared(-run.truth["rise"], f"at epoch {epoch}")
        return f"The loss on {run.unseen_words} at the end is {ends}: stopping earlier helps."
    return f"Its training loss swings: with a lower learning rate it ends {moved(run.truth['low_train_gain'])}."


_REASONS: dict[str, Callable[[TriedRun, bool], str]] = {
    "diverged": _diverged,
    "oscillating": _oscillating,
    "overfitting": _overfitting,
    "too_slow": _too_slow,
    "underfitting": _underfitting,
    "over_regularised": _over_regularised,
    "healthy": _healthy,
}
