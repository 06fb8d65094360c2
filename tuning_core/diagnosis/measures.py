"""Measures: a learning curve as some sixty named, scale-free numbers, on which every verdict is based.

Ratios are logarithms (0.05 is about 5 %), shares lie in [0, 1], NaN means "cannot be known from what was given".
"""

from __future__ import annotations

import math

import numpy as np

from tuning_core.diagnosis.curve_math import log_ratio, slope, smooth
from tuning_core.diagnosis.read_curves import Curves
from tuning_core.experiment.optimizers import ADAPTIVE

LIMIT = 12.0  # logarithms are clipped here: beyond e**12 it makes no difference how far


def measure(curves: Curves) -> dict[str, float]:
    """All measures of one run; see `docs/curve-doctor.md` for what each means."""
    values = {"exploded": float(curves.exploded)}
    with np.errstate(all="ignore"):
        for part in (_training_measures, _validation_measures, _joint_measures, _error_measures, _setting_measures):
            values |= part(curves)
    return {name: float(np.clip(v, -LIMIT, LIMIT)) if math.isfinite(v) else math.nan for name, v in values.items()}


def _baseline(curves: Curves, name: str) -> float:
    return getattr(curves.facts, name) / curves.unit


def _training_measures(c: Curves) -> dict[str, float]:
    train = c.train
    if not len(train):
        return {}
    end, low, later = c.end(train), float(train.min()), train[len(train) // 2 :]
    steps = np.diff(train)
    late = steps[3:] if len(steps) > 6 else steps
    ups = np.maximum(late, 0.0)
    half = np.maximum(steps[len(steps) // 2 :], 0.0)
    level = max(abs(end), c.floor)
    rough = later - smooth(later, 5)
    span = max(float(train[0]) - low, c.floor)
    return {
        "train_end_vs_dummy": c.ratio(end, _baseline(c, "dummy_loss")),
        "train_low_vs_dummy": c.ratio(low, _baseline(c, "dummy_loss")),
        "train_end_vs_linear": c.ratio(end, _baseline(c, "linear_loss")),
        "train_end_vs_low": c.ratio(end, low),
        "train_end_vs_first": c.ratio(end, float(train[0])),
        "train_fall_total": c.ratio(float(train[0]), low),
        "up_share": float((late > 0).mean()) if len(late) else 0.0,
        "up_share_late": float((half > 0).mean()) if len(half) else 0.0,
        "up_total": math.log1p(float(ups.sum()) / level),
        "up_total_late": math.log1p(float(half.sum()) / level),
        "up_per_epoch": math.log1p(100 * float(half.mean()) / level) if len(half) else 0.0,
        "up_largest_late": math.log1p(float(half.max()) / level) if len(half) else 0.0,
        "total_variation": math.log1p(float(np.abs(steps).sum()) / span),
        "swing": math.log1p(100 * float(np.sqrt(np.mean(rough**2))) / level),
        "train_tripling": c.ratio(c.at(c.train_smooth, 1 / 3), float(c.train_smooth[-1])),
        "train_tripling_before": c.ratio(c.at(c.train_smooth, 1 / 9), c.at(c.train_smooth, 1 / 3)),
        "train_last_quarter": c.ratio(c.at(c.train_smooth, 0.75), float(c.train_smooth[-1])),
        "train_last_tenth": (c.at(c.train_smooth, 0.9) - float(c.train_smooth[-1])) / span,
        "train_slope_late": -slope(later) * len(later) / level,
        "running_vs_train": c.ratio(c.end(c.running), end) if len(c.running) == len(train) else math.nan,
        "running_vs_train_early": c.ratio(float(c.running[0]), float(train[0])) if len(c.running) else math.nan,
    }


def _validation_measures(c: Curves) -> dict[str, float]:
    val, soft = c.val, c.val_smooth
    if not len(val):
        return {}
    end, low, best = c.end(val), float(soft.min()), c.best
    span = max(float(val[0]) - low, c.floor)
    after = np.diff(soft[best:])
    later = val[len(val) // 2 :]
    rough = later - smooth(later, 5)
    half = np.maximum(np.diff(later), 0.0)
    return {
        "val_end_vs_dummy": c.ratio(end, _baseline(c, "dummy_loss")),
        "val_low_vs_dummy": c.ratio(low, _baseline(c, "dummy_loss")),
        "val_end_vs_linear": c.ratio(end, _baseline(c, "linear_loss")),
        "val_low_vs_linear": c.ratio(low, _baseline(c, "linear_loss")),
        "rise": c.ratio(end, low),
        "rise_raw": c.ratio(end, float(val.min())),
        "rise_held": c.ratio(float(val[-5:].min()), float(val.min())),
        "best_at": (best + 1) / len(val),
        "best_at_raw": (int(np.argmin(val)) + 1) / len(val),
        "since_best": math.log1p(len(val) - 1 - best),
        "rising_share": float((after > 0).mean()) if len(after) else 0.0,
        "val_swing": math.log1p(100 * float(np.sqrt(np.mean(rough**2))) / max(abs(end), c.floor)),
        "val_up_late": math.log1p(float(half.sum()) / max(abs(end), c.floor)),
        "val_tripling": c.ratio(c.at(soft, 1 / 3), float(soft[-1])),
        "val_tripling_before": c.ratio(c.at(soft, 1 / 9), c.at(soft, 1 / 3)),
        "val_last_quarter": c.ratio(c.at(soft, 0.75), float(soft[-1])),
        "val_last_tenth": (c.at(soft, 0.9) - float(soft[-1])) / span,
        "val_fall_total": c.ratio(float(val[0]), low),
    }


def _joint_measures(c: Curves) -> dict[str, float]:
    if not len(c.val) or len(c.val) != len(c.train):
        return {}
    best = c.best
    end = c.end(c.train)
    dummy = abs(_baseline(c, "dummy_loss"))
    return {
        "gap_end": c.ratio(c.end(c.val), end),
        "gap_best": c.ratio(float(c.val_smooth[best]), float(c.train_smooth[best])),
        "gap_end_vs_dummy": (c.end(c.val) - end) / dummy if dummy > 0 else math.nan,
        "train_fall_after_best": c.ratio(float(c.train_smooth[best]), end),
        "val_low_vs_train_end": c.ratio(float(c.val_smooth.min()), end),
    }


def _error_measures(c: Curves) -> dict[str, float]:
    if not len(c.val_error) or c.facts.settings.get("class_weight"):
        return {}  # losses that weigh classes, and accuracies that do not, say nothing of each other
    turned = c.facts.task == "classification"
    floor = 0.01 if turned else 1e-4 * max(float(np.abs(c.val_error).max()), 1e-290)
    dummy, linear = ((1 - m if turned else m) for m in (c.facts.dummy_metric, c.facts.linear_metric))
    end, low = c.end(c.val_error), float(smooth(c.val_error, max(1, len(c.val_error) // 20) | 1).min())
    loss = c.end(c.val) if len(c.val) else math.nan
    expected = _entropy if turned else np.square

    def shape(error: float, loss: float) -> float:
        """How the loss compares with what this error usually costs, relative to the same of the constant predictor."""
        cost = log_ratio(float(expected(error)), float(expected(dummy)), 1e-6 * float(expected(dummy)))
        return cost - c.ratio(loss, _baseline(c, "dummy_loss"))

    return {
        "error_end_vs_dummy": log_ratio(c.end(c.error), dummy, floor) if len(c.error) else math.nan,
        "val_error_end_vs_dummy": log_ratio(end, dummy, floor),
        "val_error_end_vs_linear": log_ratio(end, linear, floor),
        "val_error_low_vs_linear": log_ratio(low, linear, floor),
        "val_error_rise": log_ratio(end, low, floor),
        "residual_shape": shape(end, loss),
        "linear_residual_shape": shape(linear, _baseline(c, "linear_loss")),
    }


def error_free_share(c: Curves) -> float:
    """Share of the epochs, up to the last, in which no training or validation row was classified wrongly; 0 of other tasks.

    Not voted on, so not one of the measures: cross-entropy falls on for ever, though nothing is left to learn.
    """
    if c.facts.task != "classification" or not len(c.val_error):
        return 0.0
    wrong = c.val_error > 0
    if len(c.error) == len(wrong):
        wrong |= c.error > 0
    last = np.flatnonzero(wrong)
    return 1.0 - (last[-1] + 1) / len(wrong) if len(last) else 1.0


def _entropy(error: float) -> float:
    """Cross-entropy of answers that are wrong this often and know it."""
    p = min(max(error, 0.005), 0.995)
    return -p * math.log(p) - (1 - p) * math.log(1 - p)


def _setting_measures(c: Curves) -> dict[str, float]:
    facts = c.facts
    units = facts.hidden_units
    optimizer = str(facts.settings.get("optimizer") or "")
    rate, batch, momentum = (facts.setting(name) for name in ("learning_rate", "batch_size", "momentum"))
    steps = facts.n_train / min(batch, facts.n_train) if batch > 0 and facts.n_train > 0 else math.nan
    force = rate / (1 - momentum) if optimizer == "sgd" and 0 <= momentum < 1 else rate
    return {
        "epochs": _log(c.n),
        "n_train": _log(facts.n_train),
        "n_validation": _log(facts.n_validation),
        "n_features": _log(facts.n_features),
        "n_params": _log(facts.n_params),
        "params_per_row": _log(facts.n_params) - _log(facts.n_train),
        "classification": float(facts.task == "classification") if facts.task else math.nan,
        "linear_vs_dummy": log_ratio(facts.linear_loss, facts.dummy_loss, 1e-4 * abs(facts.dummy_loss) or 1e-290),
        "layers": float(len(units)) if units is not None else math.nan,
        "narrowest": _log(min(units, default=1)) if units is not None else math.nan,
        "widest": _log(max(units, default=1)) if units is not None else math.nan,
        "adaptive": float(optimizer in ADAPTIVE) if optimizer else math.nan,
        "learning_rate": _log(force),
        "batch_size": _log(batch),
        "updates": _log(steps * c.n),
        "distance": _log(steps * c.n * force),
        "dropout": facts.setting("dropout"),
        "l2": _log(facts.setting("l2") + 1e-5),
    }


def _log(value: float) -> float:
    return math.log(value) if value > 0 else math.nan
