"""Every measure as evidence for a person: what it is called, its unit, and the way from the stored number to the shown one."""

from __future__ import annotations

import math
from dataclasses import dataclass

from tuning_core.diagnosis.finding import Evidence


@dataclass(frozen=True)
class MeasureLabel:
    """What a measure is called; `scale` names how the stored number is turned into the shown one, see `_SHOW`."""

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

MEASURE_LABELS: dict[str, MeasureLabel] = {
    "exploded": MeasureLabel("loss stopped being a number (1 is yes)", "plain"),
    "train_end_vs_dummy": MeasureLabel("final training loss over the constant predictor's loss", "ratio"),
    "train_low_vs_dummy": MeasureLabel("lowest training loss over the constant predictor's loss", "ratio"),
    "train_end_vs_linear": MeasureLabel("final training loss over the linear model's loss", "ratio"),
    "train_end_vs_low": MeasureLabel("final training loss above its own lowest", "rise"),
    "train_end_vs_first": MeasureLabel("final training loss over that of the first epoch", "ratio"),
    "train_fall_total": MeasureLabel("whole fall of the training loss", "fall"),
    "up_share": MeasureLabel("epochs in which the training loss rose", "share"),
    "up_share_late": MeasureLabel("epochs of the second half in which the training loss rose", "share"),
    "up_total": MeasureLabel("all up-moves of the training loss over its final value", "amount"),
    "up_total_late": MeasureLabel("up-moves of the second half over the final training loss", "amount"),
    "up_per_epoch": MeasureLabel("mean up-move per epoch over the final training loss", "percent"),
    "up_largest_late": MeasureLabel("largest late up-move over the final training loss", "amount"),
    "total_variation": MeasureLabel("way travelled by the training loss over its whole fall", "amount"),
    "swing": MeasureLabel("swing of the training loss around its trend", "percent"),
    "train_tripling": MeasureLabel("fall of the training loss over the last two thirds", "fall"),
    "train_tripling_before": MeasureLabel("fall of the training loss from a ninth to a third of the epochs", "fall"),
    "train_last_quarter": MeasureLabel("fall of the training loss over the last quarter", "fall"),
    "train_last_tenth": MeasureLabel("share of the training loss's whole fall in the last tenth", "share"),
    "train_slope_late": MeasureLabel("slope of the second half, in final training losses", "plain"),
    "running_vs_train": MeasureLabel("mean loss during the last epochs over the loss after them", "ratio"),
    "running_vs_train_early": MeasureLabel("mean loss during the first epoch over the loss after it", "ratio"),
    "val_end_vs_dummy": MeasureLabel("final validation loss over the constant predictor's", "ratio"),
    "val_low_vs_dummy": MeasureLabel("lowest validation loss over the constant predictor's", "ratio"),
    "val_end_vs_linear": MeasureLabel("final validation loss over the linear model's", "ratio"),
    "val_low_vs_linear": MeasureLabel("lowest validation loss over the linear model's", "ratio"),
    "rise": MeasureLabel("rise of the validation loss after its best epoch", "rise"),
    "rise_raw": MeasureLabel("final validation loss above the lowest single epoch", "rise"),
    "rise_held": MeasureLabel("lowest of the last five validation losses above the best", "rise"),
    "best_at": MeasureLabel("best epoch, as a share of the training", "share"),
    "best_at_raw": MeasureLabel("best single epoch, as a share of the training", "share"),
    "since_best": MeasureLabel("epochs since the best one", "amount"),
    "rising_share": MeasureLabel("epochs after the best in which the validation loss rose", "share"),
    "val_swing": MeasureLabel("swing of the validation loss around its trend", "percent"),
    "val_up_late": MeasureLabel("up-moves of the second half over the final validation loss", "amount"),
    "val_tripling": MeasureLabel("fall of the validation loss over the last two thirds", "fall"),
    "val_tripling_before": MeasureLabel("fall of the validation loss from a ninth to a third of the epochs", "fall"),
    "val_last_quarter": MeasureLabel("fall of the validation loss over the last quarter", "fall"),
    "val_last_tenth": MeasureLabel("share of the validation loss's whole fall in the last tenth", "share"),
    "val_fall_total": MeasureLabel("whole fall of the validation loss", "fall"),
    "gap_end": MeasureLabel("final validation loss over the training loss", "ratio"),
    "gap_best": MeasureLabel("validation loss over training loss at the best epoch", "ratio"),
    "gap_end_vs_dummy": MeasureLabel("final gap over the constant predictor's loss", "share"),
    "train_fall_after_best": MeasureLabel("fall of the training loss after the best epoch", "fall"),
    "val_low_vs_train_end": MeasureLabel("lowest validation loss over the final training loss", "ratio"),
    "error_end_vs_dummy": MeasureLabel("final training error over the constant predictor's", "ratio"),
    "val_error_end_vs_dummy": MeasureLabel("final validation error over the constant predictor's", "ratio"),
    "val_error_end_vs_linear": MeasureLabel("final validation error over the linear model's", "ratio"),
    "val_error_low_vs_linear": MeasureLabel("lowest validation error over the linear model's", "ratio"),
    "val_error_rise": MeasureLabel("rise of the validation error after its lowest", "rise"),
    "residual_shape": MeasureLabel(
        "what the final error usually costs over the validation loss, to the constant predictor's", "ratio"
    ),
    "linear_residual_shape": MeasureLabel("the same of the linear model", "ratio"),
    "epochs": MeasureLabel("epochs", "count"),
    "n_train": MeasureLabel("training rows", "count"),
    "n_validation": MeasureLabel("validation rows", "count"),
    "n_features": MeasureLabel("features", "count"),
    "n_params": MeasureLabel("weights of the model", "count"),
    "params_per_row": MeasureLabel("weights per training row", "count"),
    "classification": MeasureLabel("classification (1 is yes)", "plain"),
    "linear_vs_dummy": MeasureLabel("the linear model's loss over the constant predictor's", "ratio"),
    "layers": MeasureLabel("hidden layers", "plain"),
    "narrowest": MeasureLabel("units of the narrowest hidden layer", "count"),
    "widest": MeasureLabel("units of the widest hidden layer", "count"),
    "adaptive": MeasureLabel("adaptive optimizer (1 is yes)", "plain"),
    "learning_rate": MeasureLabel("learning rate (with momentum)", "count"),
    "batch_size": MeasureLabel("batch size", "count"),
    "updates": MeasureLabel("weight updates", "count"),
    "distance": MeasureLabel("weight updates times learning rate", "count"),
    "dropout": MeasureLabel("dropout", "plain"),
    "l2": MeasureLabel("L2 penalty", "count"),
}


def shown(name: str, value: float, threshold: float | None = None, above: bool = True) -> Evidence:
    """Evidence for a person from a stored measure and the threshold that it was held against."""
    entry = MEASURE_LABELS[name]
    turn, unit = _SHOW[entry.scale]
    return Evidence(entry.label, turn(value), None if threshold is None else turn(threshold), unit, above, name)
