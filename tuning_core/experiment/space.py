"""SearchSpace: what a search may try and by which strategy. Validated before any training, JSON both ways.

An axis is named after a field of `Hyperparameters` or of `EarlyStopping` (``patience=[10, 20]``), or is one of the words for
the model's shape: `layers` (number of hidden layers), `units` (of every layer) and `units_1` ... `units_6` (of one layer).

Some axes matter only beside others, and are tried only there: `units_2` where there is a second layer, `momentum` with "sgd",
`weight_decay` with "adamw", `dropout` and `activation` where there is a hidden layer, the settings of early stopping where it is
on. `Axis.when` adds conditions of your own. A setting that is switched off keeps its value in `base`.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import Any

from tuning_core.errors import SettingsError
from tuning_core.experiment.axes import Axis, Choice, RandInt
from tuning_core.experiment.axis_parsing import axis_from_json, axis_of
from tuning_core.experiment.axis_rules import (
    AXIS_NAMES,
    PLAIN,
    STOPPING,
    UNITS,
    apply,
    axis_sort_key,
    axis_value,
    checked_axes,
    depth_of,
)
from tuning_core.experiment.hyperparameters import Hyperparameters, _integer, _real, check_known

STRATEGIES = ("grid", "random", "quasi_random", "bayesian", "halving")
MAX_TRIALS = 10_000


@dataclass(frozen=True)
class SearchSpace:
    """Axes around a base setting, and the strategy that walks them.

    Parameters
    ----------
    axes : mapping of str to Axis, list or frozen scipy.stats distribution
    base : Hyperparameters
        All that no axis changes.
    strategy : {"grid", "random", "quasi_random", "bayesian", "halving"}
    n_iter : int or None
        Settings to try; a grid tries all. None with `seconds` means as many as there is time for.
    seed : int
        Same seed, same settings.
    seconds : float or None
        A time budget beside the budget of trials: when it is over, what is training is stopped and kept.
    factor : int
        Of "halving": one setting in `factor` goes on at each rung.
    min_epochs : int or None
        Of "halving": epochs before the first rung; None lets three rungs or fewer fit below `epochs`.
    include : tuple of Hyperparameters
        Settings picked by hand, tried before all others (and beyond `n_iter`).

    Raises
    ------
    SettingsError
        For anything that could fail later: unknown names, empty ranges, values that a setting does not allow.
    """

    axes: Mapping[str, Axis]
    base: Hyperparameters = field(default_factory=Hyperparameters)
    strategy: str = "grid"
    n_iter: int | None = None
    seed: int = 0
    seconds: float | None = None
    factor: int = 3
    min_epochs: int | None = None
    include: tuple[Hyperparameters, ...] = ()

    def __post_init__(self) -> None:
        put = object.__setattr__
        if self.strategy not in STRATEGIES:
            raise SettingsError(
                f"strategy is {self.strategy!r}, which is not one of the choices.",
                kind="unknown_choice",
                remedy=f"Choose one of {', '.join(STRATEGIES)}.",
            )
        if not isinstance(self.base, Hyperparameters):
            raise SettingsError(
                f"base is {self.base!r}, but it must be Hyperparameters.",
                kind="out_of_range",
                remedy="Write base=tc.Hyperparameters().",
            )
        check_known("A search", self.axes, AXIS_NAMES)
        put(self, "axes", {name: axis_of(name, values) for name, values in self.axes.items()})
        put(self, "axes", checked_axes(self.axes, self.base))
        put(self, "seed", _integer("seed", self.seed, 0, 2**32 - 1))
        put(self, "factor", _integer("factor", self.factor, 2, 10))
        if self.min_epochs is not None:
            put(self, "min_epochs", _integer("min_epochs", self.min_epochs, 1))
        if self.seconds is not None:
            put(self, "seconds", _real("seconds", self.seconds, 0.0, 30 * 86400.0, open_low=True))
        put(self, "include", tuple(self.include))
        for corner in (0, -1):  # what no axis alone shows: settings that do not go together
            self.setting({name: axis.probes()[corner] for name, axis in self.axes.items()})
        self._check_budget()
        if self.strategy == "halving" and "epochs" in self.axes:
            raise SettingsError(
                "epochs is an axis, but successive halving itself decides how long a setting trains.",
                kind="conflicting_axes",
                remedy="Leave epochs out and set it in base; it is what the winners train.",
            )

    def _check_budget(self) -> None:
        if self.strategy == "grid":
            if self.n_iter is not None:
                raise SettingsError(
                    f"n_iter is {self.n_iter!r}, but a grid tries every combination.",
                    kind="out_of_range",
                    remedy="Leave n_iter out, or use tc.random.",
                )
            ranges = [name for name, axis in self.axes.items() if not isinstance(axis, Choice)]
            if ranges:
                raise SettingsError(
                    f"{ranges[0]} is a range, but a grid needs a list of values.",
                    kind="not_a_list",
                    remedy=f"Give {ranges[0]}=[...], or use tc.random.",
                )
            if self.combinations > MAX_TRIALS:
                raise too_many(f"{self.combinations:,} combinations")
        elif self.n_iter is None and (self.seconds is None or self.strategy == "halving"):
            raise SettingsError("n_iter is missing.", kind="out_of_range", remedy="Say how many settings to try: n_iter=12.")
        elif self.n_iter is not None:
            object.__setattr__(self, "n_iter", _integer("n_iter", self.n_iter, 1))
            if self.n_iter > MAX_TRIALS:
                raise too_many(f"{self.n_iter:,} settings")

    # ---- what it holds ----------------------------------------------------------------------------------------------

    @property
    def combinations(self) -> float:
        """Product of the axes' sizes, conditions not counted; infinite with a range of real numbers."""
        return math.prod(_size(axis) for axis in self.axes.values())

    @cached_property
    def n_settings(self) -> int:
        """Different settings that the strategy will try, at the most."""
        if self.strategy == "grid":
            return len(dict.fromkeys((*self.include, *(hp for _, hp in self.grid()))))
        return len(self.include) + int(min(self.n_iter or MAX_TRIALS, self.combinations, MAX_TRIALS))

    def grid(self) -> Iterator[tuple[dict[str, Any], Hyperparameters]]:
        """Every combination in the order of scikit-learn's ParameterGrid: names sorted, the last one varies fastest.

        Combinations that come to the same setting (a momentum with "adam") are given once.
        """
        names = sorted(self.axes)
        seen = set()
        for combination in itertools.product(*(self.axes[name].probes() for name in names)):
            values, hp = self.setting(dict(zip(names, combination, strict=True)))
            if hp not in seen:
                seen.add(hp)
                yield values, hp

    def setting(self, values: Mapping[str, Any]) -> tuple[dict[str, Any], Hyperparameters]:
        """The values that are switched on, and the hyperparameters that they make of the base."""
        on = self.active(values)
        return on, apply(self.base, on)

    def active(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Those of the values whose conditions hold."""
        on: dict[str, Any] = {}
        for name in sorted(values, key=axis_sort_key):
            if self.is_active(name, on):
                on[name] = values[name]
        return {name: on[name] for name in values if name in on}

    def values_of(self, hp: Hyperparameters) -> dict[str, Any] | None:
        """The axis values that make this setting; None when it lies outside the axes."""
        values: dict[str, Any] = {}
        for name in self.ordered_axes:
            if self.is_active(name, values):
                values[name] = self._value_on(name, hp)
                if not self.axes[name].contains(values[name]):
                    return None
        return values if apply(self.base, values) == hp else None

    def stored_values(self, values: Mapping[str, Any], hp: Hyperparameters) -> dict[str, Any]:
        """What a stored setting has on each axis that is switched on, also one picked by hand or tried before an extension."""
        if set(values) == set(self.axes):
            return {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
        found: dict[str, Any] = {}
        for name in self.ordered_axes:
            value = axis_value(hp, name)
            if self.is_active(name, found) and (value is not None or name in PLAIN):
                found[name] = value
        return found

    def _value_on(self, name: str, hp: Hyperparameters) -> Any:
        value, axis = axis_value(hp, name), self.axes[name]
        if name == "early_stopping" and isinstance(axis, Choice) and value is not None:
            others = [other for other in STOPPING if other not in self.axes]
            alike = [o for o in axis.options if o is not None and all(getattr(o, f) == getattr(value, f) for f in others)]
            return alike[0] if alike else value  # patience and the like have axes of their own
        return value

    def is_active(self, name: str, chosen: Mapping[str, Any]) -> bool:
        """Whether an axis matters beside the values chosen for the axes that come before it in `ordered_axes`."""
        if not all(_same_any(self._value(other, chosen), allowed) for other, allowed in self.axes[name].only_if):
            return False
        depth = depth_of(self.base, chosen)
        if name in UNITS:
            return depth >= int(name.removeprefix("units_"))
        if name in ("units", "dropout", "activation"):
            return depth >= 1
        if name in STOPPING:
            return "early_stopping" not in self.axes or self._value("early_stopping", chosen) is not None
        if name == "keep":
            return self._value("early_stopping", chosen) is None
        optimizer = chosen.get("optimizer", self.base.optimizer)
        return {"momentum": "sgd", "weight_decay": "adamw"}.get(name, optimizer) == optimizer

    def _value(self, name: str, chosen: Mapping[str, Any]) -> Any:
        if name in chosen:
            return chosen[name]
        if name in self.axes and name not in PLAIN:
            return None  # an axis without a base value, switched off
        if name == "layers":
            return depth_of(self.base, chosen)
        if name in STOPPING:
            return getattr(self.base.early_stopping, name, None)
        return getattr(self.base, name, None)

    @property
    def ordered_axes(self) -> list[str]:
        """Names of the axes, those that others depend on first."""
        return sorted(self.axes, key=axis_sort_key)

    def cross_validated(self) -> SearchSpace:
        """As a cross-validation trains it: without early stopping nothing may choose the epoch, so the last weights are kept."""
        base, *include = (hp if hp.early_stopping else hp.replace(keep="last") for hp in (self.base, *self.include))
        return replace(self, base=base, include=tuple(include))

    def extended(
        self, *, n_iter: int | None = None, seconds: float | None = None, seed: int | None = None, **axes: Any
    ) -> SearchSpace:
        """The same search with more settings or time, or with other (wider) axes; see `tc.search(..., extends=run)`."""
        changes: dict[str, Any] = {"axes": {**self.axes, **axes}}
        changes |= {name: v for name, v in (("n_iter", n_iter), ("seconds", seconds), ("seed", seed)) if v is not None}
        return replace(self, **changes)

    # ---- JSON -------------------------------------------------------------------------------------------------------

    def to_json(self) -> dict[str, Any]:
        return {
            "axes": {name: axis.to_json() for name, axis in self.axes.items()},
            "base": self.base.to_json(),
            "strategy": self.strategy,
            "n_iter": self.n_iter,
            "seed": self.seed,
            "seconds": self.seconds,
            "factor": self.factor,
            "min_epochs": self.min_epochs,
            "include": [hp.to_json() for hp in self.include],
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> SearchSpace:
        check_known("A search", values, tuple(f.name for f in fields(cls)))
        return cls(
            **{
                **values,
                "axes": {name: axis_from_json(axis) for name, axis in values["axes"].items()},
                "base": Hyperparameters.from_json(values["base"]),
                "include": tuple(Hyperparameters.from_json(hp) for hp in values.get("include", ())),
            }
        )


def too_many(what: str) -> SettingsError:
    """Refuse an absurd number of trainings, with a way out."""
    return SettingsError(
        f"{what} are more than the {MAX_TRIALS:,} that one search may train.",
        kind="too_many_trials",
        remedy="Take 200 at random (tc.random with n_iter=200), or give each setting fewer values.",
    )


def _same_any(value: Any, allowed: tuple[Any, ...]) -> bool:
    return any(value == other or (isinstance(other, list) and value == tuple(other)) for other in allowed)


def _size(axis: Axis) -> float:
    if isinstance(axis, Choice):
        return len(axis.options)
    return axis.high - axis.low if isinstance(axis, RandInt) else math.inf
