"""What an axis of a search may be called, which values it may take, and how values become hyperparameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from tuning_core.errors import SettingsError
from tuning_core.experiment.axes import Axis, Choice
from tuning_core.experiment.hyperparameters import MAX_LAYERS, EarlyStopping, Hyperparameters, _integer, check_known

DEFAULT_UNITS = 64  # of added layers, when the base has none to repeat

PLAIN = tuple(f.name for f in fields(Hyperparameters))
STOPPING = tuple(f.name for f in fields(EarlyStopping))
UNITS = tuple(f"units_{i}" for i in range(1, MAX_LAYERS + 1))
WHOLE = ("batch_size", "epochs", "patience", "start_from_epoch", "layers", "units", *UNITS)
AXIS_NAMES = (*PLAIN, *STOPPING, "layers", "units", *UNITS)

_FIRST = ("hidden_units", "layers", "optimizer", "early_stopping")  # others depend on these


def axis_sort_key(name: str) -> tuple[int, str]:
    """Sort key: axes that others depend on are decided first, the others by name."""
    return (_FIRST.index(name) if name in _FIRST else len(_FIRST), name)


def depth_of(base: Hyperparameters, chosen: Mapping[str, Any]) -> int:
    """Hidden layers of the base with these axis values."""
    if "layers" in chosen:
        return int(chosen["layers"])
    return len(chosen["hidden_units"]) if "hidden_units" in chosen else len(base.hidden_units)


def apply(base: Hyperparameters, values: Mapping[str, Any]) -> Hyperparameters:
    """The base with these axis values, validated."""
    changes = {name: value for name, value in values.items() if name in PLAIN}
    if any(name in ("layers", "units", *UNITS) for name in values):
        units = list(base.hidden_units) or [DEFAULT_UNITS]
        units = (units + [units[-1]] * MAX_LAYERS)[: depth_of(base, values)]  # further layers repeat the last one
        changes["hidden_units"] = tuple(values.get(f"units_{i + 1}", values.get("units", own)) for i, own in enumerate(units))
    stopping = {name: value for name, value in values.items() if name in STOPPING}
    if stopping:
        stop = changes.get("early_stopping", base.early_stopping)
        changes["early_stopping"] = EarlyStopping.from_json({**(stop.to_json() if stop else {}), **stopping})
    return base.replace(**changes) if changes else base


def axis_value(hp: Hyperparameters, name: str) -> Any:
    """What a setting has on an axis; None where that means nothing to it."""
    if name in PLAIN:
        return getattr(hp, name)
    if name in STOPPING:
        return getattr(hp.early_stopping, name, None)
    if name == "layers":
        return len(hp.hidden_units)
    layer = 0 if name == "units" else int(name.removeprefix("units_")) - 1
    return hp.hidden_units[layer] if layer < len(hp.hidden_units) else None


def checked_axes(axes: Mapping[str, Axis], base: Hyperparameters) -> dict[str, Axis]:
    """Try every end of a range and every choice against the rules of the hyperparameters.

    Returns the axes with their choices as `Hyperparameters` keep them; raises SettingsError.
    """
    both = sorted(set(axes) & {"layers", "units", *UNITS})
    if "hidden_units" in axes and both:
        raise SettingsError(
            f"hidden_units is given together with {both[0]}, which sets the same thing.",
            kind="conflicting_axes",
            remedy="Use either hidden_units=[(64,), (64, 32)], or layers and units.",
        )
    checked = {}
    for name, axis in axes.items():
        for other, _ in axis.only_if:
            check_known("A condition", {other: None}, AXIS_NAMES)
            if axis_sort_key(other) >= axis_sort_key(name):
                raise SettingsError(
                    f"{name} depends on {other}, but is decided before it.",
                    kind="late_condition",
                    remedy="Let it depend on hidden_units, layers, optimizer, early_stopping, or a name earlier in the alphabet.",
                )
        if name in WHOLE and axis.is_continuous:
            raise SettingsError(
                f"{name} is a range of real numbers, but it must be a whole number.",
                kind="out_of_range",
                remedy=f"Use {name}=tc.randint(low, high), with log=True for even steps on a logarithmic scale.",
            )
        normal = tuple(_normal(base, name, value) for value in axis.probes())
        checked[name] = Choice(tuple(dict.fromkeys(normal)), only_if=axis.only_if) if isinstance(axis, Choice) else axis
    for name in checked:
        _check_reachable(checked, base, name)
    return checked


def _normal(base: Hyperparameters, name: str, value: Any) -> Any:
    """The value as Hyperparameters keep it; SettingsError when it breaks a rule."""
    if name == "layers":
        return _integer("layers", value, 0, MAX_LAYERS)
    if name == "units" or name in UNITS:
        return Hyperparameters(hidden_units=(value,)).hidden_units[0]
    if name in STOPPING:
        return getattr(EarlyStopping.from_json({name: value}), name)
    return getattr(base.replace(**{name: value}), name)


def _check_reachable(axes: Mapping[str, Axis], base: Hyperparameters, name: str) -> None:
    """Refuse an axis that can never change anything."""
    depths = list(axes["layers"].probes()) if "layers" in axes else [len(base.hidden_units)]
    if name in UNITS and int(name.removeprefix("units_")) > max(depths):
        raise _idle(
            name, f"there are at most {max(depths)} hidden layers", f"Add layers=[1, ..., {name[-1]}], or leave {name} out."
        )
    tried = axes["optimizer"].probes() if "optimizer" in axes else (base.optimizer,)
    needs = {"momentum": "sgd", "weight_decay": "adamw"}.get(name)
    if needs and needs not in tried:
        raise _idle(name, f"the optimizer is {tried[0]!r}", f"Use optimizer={needs!r}, or leave {name} out.")


def _idle(name: str, why: str, remedy: str) -> SettingsError:
    return SettingsError(f"{name} would change nothing, because {why}.", kind="idle_axis", remedy=remedy)
