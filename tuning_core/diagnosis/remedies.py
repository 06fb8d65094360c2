"""Remedies: from a verdict to concrete new hyperparameters, computed from the present ones. What could not act is not offered."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from tuning_core.diagnosis.curve_math import finite_prefix
from tuning_core.diagnosis.early_stop import patience_needed, stop_point
from tuning_core.diagnosis.finding import Remedy
from tuning_core.diagnosis.read_curves import Curves
from tuning_core.errors import SettingsError
from tuning_core.experiment import EarlyStopping, Hyperparameters
from tuning_core.experiment.early_stopping import kept_epoch
from tuning_core.experiment.hyperparameters import MAX_EPOCHS, MAX_LAYERS, MAX_UNITS
from tuning_core.experiment.optimizers import OPTIMIZERS

MIN_PATIENCE, MAX_PATIENCE = 10, 200
SMALL_BATCH = 8  # up to which a larger one is a remedy against swings

Draft = tuple[dict[str, Any], str] | None


def remedy(action: str, curves: Curves, **options: Any) -> Remedy | None:
    """The experiment that carries out `action` on these settings; None where they leave no room, or nothing would change."""
    drafted = _DRAFTS[action](curves, **options)
    if drafted is None or not changes_training(drafted[0], curves):
        return None
    return Remedy(action, *drafted)


def changes_training(changes: Mapping[str, Any], curves: Curves) -> bool:
    """Whether a training with these changes would be another one: what has no effect, or none on this curve, is no remedy.

    Empty changes are advice without numbers, and unknown settings cannot be checked: both pass.
    """
    old = curves.facts.hyperparameters
    if not changes or old is None:
        return True
    try:
        new = old.replace(**changes)
    except (SettingsError, TypeError):
        return False
    if new.replace(early_stopping=None, epochs=1) != old.replace(early_stopping=None, epochs=1):
        return _effective(new, curves) != _effective(old, curves)
    return _ends(new, curves) != _ends(old, curves)


def trained_with(changes: Mapping[str, Any], curves: Curves) -> Hyperparameters | Mapping[str, Any]:
    """The settings that changes lead to, which tells whether two remedies are one; the changes where the settings are unknown."""
    old = curves.facts.hyperparameters
    return changes if old is None else _effective(old.replace(**changes), curves)


def _effective(hp: Hyperparameters, curves: Curves) -> Hyperparameters:
    """Settings that have no effect at the values that all of them share."""
    blank: dict[str, Any] = {} if hp.optimizer == "sgd" else {"momentum": 0.0}
    blank |= {} if hp.hidden_units else {"activation": "relu", "dropout": 0.0}
    rows = curves.facts.n_train
    return hp.replace(**blank, batch_size=min(hp.batch_size, int(rows)) if rows >= 1 else hp.batch_size)


def _ends(hp: Hyperparameters, curves: Curves) -> tuple[int, int | None]:
    """The last epoch and the one whose weights are kept, as far as this curve can tell; what goes on is longer than the curve."""
    if not len(curves.val):
        return hp.epochs, None
    stopped = stop_point(curves.history, hp.early_stopping).stopped_epoch if hp.early_stopping is not None else None
    if stopped is None and hp.epochs > curves.n:
        return hp.epochs, None
    return stopped or hp.epochs, kept_epoch(hp, curves.facts.task, curves.history.matrix()[:, : hp.epochs])


def _early_stop(c: Curves, only_to_keep: bool = False) -> Draft:
    """Rules that reach the best epoch; where there are some that keep the last weights, the best ones are kept instead.

    `only_to_keep` : for the sake of another epoch's weights, not to end the training sooner.
    """
    if not len(c.val):
        return None
    present, best = c.facts.early_stopping, int(np.argmin(c.val)) + 1
    if only_to_keep and c.facts.keeps_best:
        return None
    if present is not None:
        if present.restore_best_weights:
            return None
        kept = {**present.to_json(), "restore_best_weights": True}
        return {"early_stopping": kept}, f"Keep the weights of the best epoch (here {best}) instead of the last ones."
    patience = int(np.clip(2 * patience_needed(finite_prefix(c.val)), MIN_PATIENCE, MAX_PATIENCE))
    if only_to_keep:
        reason = f"Of a loss that swings the last epoch is a matter of luck: keep the weights of the best one (here {best})."
        return {"early_stopping": EarlyStopping(patience=patience).to_json()}, reason
    reason = (
        f"Stop after {patience} epochs without a better validation loss, and keep the weights of the best epoch (here {best})."
    )
    return {"early_stopping": EarlyStopping(patience=patience).to_json()}, reason


def _more_patience(c: Curves) -> Draft:
    rules = c.facts.early_stopping
    if rules is None or not c.stopped_early:
        return None
    patience = min(max(3 * rules.patience, MIN_PATIENCE), MAX_EPOCHS)
    reason = (
        f"Early stopping ended the training at epoch {c.n}: wait {patience} epochs for a better loss instead of {rules.patience}."
    )
    return {"early_stopping": {**rules.to_json(), "patience": patience}}, reason


def _smaller_min_delta(c: Curves) -> Draft:
    rules = c.facts.early_stopping
    if rules is None or not c.stopped_early or rules.min_delta == 0:
        return None
    new = {**rules.to_json(), "min_delta": round_rate(rules.min_delta / 10)}
    reason = f"Improvements under {rules.min_delta:g} did not count, so patience ran out at epoch {c.n}: let smaller ones count."
    return {"early_stopping": new}, reason


def _later_start(c: Curves) -> Draft:
    rules = c.facts.early_stopping
    if rules is None or not c.stopped_early or not c.n < c.facts.setting("epochs"):
        return None
    return {"early_stopping": {**rules.to_json(), "start_from_epoch": c.n}}, f"Watch for a stop from epoch {c.n} on only."


def _lower_rate(c: Curves, factor: float = 5.0) -> Draft:
    rate = c.facts.setting("learning_rate")
    if not rate > 0:
        return {}, f"Take a learning rate {factor:g} times lower, so that each step stays inside the valley."
    new = round_rate(min(rate / factor, 100.0))
    return {"learning_rate": new}, f"Steps {factor:g} times smaller ({new:g} instead of {rate:g}) stay inside the valley."


def _larger_batch(c: Curves) -> Draft:
    batch = c.facts.setting("batch_size")
    if not 1 <= batch <= SMALL_BATCH:
        return None
    new = int(4 * batch)
    rows = f"{batch:.0f} row" + ("s" if batch > 1 else "")
    return {"batch_size": new}, f"A step from {new} rows instead of {rows} knows better where to go, so the loss swings less."


def _raise_rate(c: Curves, factor: float = 3.0, usual: bool = False) -> Draft:
    """`usual` goes at once to where the optimizer usually begins, ten times higher at least."""
    rate, optimizer = c.facts.setting("learning_rate"), str(c.facts.settings.get("optimizer") or "adam")
    if usual and rate > 0:
        new = round_rate(min(max(_usual_rate(c, optimizer), 10 * rate), 100.0))
        return {"learning_rate": new}, f"Steps of {rate:g} hardly move the weights: {new:g} is more usual for {optimizer}."
    if not rate > 0:
        return {}, f"Take a learning rate {factor:g} times higher: the loss still falls steadily."
    new = round_rate(min(rate * factor, 100.0))
    if new <= rate:
        return None
    reason = f"The loss still falls steadily: steps {factor:g} times larger ({new:g}) go further in the same time."
    return {"learning_rate": new}, reason


def _usual_rate(c: Curves, optimizer: str) -> float:
    """Where one begins: at 0.001, or 0.01 without adaptive steps; ten times higher for a target in its own, large unit."""
    rate = OPTIMIZERS[optimizer].usual_rate if optimizer in OPTIMIZERS else 0.001
    return 10 * rate if c.facts.task == "regression" and c.facts.settings.get("scale_target") is False else rate


def _more_epochs(c: Curves, factor: float = 3.0) -> Draft:
    planned = c.facts.setting("epochs")
    epochs = int(planned) if planned >= 1 else max(c.n, 1)
    new = min(round_epochs(epochs * factor), MAX_EPOCHS)
    if new <= epochs or c.stopped_early:  # after an early stop no later epoch would be reached
        return None
    return {"epochs": new}, f"The loss was still falling at epoch {c.n}: {new} epochs give it time to arrive."


def _more_capacity(c: Curves, deeper: bool = False) -> Draft:
    """The next size up; `deeper` adds a layer at once."""
    units = c.facts.hidden_units
    if units is None:
        return {}, "Add a hidden layer or more units: the model is too simple for the pattern."
    new = (*(units or (64,)), max(units[-1], 16) if units else 32) if deeper else larger(units)
    if new == units or len(new) > MAX_LAYERS or max(new) > MAX_UNITS:
        return None
    layers = "A hidden layer" if len(new) == 1 else "Hidden layers"
    reason = f"{layers} of {' and '.join(map(str, new))} units can bend where the present model cannot."
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


def _less_l2(c: Curves) -> Draft:
    present = c.facts.setting("l2")
    if not present > 0:
        return None
    new = less_l2(present)
    return {"l2": new}, f"A penalty of {present:g} holds the weights near zero: {new:g} lets the model follow the pattern."


def _less_dropout(c: Curves) -> Draft:
    present = c.facts.setting("dropout")
    if not present > 0:
        return None
    new = less_dropout(present)
    reason = (
        f"With {100 * present:.0f} % of the hidden units silenced, too few are left to learn with: silence {100 * new:.0f} %."
    )
    return {"dropout": new}, reason


def _clean_start(c: Curves) -> Draft:
    return {"optimizer": "adam", "learning_rate": 0.001}, "Adam at 0.001 trains on nearly every table: start again from there."


_DRAFTS: dict[str, Callable[..., Draft]] = {
    "early_stop": _early_stop,
    "more_patience": _more_patience,
    "smaller_min_delta": _smaller_min_delta,
    "later_start": _later_start,
    "lower_lr": _lower_rate,
    "larger_batch": _larger_batch,
    "raise_lr": _raise_rate,
    "more_epochs": _more_epochs,
    "more_capacity": _more_capacity,
    "less_capacity": _less_capacity,
    "regularise": _regularise,
    "less_l2": _less_l2,
    "less_dropout": _less_dropout,
    "clean_start": _clean_start,
}


def less_l2(penalty: float) -> float:
    """A hundredth, two significant digits; none where the penalty is under 0.0001."""
    return float(f"{penalty / 100:.1e}") if penalty >= 1e-4 else 0.0


def less_dropout(rate: float) -> float:
    """A third: 0.9 becomes 0.3, 0.5 becomes 0.17."""
    return round(rate / 3, 2)


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
