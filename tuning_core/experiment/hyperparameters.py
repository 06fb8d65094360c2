"""Hyperparameters: what a person chooses before training, validated once, JSON both ways."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from tuning_core.errors import SettingsError
from tuning_core.experiment.optimizers import OPTIMIZERS
from tuning_core.experiment.score_names import SCORE_NAMES

ACTIVATIONS = ("relu", "tanh", "sigmoid", "elu", "gelu", "linear")
LOSSES = ("auto", "mse", "mae")
KEPT = ("best", "last")
MONITORS = ("val_loss", "val_metric", *SCORE_NAMES)
MAX_LAYERS = 6
MAX_UNITS = 1024
MAX_EPOCHS = 10_000


def _fail(name: str, value: object, rule: str, remedy: str) -> SettingsError:
    return SettingsError(f"{name} is {value!r}, but {rule}.", kind="out_of_range", remedy=remedy)


def _integer(name: str, value: Any, low: int, high: int | None = None) -> int:
    span = f"from {low:,} to {high:,}" if high is not None else f"of at least {low:,}"
    is_number = isinstance(value, (int, float)) or hasattr(value, "__index__")
    if isinstance(value, bool) or not is_number or not math.isfinite(value) or int(value) != value:
        raise _fail(name, value, f"it must be a whole number {span}", "Give a whole number.")
    if value < low or (high is not None and value > high):
        raise _fail(name, value, f"it must be a whole number {span}", "Choose a value in that range.")
    return int(value)


def _real(name: str, value: Any, low: float, high: float, *, open_low: bool = False, open_high: bool = False) -> float:
    rule = f"it must be {'above' if open_low else 'at least'} {low:g} and {'below' if open_high else 'at most'} {high:g}"
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    inside = (number > low if open_low else number >= low) and (number < high if open_high else number <= high)
    if isinstance(value, (bool, str)) or not inside:
        raise _fail(name, value, rule, "Choose a number in that range.")
    return number


def _choice(name: str, value: Any, choices: tuple[str, ...]) -> str:
    if value not in choices:
        raise SettingsError(
            f"{name} is {value!r}, which is not one of the choices.",
            kind="unknown_choice",
            remedy=f"Choose one of {', '.join(choices)}.",
        )
    return str(value)


def _flag(name: str, value: Any) -> bool:
    if not isinstance(value, (bool, int)) or value not in (0, 1):
        raise _fail(name, value, "it must be true or false", "Give True or False.")
    return bool(value)


def check_known(kind: str, values: Mapping[str, Any], known: tuple[str, ...]) -> None:
    """Raise SettingsError when `values` has a key that `kind` does not know."""
    unknown = sorted(set(values) - set(known))
    if unknown:
        raise SettingsError(
            f"{kind} has no setting named {unknown[0]!r}.",
            kind="unknown_setting",
            remedy=f"The settings are {', '.join(known)}.",
        )


@dataclass(frozen=True)
class EarlyStopping:
    """When to stop before the last epoch; the semantics of `keras.callbacks.EarlyStopping`.

    Parameters
    ----------
    patience : int
        Epochs without improvement after which training stops.
    min_delta : float
        An improvement counts only if it is larger than this, in the units of the monitored quantity.
    start_from_epoch : int
        Epochs at the start that are not watched.
    restore_best_weights : bool
        Keep the weights of the best epoch instead of the last one.
    monitor : {"val_loss", "val_metric"} or the name of a score
        What is watched on the validation rows: the validation loss; MAE (regression, lower is better) or accuracy
        (classification, higher is better); or a score as in `tc.search(score=...)`, which is then recorded in every epoch
        (`History.val_score`). An epoch whose rows do not define the score is passed over.
    """

    patience: int = 20
    min_delta: float = 0.0
    start_from_epoch: int = 0
    restore_best_weights: bool = True
    monitor: str = "val_loss"

    def __post_init__(self) -> None:
        put = object.__setattr__
        put(self, "patience", _integer("patience", self.patience, 0, MAX_EPOCHS))
        put(self, "min_delta", abs(_real("min_delta", self.min_delta, -1e300, 1e300)))
        put(self, "start_from_epoch", _integer("start_from_epoch", self.start_from_epoch, 0, MAX_EPOCHS))
        put(self, "restore_best_weights", _flag("restore_best_weights", self.restore_best_weights))
        if self.monitor not in MONITORS:
            raise SettingsError(
                f"monitor is {str(self.monitor)[:60]!r}, which is not one of the choices. A scorer of scikit-learn asks for a "
                "table and a model, which there are not in each epoch; it can only rank (tc.search(score=...)).",
                kind="unknown_choice",
                remedy=f"Choose one of {', '.join(MONITORS)}.",
            )

    @property
    def watches_score(self) -> bool:
        """Whether a score is recorded in every epoch, and watched."""
        return self.monitor in SCORE_NAMES

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> EarlyStopping:
        check_known("early_stopping", values, tuple(f.name for f in fields(cls)))
        return cls(**values)


@dataclass(frozen=True)
class Hyperparameters:
    """All that shapes one training, apart from the data and the seed.

    Parameters
    ----------
    learning_rate : float
        Step size of the optimizer, above 0 and at most 100.
    batch_size : int
        Rows per weight update. 1 is stochastic, all training rows (or more) is full-batch gradient descent.
    epochs : int
        Passes over the training rows, 1 to 10,000.
    hidden_units : tuple of int
        Units of each hidden layer; empty for a linear model; at most 6 layers of at most 1,024.
    activation : {"relu", "tanh", "sigmoid", "elu", "gelu", "linear"}
        Of every hidden layer.
    optimizer : {"sgd", "adam", "adamw", "rmsprop", "adagrad", "nadam"}
        Keras optimizers with Keras's defaults.
    momentum : float
        Of "sgd" only; 0 is plain gradient descent.
    weight_decay : float
        Of "adamw" only; decoupled from the loss.
    dropout : float or tuple of float
        Share of units silenced in training after each hidden layer, below 1; one number for all layers or one per layer.
    l2 : float
        Weight of the penalty `l2 * sum(kernel ** 2)`, added for every layer to the loss that is minimised.
        The recorded losses do not include it, so that they compare across settings.
    loss : {"auto", "mse", "mae"}
        "auto" is mean squared error for regression; classification always uses cross-entropy.
    class_weight : {None, "balanced"}
        "balanced" weighs each training row by n_rows / (n_classes * rows of its class), as scikit-learn does.
    scale_target : bool
        Standardise a regression target by its training rows; losses and metrics stay in the target's own units.
    shuffle : bool
        New row order in every epoch.
    early_stopping : EarlyStopping or None
        None trains all epochs.
    keep : {"best", "last"}
        Whose weights are kept without early stopping: those of the epoch with the lowest validation loss, or those of the last
        epoch, as plain `fit` does. With early stopping its `restore_best_weights` decides.
    """

    learning_rate: float = 0.01
    batch_size: int = 16
    epochs: int = 100
    hidden_units: tuple[int, ...] = (64,)
    activation: str = "relu"
    optimizer: str = "adam"
    momentum: float = 0.0
    weight_decay: float = 0.004
    dropout: float | tuple[float, ...] = 0.0
    l2: float = 0.0
    loss: str = "auto"
    class_weight: str | None = None
    scale_target: bool = True
    shuffle: bool = True
    early_stopping: EarlyStopping | None = None
    keep: str = "best"

    def __post_init__(self) -> None:
        put = object.__setattr__
        put(self, "learning_rate", _real("learning_rate", self.learning_rate, 0.0, 100.0, open_low=True))
        put(self, "batch_size", _integer("batch_size", self.batch_size, 1))
        put(self, "epochs", _integer("epochs", self.epochs, 1, MAX_EPOCHS))
        put(self, "hidden_units", self._units())
        _choice("activation", self.activation, ACTIVATIONS)
        _choice("optimizer", self.optimizer, tuple(OPTIMIZERS))
        put(self, "momentum", _real("momentum", self.momentum, 0.0, 1.0, open_high=True))
        put(self, "weight_decay", _real("weight_decay", self.weight_decay, 0.0, 1.0))
        put(self, "dropout", self._dropout())
        put(self, "l2", _real("l2", self.l2, 0.0, 1e6))
        _choice("loss", self.loss, LOSSES)
        if self.class_weight is not None:
            _choice("class_weight", self.class_weight, ("balanced",))
        put(self, "scale_target", _flag("scale_target", self.scale_target))
        put(self, "shuffle", _flag("shuffle", self.shuffle))
        if isinstance(self.early_stopping, Mapping):
            put(self, "early_stopping", EarlyStopping.from_json(self.early_stopping))
        if self.early_stopping is not None and not isinstance(self.early_stopping, EarlyStopping):
            raise _fail("early_stopping", self.early_stopping, "it must be an EarlyStopping or None", "Use EarlyStopping().")
        _choice("keep", self.keep, KEPT)

    def _units(self) -> tuple[int, ...]:
        units = self.hidden_units
        if isinstance(units, str) or not hasattr(units, "__iter__"):
            raise _fail("hidden_units", units, "it must list the units of each layer", "Write (64,) for one layer of 64 units.")
        units = tuple(units)
        if len(units) > MAX_LAYERS:
            raise _fail("hidden_units", units, f"a model has at most {MAX_LAYERS} hidden layers", "Use fewer layers.")
        return tuple(_integer("hidden_units", u, 1, MAX_UNITS) for u in units)

    def _dropout(self) -> float | tuple[float, ...]:
        if not isinstance(self.dropout, (tuple, list)):
            return _real("dropout", self.dropout, 0.0, 1.0, open_high=True)
        if len(self.dropout) != len(self.hidden_units):
            raise _fail(
                "dropout",
                self.dropout,
                f"there are {len(self.hidden_units)} hidden layers",
                "Give one number for all layers, or one per hidden layer.",
            )
        return tuple(_real("dropout", rate, 0.0, 1.0, open_high=True) for rate in self.dropout)

    @property
    def dropout_rates(self) -> tuple[float, ...]:
        """One rate per hidden layer."""
        return self.dropout if isinstance(self.dropout, tuple) else (self.dropout,) * len(self.hidden_units)

    @property
    def keeps_best(self) -> bool:
        """Whether the weights of the best epoch are kept, not those of the last one."""
        return self.early_stopping.restore_best_weights if self.early_stopping else self.keep == "best"

    def replace(self, **changes: Any) -> Hyperparameters:
        """A copy with some settings changed, validated again."""
        check_known("Hyperparameters", changes, _FIELDS)
        return replace(self, **changes)

    def to_json(self) -> dict[str, Any]:
        values = {name: getattr(self, name) for name in _FIELDS}  # `asdict` copies every value, and takes ten times as long
        values["hidden_units"] = list(self.hidden_units)
        if isinstance(self.dropout, tuple):
            values["dropout"] = list(self.dropout)
        if self.early_stopping is not None:
            values["early_stopping"] = self.early_stopping.to_json()
        return values

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Hyperparameters:
        """What `to_json` wrote; settings that were written before `keep` was one kept the last weights."""
        values = {"keep": "last", **values}
        check_known("Hyperparameters", values, _FIELDS)
        return cls(**values)


_FIELDS = tuple(field.name for field in fields(Hyperparameters))
