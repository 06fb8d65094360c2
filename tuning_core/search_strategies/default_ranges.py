"""Where to start: values and ranges around a setting that make a sensible first search."""

from __future__ import annotations

from collections.abc import Sequence

from tuning_core.experiment.axes import Axis, Choice, LogUniform, RandInt, Uniform
from tuning_core.experiment.axis_rules import UNITS, axis_value
from tuning_core.experiment.hyperparameters import ACTIVATIONS, KEPT, MAX_EPOCHS, MAX_UNITS, Hyperparameters
from tuning_core.experiment.optimizers import OPTIMIZERS
from tuning_core.experiment.scores import SCORES
from tuning_core.experiment.space import SearchSpace

NAMED: dict[str, tuple] = {
    "activation": ACTIVATIONS,
    "optimizer": tuple(OPTIMIZERS),
    "loss": ("mse", "mae"),
    "class_weight": (None, "balanced"),
    "monitor": ("val_loss", "val_metric"),  # scores come with the task: see `named_options`
    "scale_target": (True, False),
    "shuffle": (True, False),
    "restore_best_weights": (True, False),
    "keep": KEPT,
}
_SHARES: dict[str, tuple[Sequence[float], Axis]] = {  # that do not depend on where one is
    "layers": ((1, 2, 3), RandInt(1, 4)),
    "dropout": ((0.0, 0.2, 0.4), Uniform(0.0, 0.5)),
    "l2": ((0.0, 1e-4, 1e-3, 1e-2), LogUniform(1e-6, 1e-1)),
    "momentum": ((0.0, 0.5, 0.9), Uniform(0.0, 0.99)),
    "weight_decay": ((0.001, 0.004, 0.01), LogUniform(1e-4, 0.1)),
    "patience": ((5, 10, 20, 40), RandInt(5, 51)),
    "start_from_epoch": ((0, 10, 20), RandInt(0, 31)),
    "min_delta": ((0.0, 1e-3, 1e-2), LogUniform(1e-5, 1e-1)),
}


def named_options(name: str, task: str) -> tuple:
    """All values of a named setting that suit a task."""
    scores = tuple(score.name for score in SCORES.values() if score.task == task) if name == "monitor" else ()
    return (*NAMED[name], *scores)


def suggested_values(name: str, around: Hyperparameters) -> Choice:
    """A short list of values for a grid, around a setting's own."""
    if name in NAMED:
        return Choice(NAMED[name])
    if name in _SHARES:
        return Choice(tuple(_SHARES[name][0]))
    own = _own(name, around)
    if name == "learning_rate":
        return Choice(tuple(_tidy(own * factor, 100.0) for factor in (0.1, 0.3, 1, 3)))
    if name == "epochs":
        return Choice(tuple(dict.fromkeys(_whole(own * factor, MAX_EPOCHS) for factor in (0.5, 1, 2))))
    most = MAX_UNITS if name == "units" or name in UNITS else 10**6
    return Choice(tuple(dict.fromkeys(_whole(own * factor, most) for factor in (0.5, 1, 2, 4))))


def suggested_range(name: str, around: Hyperparameters) -> Axis:
    """A range to draw from, around a setting's own value; a list for what has no order."""
    if name in NAMED:
        return Choice(NAMED[name])
    if name in _SHARES:
        return _SHARES[name][1]
    own = _own(name, around)
    if name == "learning_rate":
        return LogUniform(_tidy(own / 100, 100.0), _tidy(own * 30, 10.0))
    if name == "epochs":
        return RandInt(_whole(own / 4, MAX_EPOCHS), _whole(own * 2, MAX_EPOCHS) + 1)
    most = MAX_UNITS if name == "units" or name in UNITS else 10**6
    return RandInt(_whole(own / 4, most), _whole(own * 4, most) + 1, log=True)


def _own(name: str, around: Hyperparameters) -> float:
    return float(axis_value(around, name) or 64)  # a layer that is not there yet


def _tidy(value: float, most: float) -> float:
    return float(f"{min(value, most):.2g}")


def _whole(value: float, most: int) -> int:
    return max(1, min(round(value), most))


# ---- going on --------------------------------------------------------------------------------------------------------------


def further(space: SearchSpace, more: int, tried: int) -> SearchSpace:
    """The same search with `more` settings beyond the `tried` ones.

    Random and quasi-random sequences begin anew with the settings that are known, which are not tried again; a strategy that
    learns counts new settings only.
    """
    if space.strategy == "bayesian":
        return space.extended(n_iter=more)
    begun = tried if space.n_iter is None else min(space.n_iter, tried)  # of this sequence: other axes had one of their own
    return space.extended(n_iter=begun + more)
