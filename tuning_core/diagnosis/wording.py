"""The sentences of verdicts and notes, one function each: from a case to words."""

from __future__ import annotations

import math
from collections.abc import Callable

from tuning_core.diagnosis.decisions import has_learned_nothing, has_not_moved
from tuning_core.diagnosis.examined_run import Case

TITLES = {
    "diverged": "Diverged",
    "oscillating": "Oscillating",
    "overfitting": "Overfitting",
    "too_slow": "Too slow",
    "underfitting": "Underfitting",
    "over_regularised": "Over-regularised",
    "healthy": "Healthy",
    "plateau": "Plateau",
    "noisy_validation": "Noisy validation",
    "validation_below_train": "Validation below training",
}
MAY_BE_FINE = "The curve may as well be fine as it is: other runs that looked like this one were."
ONE_EXPERIMENT = "One experiment may still be worth a try."


def sentence(kind: str, case: Case) -> str:
    """What is said of a verdict or a note that holds."""
    return _SENTENCES[kind](case)


def two_digits(value: float) -> str:
    """For a sentence: 0.83, 6.5, 220, 21,000; never 2.2e+02."""
    return f"{float(f'{value:.2g}'):,g}"


def _diverged(case: Case) -> str:
    if case.curves.exploded:
        first = len(case.curves.train) + 1
        return f"The training loss stopped being a number in epoch {first}: the steps are far too large."
    if case.knows("train_end_vs_dummy"):
        times = two_digits(math.exp(case["train_end_vs_dummy"]))
        return f"Training ends at {times} times the loss of always answering the average: the steps overshoot."
    return f"Training ends {two_digits(case.percent('train_end_vs_low'))} % above its own lowest loss: the steps overshoot."


def _oscillating(case: Case) -> str:
    if has_learned_nothing(case):
        better = -100 * math.expm1(case["linear_vs_dummy"])
        return (
            "Training ends no better than always answering the average, though a linear model is "
            f"{better:.0f} % better: the steps are so large that they threw the model out of the valley."
        )
    swing = two_digits(math.expm1(case["swing"]))
    return f"The training loss jumps by about {swing} % from epoch to epoch: the steps are too large for it to settle."


def _overfitting(case: Case) -> str:
    epoch, rise = case.best_epoch, two_digits(case.percent("rise"))
    if case["train_fall_after_best"] > 0:
        message = (
            f"After epoch {epoch} the validation loss rose by {rise} % while the training loss kept falling: "
            "the model memorises rows instead of learning the pattern."
        )
    else:
        message = f"The validation loss ends {rise} % above its best, in epoch {epoch}: later epochs made the model worse."
    if not case.curves.facts.keeps_best:
        return message
    stopped = case.curves.facts.early_stopping is not None
    return (
        f"{message} {'Early stopping kept the weights of its best epoch' if stopped else 'The weights of that epoch are kept'}."
    )


def _too_slow(case: Case) -> str:
    if has_not_moved(case):
        fell = two_digits(max(0.0, -100 * math.expm1(-case["train_fall_total"])))
        return f"The training loss has hardly moved since the first epoch (down {fell} %): the steps are far too small."
    if has_learned_nothing(case):
        return (
            f"After {len(case.curves.train)} epochs the model is no better yet than always answering the average, "
            "though its loss falls steadily: the steps are far too small."
        )
    if case.curves.stopped_early:
        return (
            f"The loss was still falling when early stopping ended the training at epoch {case.curves.n}: it was not given time."
        )
    return f"The loss was still falling when training ended at epoch {len(case.curves.train)}: it has not arrived yet."


def _underfitting(case: Case) -> str:
    times = math.exp(case["train_end_vs_linear"])  # NaN without a baseline
    if times > 0.8:
        return f"Training has settled at {two_digits(times)} times the loss of a linear model: this model is too simple."
    return "Training has settled, and a larger model is likely to do better: this one is too simple."


def _over_regularised(case: Case) -> str:
    penalty, silenced = case.curves.facts.setting("l2"), case.curves.facts.setting("dropout")
    reins = [f"an L2 penalty of {penalty:g}"] if penalty > 0 else []
    reins += [f"dropout of {100 * silenced:.0f} %"] if silenced > 0 else []
    held = " and ".join(reins)
    if has_learned_nothing(case):
        return f"Training ends no better than always answering the average: {held} leaves the model no room to learn."
    return f"Training has settled where {held} holds it: with less, the model could follow the pattern."


def _healthy(case: Case) -> str:
    sure = case.margin("healthy") >= 0
    return "The curve fell, settled and stayed: nothing to fix." if sure else "Nothing is clearly wrong with this curve."


def _noisy_validation(case: Case) -> str:
    rows = case.curves.facts.n_validation
    who = f"{rows:.0f} validation rows" if math.isfinite(rows) else "few validation rows"
    jitter = two_digits(math.expm1(case["val_swing"]))
    return f"The validation loss jitters by {jitter} %, more than the training loss: {who} cannot tell small differences."


def _validation_below_train(case: Case) -> str:
    return "The validation rows are easier than the training rows: the split was lucky, so do not trust small gains."


_SENTENCES: dict[str, Callable[[Case], str]] = {
    "diverged": _diverged,
    "oscillating": _oscillating,
    "overfitting": _overfitting,
    "too_slow": _too_slow,
    "underfitting": _underfitting,
    "over_regularised": _over_regularised,
    "healthy": _healthy,
    "noisy_validation": _noisy_validation,
    "validation_below_train": _validation_below_train,
}


def plateau_sentence(first: int, last: int) -> str:
    """Of a plateau between two epochs, counted from 1."""
    return f"The training loss stood still from epoch {first} to {last} before it fell further."
