"""Axes from what people write: `tc.choice`, `tc.randint`, lists, distributions of scipy.stats, and JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tuning_core.errors import SettingsError
from tuning_core.experiment.axes import (
    KINDS,
    Axis,
    Choice,
    LogUniform,
    RandInt,
    Scipy,
    Uniform,
    bad_range,
    is_finite,
    plain_number,
)


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
    if not all(is_finite(v) for v in (*args, *kwds.values())):
        raise bad_range(
            name, family, (*args, *kwds.values()), "its parameters must be numbers", "Use a distribution with plain numbers."
        )
    axis = Scipy(family, tuple(plain_number(v) for v in args), tuple((k, plain_number(v)) for k, v in sorted(kwds.items())))
    axis.frozen()
    return axis


def axis_from_json(values: Mapping[str, Any]) -> Axis:
    """The axis that `Axis.to_json` wrote."""
    kinds = {word: cls for cls, word in KINDS.items()}
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
