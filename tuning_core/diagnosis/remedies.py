"""Remedies: from a verdict to concrete new hyperparameters, computed from the present ones."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from tuning_core.diagnosis.curve_math import finite_prefix
from tuning_core.diagnosis.early_stop import patience_needed
from tuning_core.diagnosis.finding import Remedy
from tuning_core.diagnosis.read_curves import Curves
from tuning_core.experiment.hyperparameters import MAX_EPOCHS, MAX_LAYERS, MAX_UNITS

MIN_PATIENCE, MAX_PATIENCE = 10, 200


def remedy(action: str, curves: Curves, **options: Any) -> Remedy | None:
    """The experiment that carries out `action` on these settings; None where the settings leave no room for it."""
    drafted = _DRAFTS[action](curves, **options)
    return None if drafted is None else Remedy(action, *drafted)


Draft = tuple[dict[str, Any], str] | None


def _early_stop(c: Curves) -> Draft:
    present = c.facts.settings.get("early_stopping")
    if present or not len(c.val):
        return None
    patience = int(np.clip(2 * patience_needed(finite_prefix(c.val)), MIN_PATIENCE, MAX_PATIENCE))
    changes = {
        "early_stopping": {
            "patience": patience,
            "min_delta": 0.0,
            "start_from_epoch": 0,
            "restore_best_weights": True,
            "monitor": "val_loss",
        }
    }
    best = int(np.argmin(c.val)) + 1
    reason = (
        f"Stop after {patience} epochs without a better validation loss, and keep the weights of the best epoch (here {best})."
    )
    return changes, reason


def _lower_rate(c: Curves, factor: float = 5.0) -> Draft:
    rate = c.facts.setting("learning_rate")
    if not rate > 0:
        return {}, f"Take a learning rate {factor:g} times lower, so that each step stays inside the valley."
    new = round_rate(min(rate / factor, 100.0))
    return {"learning_rate": new}, f"Steps {factor:g} times smaller ({new:g} instead of {rate:g}) stay inside the valley."


def _raise_rate(c: Curves, factor: float = 3.0) -> Draft:
    rate = c.facts.setting("learning_rate")
    if not rate > 0:
        return {}, f"Take a learning rate {factor:g} times higher: the loss still falls steadily."
    new = round_rate(min(rate * factor, 100.0))
    if new <= rate:
        return None
    return {
        "learning_rate": new
    }, f"The loss still falls steadily: steps {factor:g} times larger ({new:g}) go further in the same time."


def _more_epochs(c: Curves, factor: float = 3.0) -> Draft:
    planned = c.facts.setting("epochs")
    epochs = int(planned) if planned >= 1 else max(c.n, 1)
    new = min(round_epochs(epochs * factor), MAX_EPOCHS)
    if new <= epochs:
        return None
    return {"epochs": new}, f"The loss was still falling at epoch {c.n}: {new} epochs give it time to arrive."


def _more_capacity(c: Curves) -> Draft:
    units = c.facts.hidden_units
    if units is None:
        return {}, "Add a hidden layer or more units: the model is too simple for the pattern."
    new = larger(units)
    if new == units:
        return None
    words = " and ".join(str(u) for u in new)
    reason = f"Hidden layers of {words} units can bend where the present model cannot."
    return {"hidden_units": list(new)}, reason


def _less_capacity(c: Curves) -> Draft:
    units = c.facts.hidden_units
    if not units or max(units) <= 4 or len(units) > MAX_LAYERS:
        return None
    new = [min(max(4, u // 4), MAX_UNITS) if u > 4 else u for u in units]
    return {"hidden_units": new}, f"A smaller model ({', '.join(map(str, new))} units) cannot memorise as much."


def _regularise(c: Curves) -> Draft:
    units = c.facts.hidden_units
    dropout, l2 = c.facts.setting("dropout"), c.facts.setting("l2")
    if units and max(units) >= 16 and not dropout >= 0.3:
        return {"dropout": 0.3}, "Silencing 30 % of the hidden units in each step makes memorising single rows harder."
    new = 0.001 if not l2 > 0 else min(10 * l2, 1.0)
    return {"l2": new}, f"A penalty of {new:g} on large weights keeps the fitted curve smooth."


def _clean_start(c: Curves) -> Draft:
    return {"optimizer": "adam", "learning_rate": 0.001}, "Adam at 0.001 trains on nearly every table: start again from there."


_DRAFTS: dict[str, Callable[..., Draft]] = {
    "early_stop": _early_stop,
    "lower_lr": _lower_rate,
    "raise_lr": _raise_rate,
    "more_epochs": _more_epochs,
    "more_capacity": _more_capacity,
    "less_capacity": _less_capacity,
    "regularise": _regularise,
    "clean_start": _clean_start,
}


def larger(units: tuple[int, ...]) -> tuple[int, ...]:
    """The next size up: a first hidden layer of 64, then four times the width (32 to 256), then one more layer."""
    if not units:
        return (64,)
    if len(units) > MAX_LAYERS or max(units) > MAX_UNITS:
        return units  # not a setting that could be trained here
    wide = tuple(u if u >= 128 else min(max(4 * u, 32), 256) for u in units)
    if wide != units:
        return wide
    if len(units) < MAX_LAYERS:
        return (*units, max(units[-1] // 2, 32))
    return tuple(min(2 * u, MAX_UNITS) for u in units)


def round_rate(rate: float) -> float:
    """Two significant digits: 0.0034, never 0.003366."""
    return float(f"{max(rate, 1e-300):.1e}")


def round_epochs(epochs: float) -> int:
    """Up to a multiple of 10 (of 100 from 1,000 on)."""
    step = 100 if epochs >= 1000 else 10
    return int(math.ceil(epochs / step) * step)
