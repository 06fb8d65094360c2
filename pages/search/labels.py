"""Axes and settings of a search in words."""

from __future__ import annotations

from typing import Any

from tuning_core.experiment import Hyperparameters, SearchSpace
from tuning_core.experiment.axis_rules import UNITS
from tuning_core.search_analysis.points import label
from tuning_core.store.search_configurations import StoredSetting

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
    "keep": "weights kept",
    "monitor": "watched",
}


def axis_words(name: str) -> str:
    """What people call an axis."""
    if name in UNITS:
        return f"units of layer {name.removeprefix('units_')}"
    return _NAMES.get(name, name.replace("_", " "))


def values_on(space: SearchSpace, setting: StoredSetting) -> dict[str, Any]:
    """A setting's value on each axis that is switched on."""
    return space.stored_values(setting.values, Hyperparameters.from_json(setting.hyperparameters))


def setting_words(space: SearchSpace, setting: StoredSetting) -> str:
    """A setting in one line: its values on the axes."""
    values = values_on(space, setting)
    return " · ".join(f"{axis_words(name)} {label(values[name])}" for name in space.axes if name in values) or "as set on Tune"
