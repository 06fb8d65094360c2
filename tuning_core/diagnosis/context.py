"""What is known beside the curves: counts, baselines and settings, under the names that different writers use."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tuning_core.errors import SettingsError
from tuning_core.experiment import EarlyStopping, Hyperparameters

_NAMES = {
    "n_validation": ("n_validation", "n_val"),
    "n_train": ("n_train",),
    "n_features": ("n_features",),
    "n_params": ("n_params",),
    "dummy_loss": ("dummy_loss",),
    "linear_loss": ("linear_loss",),
    "dummy_metric": ("dummy_metric",),
    "linear_metric": ("linear_metric",),
}


@dataclass(frozen=True)
class Facts:
    """The numbers of a context, NaN where unknown, and the settings, empty where unknown."""

    task: str = ""
    n_train: float = math.nan
    n_validation: float = math.nan
    n_features: float = math.nan
    n_params: float = math.nan
    dummy_loss: float = math.nan
    linear_loss: float = math.nan
    dummy_metric: float = math.nan
    linear_metric: float = math.nan
    settings: Mapping[str, Any] = field(default_factory=dict)

    def setting(self, name: str) -> float:
        """A numeric setting, or NaN."""
        return _number(self.settings.get(name))

    @property
    def early_stopping(self) -> EarlyStopping | None:
        """The rules by which the run would have been stopped; None when it had none, or they are unknown."""
        rules = self.settings.get("early_stopping")
        try:
            return EarlyStopping.from_json(rules) if isinstance(rules, Mapping) else None
        except (SettingsError, TypeError):
            return None

    @property
    def hyperparameters(self) -> Hyperparameters | None:
        """All settings, those not given at their defaults; None when unknown or not valid."""
        try:
            return Hyperparameters.from_json({k: v for k, v in self.settings.items() if v is not None}) if self.settings else None
        except (SettingsError, TypeError, ValueError):
            return None

    @property
    def keeps_best(self) -> bool:
        """The weights of the best epoch are kept; False where that is not known."""
        hp = self.hyperparameters
        return hp is not None and hp.keeps_best

    @property
    def hidden_units(self) -> tuple[int, ...] | None:
        """Units of each hidden layer; None when unknown."""
        units = self.settings.get("hidden_units")
        return None if units is None else tuple(int(u) for u in units)


def read_context(context: Any) -> Facts:
    """Facts from a `History.context`: any key may be missing, None, or of a wrong type; nothing raises."""
    if not isinstance(context, Mapping):
        return Facts()
    numbers = {name: _first_number(context, keys) for name, keys in _NAMES.items()}
    for name in ("n_train", "n_validation", "n_features", "n_params"):
        if not numbers[name] >= 0:
            numbers[name] = math.nan
    return Facts(task=str(context.get("task") or ""), settings=_settings(context.get("hyperparameters")), **numbers)


def _settings(values: Any) -> dict[str, Any]:
    if hasattr(values, "to_json"):
        values = values.to_json()
    if not isinstance(values, Mapping):
        return {}
    settings = dict(values)
    units = settings.pop("hidden_layers", None)
    units = settings.get("hidden_units", units)
    settings["hidden_units"] = _units(units)
    return settings


def _units(units: Any) -> list[int] | None:
    numbers = [_number(u) for u in units] if isinstance(units, (list, tuple)) else [math.nan]
    return [int(u) for u in numbers] if all(1 <= u <= 1e9 for u in numbers) else None


def _first_number(context: Mapping[str, Any], keys: tuple[str, ...]) -> float:
    return next((n for n in (_number(context.get(key)) for key in keys) if math.isfinite(n)), math.nan)


def _number(value: Any) -> float:
    if isinstance(value, (tuple, list)):  # one dropout rate per layer: the mean tells how strong it is
        numbers = [_number(v) for v in value]
        return sum(numbers) / len(numbers) if numbers else math.nan
    if value is None or isinstance(value, (str, bytes)):
        return math.nan
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return math.nan
    return number if math.isfinite(number) else math.nan
