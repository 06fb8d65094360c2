"""Every measure in words for a person: what it is called, its unit, and the way from the stored number to the shown one."""

from __future__ import annotations

import math
from dataclasses import dataclass

from tuning_core.diagnosis.finding import Evidence


@dataclass(frozen=True)
class Wording:
    """`scale` names how the stored number is turned into the shown one, see `_SHOW`."""

    label: str
    scale: str


# scale: (from the stored to the shown number, unit)
_SHOW = {
    "rise": (lambda v: 100 * math.expm1(v), "%"),  # a log ratio, as a change in percent
    "fall": (lambda v: -100 * math.expm1(-v), "%"),  # the same, read downwards
    "ratio": (math.exp, "x"),
    "share": (lambda v: 100 * v, "%"),
    "amount": (math.expm1, "x"),  # stored as log(1 + amount)
    "percent": (math.expm1, "%"),  # stored as log(1 + percent)
    "count": (math.exp, ""),
    "plain": (float, ""),
}

WORDINGS: dict[str, Wording] = {
    "exploded": Wording("loss stopped being a number (1 is yes)", "plain"),
    "train_end_vs_dummy": Wording("final training loss over the constant predictor's loss", "ratio"),
    "train_low_vs_dummy": Wording("lowest training loss over the constant predictor's loss", "ratio"),
    "train_end_vs_linear": Wording("final training loss over the linear model's loss", "ratio"),
    "train_end_vs_low": Wording("final training loss above its own lowest", "rise"),
    "train_end_vs_first": Wording("final training loss over that of the first epoch", "ratio"),
    "train_fall_total": Wording("whole fall of the training loss", "fall"),
    "up_share": Wording("epochs in which the training loss rose", "share"),
    "up_share_late": Wording("epochs of the second half in which the training loss rose", "share"),
    "up_total": Wording("all up-moves of the training loss over its final value", "amount"),
    "up_total_late": Wording("up-moves of the second half over the final training loss", "amount"),
    "up_per_epoch": Wording("mean up-move per epoch over the final training loss", "percent"),
    "up_largest_late": Wording("largest late up-move over the final training loss", "amount"),
    "total_variation": Wording("way travelled by the training loss over its whole fall", "amount"),
    "swing": Wording("swing of the training loss around its trend", "percent"),
    "train_tripling": Wording("fall of the training loss over the last two thirds", "fall"),
    "train_tripling_before": Wording("fall of the training loss from a ninth to a third of the epochs", "fall"),
    "train_last_quarter": Wording("fall of the training loss over the last quarter", "fall"),
    "train_last_tenth": Wording("share of the training loss's whole fall in the last tenth", "share"),
    "train_slope_late": Wording("slope of the second half, in final training losses", "plain"),
    "running_vs_train": Wording("mean loss during the last epochs over the loss after them", "ratio"),
    "running_vs_train_early": Wording("mean loss during the first epoch over the loss after it", "ratio"),
    "val_end_vs_dummy": Wording("final validation loss over the constant predictor's", "ratio"),
    "val_low_vs_dummy": Wording("lowest validation loss over the constant predictor's", "ratio"),
    "val_end_vs_linear": Wording("final validation loss over the linear model's", "ratio"),
    "val_low_vs_linear": Wording("lowest validation loss over the linear model's", "ratio"),
    "rise": Wording("rise of the validation loss after its best epoch", "rise"),
    "rise_raw": Wording("final validation loss above the lowest single epoch", "rise"),
    "rise_held": Wording("lowest of the last five validation losses above the best", "rise"),
    "best_at": Wording("best epoch, as a share of the training", "share"),
    "best_at_raw": Wording("best single epoch, as a share of the training", "share"),
    "since_best": Wording("epochs since the best one", "amount"),
    "rising_share": Wording("epochs after the best in which the validation loss rose", "share"),
    "val_swing": Wording("swing of the validation loss around its trend", "percent"),
    "val_up_late": Wording("up-moves of the second half over the final validation loss", "amount"),
    "val_tripling": Wording("fall of the validation loss over the last two thirds", "fall"),
    "val_tripling_before": Wording("fall of the validation loss from a ninth to a third of the epochs", "fall"),
    "val_last_quarter": Wording("fall of the validation loss over the last quarter", "fall"),
    "val_last_tenth": Wording("share of the validation loss's whole fall in the last tenth", "share"),
    "val_fall_total": Wording("whole fall of the validation loss", "fall"),
    "gap_end": Wording("final validation loss over the training loss", "ratio"),
    "gap_best": Wording("validation loss over training loss at the best epoch", "ratio"),
    "gap_end_vs_dummy": Wording("final gap over the constant predictor's loss", "share"),
    "train_fall_after_best": Wording("fall of the training loss after the best epoch", "fall"),
    "val_low_vs_train_end": Wording("lowest validation loss over the final training loss", "ratio"),
    "error_end_vs_dummy": Wording("final training error over the constant predictor's", "ratio"),
    "val_error_end_vs_dummy": Wording("final validation error over the constant predictor's", "ratio"),
    "val_error_end_vs_linear": Wording("final validation error over the linear model's", "ratio"),
    "val_error_low_vs_linear": Wording("lowest validation error over the linear model's", "ratio"),
    "val_error_rise": Wording("rise of the validation error after its lowest", "rise"),
    "residual_shape": Wording(
        "what the final error usually costs over the validation loss, to the constant predictor's", "ratio"
    ),
    "linear_residual_shape": Wording("the same of the linear model", "ratio"),
    "epochs": Wording("epochs", "count"),
    "n_train": Wording("training rows", "count"),
    "n_validation": Wording("validation rows", "count"),
    "n_features": Wording("features", "count"),
    "n_params": Wording("weights of the model", "count"),
    "params_per_row": Wording("weights per training row", "count"),
    "classification": Wording("classification (1 is yes)", "plain"),
    "linear_vs_dummy": Wording("the linear model's loss over the constant predictor's", "ratio"),
    "layers": Wording("hidden layers", "plain"),
    "narrowest": Wording("units of the narrowest hidden layer", "count"),
    "widest": Wording("units of the widest hidden layer", "count"),
    "adaptive": Wording("adaptive optimizer (1 is yes)", "plain"),
    "learning_rate": Wording("learning rate (with momentum)", "count"),
    "batch_size": Wording("batch size", "count"),
    "updates": Wording("weight updates", "count"),
    "distance": Wording("weight updates times learning rate", "count"),
    "dropout": Wording("dropout", "plain"),
    "l2": Wording("L2 penalty", "count"),
}


def two_digits(value: float) -> str:
    """For a sentence: 0.83, 6.5, 220, 21,000; never 2.2e+02."""
    return f"{float(f'{value:.2g}'):,g}"


def shown(name: str, value: float, threshold: float | None = None, above: bool = True) -> Evidence:
    """Evidence for a person from a stored measure and the threshold that it was held against."""
    wording = WORDINGS[name]
    turn, unit = _SHOW[wording.scale]
    return Evidence(wording.label, turn(value), None if threshold is None else turn(threshold), unit, above, name)
