"""Axes and settings of a search in words."""

from __future__ import annotations

from typing import Any

from tuning_core.experiment import Hyperparameters, SearchSpace
from tuning_core.experiment.axis_rules import PLAIN, UNITS, value_in
from tuning_core.searching.points import label
from tuning_core.store.settings import StoredSetting

_NAMES = {
    "hidden_units": "units per layer",
    "layers": "hidden layers",
    "units": "units",
    "l2": "L2 penalty",
    "scale_target": "scaled target",
    "class_weight": "class weights",
    "start_from_epoch": "epochs before watching",
    "min_delta": "smallest improvement",
    "restore_best_weights": "keep the best weights",
    "monitor": "watched",
}


def axis_words(name: str) -> str:
    """What people call an axis."""
    if name in UNITS:
        return f"units of layer {name.removeprefix('units_')}"
    return _NAMES.get(name, name.replace("_", " "))


def values_on(space: SearchSpace, setting: StoredSetting) -> dict[str, Any]:
    """A setting's value on each axis that is switched on, also of one that was picked by hand or tried before an extension."""
    if set(setting.values) == set(space.axes):
        return {name: tuple(value) if isinstance(value, list) else value for name, value in setting.values.items()}
    hp = Hyperparameters.from_json(setting.hyperparameters)
    found: dict[str, Any] = {}
    for name in space.ordered_axes:
        value = value_in(hp, name)
        if space.is_on(name, found) and (value is not None or name in PLAIN):
            found[name] = value
    return found


def axis_labels(space: SearchSpace, setting: StoredSetting) -> list[str | None]:
    """A word for each axis, in the order of the space; None where it is switched off."""
    values = values_on(space, setting)
    return [label(values[name]) if name in values else None for name in space.axes]


def setting_words(space: SearchSpace, setting: StoredSetting) -> str:
    """A setting in one line: its values on the axes."""
    values = values_on(space, setting)
    return " · ".join(f"{axis_words(name)} {label(values[name])}" for name in space.axes if name in values) or "as set on Tune"
