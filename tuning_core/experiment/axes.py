"""Axes: the values that one setting may take in a search. Frozen, JSON both ways."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from tuning_core.errors import SettingsError

Conditions = tuple[tuple[str, tuple[Any, ...]], ...]  # (name of another axis or setting, values that switch this one on)


@dataclass(frozen=True)
class Axis:
    """What all axes share. Subclasses draw with `rvs` (as scipy.stats does) and map the unit interval with `ppf`."""

    only_if: Conditions = field(default=(), kw_only=True)

    @property
    def is_continuous(self) -> bool:
        """Draws real numbers, which suit no whole-number setting."""
        return False

    def when(self, **conditions: Any) -> Axis:
        """This axis, tried only where every named setting has the value given (or one of the list of values).

        Example: ``momentum=tc.uniform(0, 0.99).when(optimizer="sgd")``.
        """
        given = tuple((name, tuple(v) if isinstance(v, (list, tuple, set)) else (v,)) for name, v in conditions.items())
        return replace(self, only_if=self.only_if + given)

    def rvs(self, random_state: Any = None) -> Any:
        """One value at random; `random_state` is a numpy RandomState."""
        raise NotImplementedError

    def ppf(self, u: float) -> Any:
        """The value at the quantile `u`, 0 <= u < 1."""
        raise NotImplementedError

    def probes(self) -> tuple[Any, ...]:
        """Values that, when they are allowed, show that all values are: the ends of a range, every choice."""
        raise NotImplementedError

    def contains(self, value: Any) -> bool:
        """Whether the axis can take this value."""
        raise NotImplementedError

    def to_json(self) -> dict[str, Any]:
        """Plain JSON; `axis_from_json` is the way back."""
        values = {"kind": _KINDS[type(self)], **self._fields()}
        if self.only_if:
            values["when"] = {name: [to_plain(v) for v in allowed] for name, allowed in self.only_if}
        return values

    def _fields(self) -> dict[str, Any]:
        raise NotImplementedError


@dataclass(frozen=True)
class Choice(Axis):
    """One of a list of values."""

    options: tuple[Any, ...] = ()

    def __post_init__(self) -> None:
        if not self.options:
            raise SettingsError("A list of choices is empty.", kind="empty_range", remedy="Give at least one value.")

    def rvs(self, random_state: Any = None) -> Any:
        return self.options[random_state.randint(len(self.options))]  # as scikit-learn's ParameterSampler draws

    def ppf(self, u: float) -> Any:
        return self.options[min(int(u * len(self.options)), len(self.options) - 1)]

    def probes(self) -> tuple[Any, ...]:
        return self.options

    def contains(self, value: Any) -> bool:
        return value in self.options

    def _fields(self) -> dict[str, Any]:
        return {"options": [to_plain(option) for option in self.options]}


@dataclass(frozen=True)
class RandInt(Axis):
    """Whole numbers low, ..., high - 1; with `log` each factor of ten is as likely as the next."""

    low: int = 0
    high: int = 1
    log: bool = False

    def __post_init__(self) -> None:
        for name, value in (("low", self.low), ("high", self.high)):
            if isinstance(value, bool) or not _finite(value) or int(value) != value:
                raise _bad("randint", name, value, "it must be a whole number", "Give whole numbers, for example randint(2, 16).")
            object.__setattr__(self, name, int(value))
        if self.low >= self.high:
            raise SettingsError(
                f"randint({self.low}, {self.high}) holds no whole number: the end {self.high} is not part of it.",
                kind="empty_range",
                remedy=f"Give a high above low, for example randint({self.low}, {self.low + 8}).",
            )
        if self.log and self.low < 1:
            raise _bad("randint", "low", self.low, "a logarithmic range must start at 1 or above", "Give a low of at least 1.")

    def rvs(self, random_state: Any = None) -> int:
        if self.log:
            return self.ppf(random_state.uniform())
        return int(random_state.randint(self.low, self.high))  # what scipy.stats.randint.rvs draws

    def ppf(self, u: float) -> int:
        if self.log:
            value = math.exp(math.log(self.low) + u * (math.log(self.high) - math.log(self.low)))
        else:
            value = self.low + u * (self.high - self.low)
        return min(max(int(value + 1e-9), self.low), self.high - 1)

    def probes(self) -> tuple[int, ...]:
        return (self.low, self.high - 1)

    def contains(self, value: Any) -> bool:
        return isinstance(value, int) and self.low <= value < self.high

    def _fields(self) -> dict[str, Any]:
        return {"low": self.low, "high": self.high, "log": self.log}


@dataclass(frozen=True)
class Uniform(Axis):
    """Real numbers from low to high, all equally likely."""

    low: float = 0.0
    high: float = 1.0

    def __post_init__(self) -> None:
        _check_span(self, "uniform")

    @property
    def is_continuous(self) -> bool:
        return True

    def rvs(self, random_state: Any = None) -> float:
        return self.ppf(random_state.uniform())

    def ppf(self, u: float) -> float:
        return min(self.low + u * (self.high - self.low), self.high)

    def probes(self) -> tuple[float, ...]:
        return (self.low, self.high)

    def contains(self, value: Any) -> bool:
        return _finite(value) and self.low <= value <= self.high

    def _fields(self) -> dict[str, Any]:
        return {"low": self.low, "high": self.high}


@dataclass(frozen=True)
class LogUniform(Axis):
    """Real numbers from low to high, each factor of ten as likely as the next."""

    low: float = 1e-4
    high: float = 1.0

    def __post_init__(self) -> None:
        _check_span(self, "loguniform")
        if self.low <= 0:
            raise SettingsError(
                f"loguniform({self.low:g}, {self.high:g}) starts at {self.low:g}, but only numbers above 0 have a logarithm.",
                kind="log_of_zero",
                remedy="Give a low above 0, for example 1e-4, or use uniform.",
            )

    @property
    def is_continuous(self) -> bool:
        return True

    def rvs(self, random_state: Any = None) -> float:
        return self.ppf(random_state.uniform())

    def ppf(self, u: float) -> float:
        value = math.exp(math.log(self.low) + u * (math.log(self.high) - math.log(self.low)))
        return min(max(value, self.low), self.high)

    def probes(self) -> tuple[float, ...]:
        return (self.low, self.high)

    def contains(self, value: Any) -> bool:
        return _finite(value) and self.low <= value <= self.high

    def _fields(self) -> dict[str, Any]:
        return {"low": self.low, "high": self.high}


@dataclass(frozen=True)
class Scipy(Axis):
    """A frozen distribution of scipy.stats, kept by its name and arguments so that it is plain JSON."""

    name: str = "norm"
    args: tuple[float, ...] = ()
    kwds: tuple[tuple[str, float], ...] = ()

    def frozen(self) -> Any:
        from scipy import stats

        family = getattr(stats, self.name, None)
        if not isinstance(family, (stats.rv_continuous, stats.rv_discrete)):
            raise SettingsError(
                f"scipy.stats has no distribution named {self.name!r}.", kind="unknown_choice", remedy="Use one of scipy.stats."
            )
        return family(*self.args, **dict(self.kwds))

    @property
    def is_continuous(self) -> bool:
        from scipy import stats

        return isinstance(getattr(stats, self.name), stats.rv_continuous)

    def rvs(self, random_state: Any = None) -> Any:
        return _item(self.frozen().rvs(random_state=random_state))

    def ppf(self, u: float) -> Any:
        return _item(self.frozen().ppf(max(u, 1e-9)))  # ppf(0) is -inf, or one below the first value, for many families

    def probes(self) -> tuple[Any, ...]:
        return (self.ppf(0.0), self.ppf(1 - 1e-9))

    def contains(self, value: Any) -> bool:
        return _finite(value) and bool(self.frozen().support()[0] <= value <= self.frozen().support()[1])

    def cdf(self, value: float) -> float:
        """The share of draws at or below this value."""
        return float(self.frozen().cdf(value))

    def _fields(self) -> dict[str, Any]:
        return {"name": self.name, "args": list(self.args), "kwds": dict(self.kwds)}


_KINDS: dict[type, str] = {
    Choice: "choice",
    RandInt: "randint",
    Uniform: "uniform",
    LogUniform: "loguniform",
    Scipy: "scipy",
}


def choice(options: Any) -> Choice:
    """One of these values; a plain list means the same."""
    return Choice(tuple(_listed("choice", options)))


def randint(low: int, high: int, log: bool = False) -> RandInt:
    """Whole numbers from `low` up to and *without* `high`, as in `scipy.stats.randint` and in the lesson.

    `log=True` makes each factor of ten as likely as the next (for units or batch sizes).
    """
    return RandInt(low, high, bool(log))


def uniform(low: float, high: float) -> Uniform:
    """Real numbers from `low` to `high`. (`scipy.stats.uniform(loc, scale)` counts differently; it is accepted as well.)"""
    return Uniform(low, high)


def loguniform(low: float, high: float) -> LogUniform:
    """Real numbers from `low` to `high`, evenly on a logarithmic scale; the usual choice for learning rates."""
    return LogUniform(low, high)


def axis_of(name: str, values: Any) -> Axis:
    """An Axis from what people write: an axis, a list of values, or a frozen distribution of scipy.stats."""
    if isinstance(values, Axis):
        return values
    if hasattr(values, "rvs") and hasattr(values, "dist"):
        return _from_scipy(name, values)
    return Choice(tuple(_listed(name, values)))


def _listed(name: str, values: Any) -> list[Any]:
    if isinstance(values, (str, bytes, Mapping, set)) or not hasattr(values, "__len__") or not hasattr(values, "__getitem__"):
        raise SettingsError(
            f"{name} is {values!r}, but a search needs several values to choose from.",
            kind="not_a_range",
            remedy=f"Give a list such as {name}=[...], or a range such as tc.randint(2, 16) or tc.loguniform(1e-4, 1).",
        )
    found = values.tolist() if hasattr(values, "tolist") else list(values)
    if not found:
        raise SettingsError(f"{name} has no values to try.", kind="empty_range", remedy="Give at least one value.")
    return found


def _from_scipy(name: str, frozen: Any) -> Axis:
    args, kwds = tuple(frozen.args), dict(frozen.kwds)
    family = frozen.dist.name
    if family == "randint" and len(args) == 2 and not kwds:
        return RandInt(*args)
    if family == "uniform" and not kwds and len(args) <= 2:
        loc = args[0] if args else 0.0
        scale = args[1] if len(args) == 2 else 1.0
        return Uniform(loc, loc + scale)
    if family in ("loguniform", "reciprocal") and len(args) == 2 and not kwds:
        return LogUniform(*args)
    if not all(_finite(v) for v in (*args, *kwds.values())):
        raise _bad(
            name, family, (*args, *kwds.values()), "its parameters must be numbers", "Use a distribution with plain numbers."
        )
    axis = Scipy(family, tuple(_item(v) for v in args), tuple((k, _item(v)) for k, v in sorted(kwds.items())))
    axis.frozen()
    return axis


def axis_from_json(values: Mapping[str, Any]) -> Axis:
    """The axis that `Axis.to_json` wrote."""
    kinds = {word: cls for cls, word in _KINDS.items()}
    cls = kinds.get(values.get("kind", ""))
    if cls is None:
        raise SettingsError(
            f"A range has the kind {values.get('kind')!r}.", kind="unknown_choice", remedy=f"The kinds are {', '.join(kinds)}."
        )
    fields = {key: value for key, value in values.items() if key not in ("kind", "when")}
    try:
        if cls is Choice:
            axis: Axis = choice(fields.pop("options", ()))
        elif cls is Scipy:
            kwds = tuple(sorted(dict(fields.pop("kwds", {})).items()))
            axis = Scipy(fields.pop("name", ""), tuple(fields.pop("args", ())), kwds)
            axis.frozen()
        else:
            axis, fields = cls(**fields), {}
    except TypeError as error:
        raise SettingsError(
            f"A {values['kind']} range is badly written: {error}.", kind="bad_range", remedy="Build it again."
        ) from error
    return axis.when(**values["when"]) if values.get("when") else axis


def to_plain(value: Any) -> Any:
    """A choice as JSON has it: objects by their `to_json`, tuples as lists, numpy scalars as Python's."""
    if hasattr(value, "to_json"):
        return value.to_json()
    if isinstance(value, tuple):
        return [to_plain(v) for v in value]
    return _item(value)


def _item(value: Any) -> Any:
    return value.item() if isinstance(value, (np.generic, np.ndarray)) else value


def _finite(value: Any) -> bool:
    return isinstance(value, (int, float, np.number)) and math.isfinite(value)


def _check_span(axis: Any, name: str) -> None:
    for end in ("low", "high"):
        value = getattr(axis, end)
        if isinstance(value, bool) or not _finite(value):
            raise _bad(name, end, value, "it must be a finite number", "Give two numbers, low and high.")
        object.__setattr__(axis, end, float(value))
    if axis.low >= axis.high:
        raise SettingsError(
            f"{name}({axis.low:g}, {axis.high:g}) is empty: low must be below high.",
            kind="empty_range",
            remedy="Swap the two numbers, or give a list with the one value.",
        )


def _bad(what: str, name: str, value: Any, rule: str, remedy: str) -> SettingsError:
    return SettingsError(f"{what}: {name} is {value!r}, but {rule}.", kind="out_of_range", remedy=remedy)
