"""Axes: the values that one setting may take in a search. Frozen, JSON both ways."""

from __future__ import annotations

import math
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
        values = {"kind": KINDS[type(self)], **self._fields()}
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
            if isinstance(value, bool) or not is_finite(value) or int(value) != value:
                raise bad_range(
                    "randint", name, value, "it must be a whole number", "Give whole numbers, for example randint(2, 16)."
                )
            object.__setattr__(self, name, int(value))
        if self.low >= self.high:
            raise SettingsError(
                f"randint({self.low}, {self.high}) holds no whole number: the end {self.high} is not part of it.",
                kind="empty_range",
                remedy=f"Give a high above low, for example randint({self.low}, {self.low + 8}).",
            )
        if self.log and self.low < 1:
            raise bad_range(
                "randint", "low", self.low, "a logarithmic range must start at 1 or above", "Give a low of at least 1."
            )

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
class RealRange(Axis):
    """Real numbers from low to high."""

    low: float = 0.0
    high: float = 1.0

    @property
    def is_continuous(self) -> bool:
        return True

    def rvs(self, random_state: Any = None) -> float:
        return self.ppf(random_state.uniform())

    def probes(self) -> tuple[float, ...]:
        return (self.low, self.high)

    def contains(self, value: Any) -> bool:
        return is_finite(value) and self.low <= value <= self.high

    def _fields(self) -> dict[str, Any]:
        return {"low": self.low, "high": self.high}


@dataclass(frozen=True)
class Uniform(RealRange):
    """Real numbers from low to high, all equally likely."""

    def __post_init__(self) -> None:
        _check_span(self, "uniform")

    def ppf(self, u: float) -> float:
        return min(self.low + u * (self.high - self.low), self.high)


@dataclass(frozen=True)
class LogUniform(RealRange):
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

    def ppf(self, u: float) -> float:
        value = math.exp(math.log(self.low) + u * (math.log(self.high) - math.log(self.low)))
        return min(max(value, self.low), self.high)


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
        return plain_number(self.frozen().rvs(random_state=random_state))

    def ppf(self, u: float) -> Any:
        return plain_number(self.frozen().ppf(max(u, 1e-9)))  # ppf(0) is -inf, or one below the first value, for many families

    def probes(self) -> tuple[Any, ...]:
        return (self.ppf(0.0), self.ppf(1 - 1e-9))

    def contains(self, value: Any) -> bool:
        return is_finite(value) and bool(self.frozen().support()[0] <= value <= self.frozen().support()[1])

    def cdf(self, value: float) -> float:
        """The share of draws at or below this value."""
        return float(self.frozen().cdf(value))

    def _fields(self) -> dict[str, Any]:
        return {"name": self.name, "args": list(self.args), "kwds": dict(self.kwds)}


KINDS: dict[type, str] = {
    Choice: "choice",
    RandInt: "randint",
    Uniform: "uniform",
    LogUniform: "loguniform",
    Scipy: "scipy",
}


def to_plain(value: Any) -> Any:
    """A choice as JSON has it: objects by their `to_json`, tuples as lists, numpy scalars as Python's."""
    if hasattr(value, "to_json"):
        return value.to_json()
    if isinstance(value, tuple):
        return [to_plain(v) for v in value]
    return plain_number(value)


def plain_number(value: Any) -> Any:
    return value.item() if isinstance(value, (np.generic, np.ndarray)) else value


def is_finite(value: Any) -> bool:
    return isinstance(value, (int, float, np.number)) and math.isfinite(value)


def _check_span(axis: Any, name: str) -> None:
    for end in ("low", "high"):
        value = getattr(axis, end)
        if isinstance(value, bool) or not is_finite(value):
            raise bad_range(name, end, value, "it must be a finite number", "Give two numbers, low and high.")
        object.__setattr__(axis, end, float(value))
    if axis.low >= axis.high:
        raise SettingsError(
            f"{name}({axis.low:g}, {axis.high:g}) is empty: low must be below high.",
            kind="empty_range",
            remedy="Swap the two numbers, or give a list with the one value.",
        )


def bad_range(what: str, name: str, value: Any, rule: str, remedy: str) -> SettingsError:
    return SettingsError(f"{what}: {name} is {value!r}, but {rule}.", kind="out_of_range", remedy=remedy)
