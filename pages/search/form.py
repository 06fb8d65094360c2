"""What the builder holds, as plain data, and the SearchSpace that it means. No widgets here.

An axis of the form is {"as": "values", "range" or "log", "values": text or list of names, "low", "high": text}: texts stay as
they were typed, so that a half-written one can be refused with a sentence and mended.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any

from pages.search.labels import axis_words
from tuning_core.errors import SettingsError
from tuning_core.experiment import CrossValidation, Hyperparameters, SearchSpace
from tuning_core.experiment.axes import Axis, Choice, LogUniform, RandInt, Uniform
from tuning_core.experiment.axis_rules import UNITS, WHOLE, checked_axes
from tuning_core.search_analysis.points import label
from tuning_core.search_strategies.default_ranges import NAMED, suggested_range, suggested_values

START_AXES = ("learning_rate", "batch_size", "dropout")
OWN_PROGRAM = ("batch_size", "layers", "units", *UNITS)  # each different value is compiled anew, so a few listed ones are faster
START_SETTINGS = 32
LESSON = {"batch_size": "10, 40", "epochs": "10, 50"}

Form = dict[str, Any]
AxisEntry = dict[str, Any]


def new_form(base: Hyperparameters) -> Form:
    """A quasi-random search over what matters most, around a setting."""
    return {
        "strategy": "quasi_random",
        "axes": {name: new_entry(name, base) for name in START_AXES},
        "n_iter": START_SETTINGS,
        "seconds": None,
        "cv": False,
        "folds": 5,
        "repeats": 1,
        "method": "auto",
        "seeds": 1,
        "include": [],
        "base": None,
        "score": None,
    }


def lesson_form(base: Hyperparameters) -> Form:
    """The lesson's grid: batch sizes 10 and 40 by 10 and 50 epochs, 64 units, five folds."""
    entries = {name: {**new_entry(name, base), "as": "values", "values": values} for name, values in LESSON.items()}
    own = base.replace(hidden_units=(64,), early_stopping=None, dropout=0.0)
    return new_form(base) | {"strategy": "grid", "axes": entries, "cv": True, "base": own.to_json()}


def form_of(spec: dict[str, Any]) -> Form:
    """The form that a search's spec came from."""
    space = SearchSpace.from_json(spec["space"])
    cv = CrossValidation.from_json(spec["cv"]) if spec["cv"] else None
    form = new_form(space.base)
    folds = {"folds": cv.folds, "repeats": cv.repeats, "method": cv.method} if cv else {}
    return form | folds | {
        "strategy": space.strategy,
        "axes": {name: {**new_entry(name, space.base), **entry_of(axis)} for name, axis in space.axes.items()},
        "n_iter": space.n_iter,
        "seconds": space.seconds,
        "cv": cv is not None,
        "seeds": len(spec["seeds"]),
        "include": [hp.to_json() for hp in space.include],
        "base": space.base.to_json(),
        "score": spec.get("score"),
    }  # fmt: skip


def new_entry(name: str, base: Hyperparameters) -> AxisEntry:
    """An axis with sensible values and a sensible range around a setting."""
    values = entry_of(suggested_values(name, base))
    if name in NAMED:
        return values
    entry = values | entry_of(suggested_range(name, base))
    return entry | {"as": "values"} if name in OWN_PROGRAM else entry


def entry_of(axis: Axis) -> AxisEntry:
    """An axis as the form has it."""
    if isinstance(axis, Choice):
        named = any(not isinstance(v, (int, float)) or isinstance(v, bool) for v in axis.options)
        return {"as": "values", "values": list(axis.options) if named else ", ".join(f"{v:g}" for v in axis.options)}
    low, high = axis.probes()
    log = isinstance(axis, LogUniform) or getattr(axis, "log", False)
    return {"as": "log" if log else "range", "low": f"{low:g}", "high": f"{high:g}"}


def axis_of_entry(name: str, entry: AxisEntry, base: Hyperparameters, *, listed: bool) -> Axis:
    """The axis that an entry means; SettingsError in the words of the control. `listed`: a grid takes values only."""
    if name in NAMED or listed or entry["as"] == "values":
        axis: Axis = Choice(tuple(entry["values"])) if name in NAMED and entry["values"] else _listed(name, entry["values"])
    else:
        axis = _range(name, entry)
    try:
        checked_axes({name: axis}, base)
    except SettingsError as problem:
        if problem.kind != "idle_axis":  # other axes may wake it: the whole space is checked for that
            raise
    return axis


def _listed(name: str, text: Any) -> Choice:
    found = [_number(name, word) for word in re.split(r"[,;\s]+", text.strip()) if word] if isinstance(text, str) else []
    if not found:
        raise SettingsError(
            f"{axis_words(name)} has no values to try.", kind="empty_range", remedy="Give at least one, or take the axis out."
        )
    return Choice(tuple(dict.fromkeys(found)))


def _range(name: str, entry: AxisEntry) -> Axis:
    low, high = _number(name, entry["low"]), _number(name, entry["high"])
    if not low < high:
        raise SettingsError(
            f"{axis_words(name)} from {label(low)} to {label(high)} is empty: the first number must be below the second.",
            kind="empty_range",
            remedy="Swap the two numbers, or give values instead of a range.",
        )
    log = entry["as"] == "log"
    if log and low <= 0:
        raise SettingsError(
            f"{axis_words(name)} from {label(low)} on a log scale: only numbers above 0 have a logarithm.",
            kind="log_of_zero",
            remedy="Start above 0, or choose a plain range.",
        )
    if name in WHOLE:
        return RandInt(low, high + 1, log)
    return LogUniform(low, high) if log else Uniform(low, high)


def _number(name: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise SettingsError(
            f"{axis_words(name)}: {text!r} is not a number.", kind="out_of_range", remedy="Write numbers such as 0.01 or 1e-3."
        ) from None
    if name not in WHOLE:
        return value
    if value != value or value in (float("inf"), float("-inf")) or int(value) != value:
        raise SettingsError(
            f"{axis_words(name)}: {text} is not a whole number.",
            kind="out_of_range",
            remedy="Write whole numbers such as 8, 16, 32.",
        )
    return int(value)


def space_of(form: Form, base: Hyperparameters) -> SearchSpace:
    """The space that the form means; SettingsError says what is wrong with it as a whole."""
    own = Hyperparameters.from_json(form["base"]) if form["base"] else base
    listed = form["strategy"] == "grid"
    axes = {name: axis_of_entry(name, entry, own, listed=listed) for name, entry in form["axes"].items()}
    if not axes and not form["include"]:
        raise SettingsError("There is no axis to search over.", kind="empty_range", remedy="Pick at least one under Axes.")
    if not listed and form["n_iter"] is None and (form["seconds"] is None or form["strategy"] == "halving"):
        raise SettingsError(
            "There is no limit to this search.",
            kind="out_of_range",
            remedy="Say how many settings to try, under Settings to try.",
        )
    budget = {} if listed else {"n_iter": form["n_iter"]}
    include = tuple(Hyperparameters.from_json(hp) for hp in form["include"])
    return SearchSpace(axes, own, form["strategy"], seconds=form["seconds"], include=include, **budget)


def has_mistaken_axis(form: Form, base: Hyperparameters) -> bool:
    """Whether an axis is marked as wrong at its own control."""
    try:
        for name, entry in form["axes"].items():
            axis_of_entry(name, entry, base, listed=form["strategy"] == "grid")
    except SettingsError:
        return True
    return False


def cv_of(form: Form) -> CrossValidation | None:
    """The cross-validation of the form; repeats draw the folds anew, so they shuffle."""
    if not form["cv"]:
        return None
    return CrossValidation(form["folds"], form["repeats"], form["method"], shuffle=form["repeats"] > 1)


def spec_of_form(form: Form, base: Hyperparameters) -> dict[str, Any]:
    """The spec of a search run; SettingsError."""
    cv = cv_of(form)
    return {
        "space": space_of(form, base).to_json(),
        "cv": cv.to_json() if cv else None,
        "seeds": list(range(form["seeds"])),
        "score": form["score"],
    }


def trainings(spec: dict[str, Any]) -> tuple[int, int]:
    """Settings, and trainings in all, that a spec plans at the most."""
    settings = _settings_in(json.dumps(spec["space"]))
    cv = CrossValidation.from_json(spec["cv"]) if spec["cv"] else None
    return settings, settings * len(spec["seeds"]) * (cv.n_divisions if cv else 1)


@lru_cache(maxsize=64)
def _settings_in(space_json: str) -> int:
    """Counting a grid makes every setting of it; a page asks at each rerun."""
    return SearchSpace.from_json(json.loads(space_json)).n_settings


def conditions(form: Form) -> list[str]:
    """Which axes are tried only beside others, in sentences."""
    axes, words = form["axes"], []
    for name in axes:
        if name.startswith("units_") and name != "units_1":
            words.append(f"Units of layer {name[6:]} are tried only where there are {name[6:]} hidden layers or more.")
        if name in ("momentum", "weight_decay") and "optimizer" in axes:
            words.append(f"{axis_words(name).capitalize()} is tried only with {'sgd' if name == 'momentum' else 'adamw'}.")
        if name in ("units", "dropout", "activation") and "layers" in axes:
            words.append(f"{axis_words(name).capitalize()} is tried only where there is a hidden layer.")
    return words
