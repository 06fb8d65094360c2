"""The refusal of a run that would take absurdly long, with what would make it fit.

A run of given settings fits with fewer epochs, smaller layers or larger batches; a search with fewer settings or a time budget.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from tuning_core.charts.style import duration
from tuning_core.engine.runs.machine_speed import MachineSpeed
from tuning_core.engine.runs.run_duration import given, run_duration
from tuning_core.errors import UserError
from tuning_core.experiment import SearchSpace
from tuning_core.experiment.hyperparameters import MAX_EPOCHS, MAX_UNITS
from tuning_core.training.row_splits import FoldPlan


class TooLong(UserError):
    """A run beyond the server's limit; `ways` are changes of its settings that make it fit, one of which is enough."""

    ways: tuple[dict[str, Any], ...] = ()


def check_duration(
    kind: str, spec: Mapping[str, Any], folds: FoldPlan, speed: MachineSpeed, workers: int, minutes: float
) -> None:
    """TooLong where a run is modelled to take more than so many minutes; the arguments are those of `run_duration`."""
    seconds = run_duration(kind, spec, folds, speed, workers).seconds
    share = 60.0 * minutes / seconds
    if share >= 1.0:
        return
    if kind == "search":
        raise too_long_search(SearchSpace.from_json(spec["space"]), seconds, minutes)

    def fits(changed: Mapping[str, Any]) -> bool:
        return run_duration(kind, changed, folds, speed, workers).seconds <= 60.0 * minutes

    ways = tuple(_ways_of_settings(spec, folds.facts[0].n_train, share, fits))
    raise _too_long("run", seconds, minutes, _listed(ways) or "Take fewer epochs, smaller layers and larger batches.", ways)


def too_long_search(space: SearchSpace, seconds: float, minutes: float) -> TooLong:
    """The refusal of a search that is modelled to take so many seconds."""
    ways, fewer = f"Give it a time budget of {minutes:g} minutes or less", math.floor(space.n_settings * 60.0 * minutes / seconds)
    return _too_long("search", seconds, minutes, f"{ways}, or about {fewer:,} settings." if fewer > 1 else f"{ways}.")


def _too_long(noun: str, seconds: float, minutes: float, words: str, ways: tuple[dict[str, Any], ...] = ()) -> TooLong:
    problem = TooLong(
        f"This {noun} would take about {duration(seconds)} here, but a {noun} may take {minutes:g} minutes at most.",
        kind="too_long",
        remedy=f"{words} Whoever runs the server may allow more with TUNESCOPE_RUN_MINUTES.",
    )
    problem.ways = ways
    return problem


def bounded(spec: Mapping[str, Any], *, epochs: int = MAX_EPOCHS, units: int = MAX_UNITS, least_batch: int = 1) -> dict[str, Any]:
    """The spec of a run with every setting's epochs and layers at most, and its batches at least, of this size."""
    changed = [
        hp.replace(
            epochs=min(hp.epochs, epochs),
            hidden_units=tuple(min(u, units) for u in hp.hidden_units),
            batch_size=max(hp.batch_size, least_batch),
        ).to_json()
        for hp in given(spec)
    ]
    return {**spec, "settings": changed} if spec.get("settings") else {**spec, "hyperparameters": changed[0]}


def _ways_of_settings(
    spec: Mapping[str, Any], n_train: int, share: float, fits: Callable[[Mapping[str, Any]], bool]
) -> Iterator[dict[str, Any]]:
    """The largest of each kind of change that fits by itself."""
    settings = given(spec)
    layers, batch = max((hp.hidden_units for hp in settings), key=sum), max(hp.batch_size for hp in settings)
    for epochs in _fewer(max(hp.epochs for hp in settings), share):
        if fits(bounded(spec, epochs=epochs)):
            yield {"epochs": epochs}
            break
    units = max(layers, default=1)
    while units > 1:
        units //= 2
        if fits(bounded(spec, units=units)):
            yield {"hidden_units": [min(u, units) for u in layers]}
            break
    while batch < n_train:
        batch = min(2 * batch, n_train)
        if fits(bounded(spec, least_batch=batch)):
            yield {"batch_size": batch}
            break


def _fewer(epochs: int, share: float) -> Iterator[int]:
    """Numbers of epochs below this share, of two digits, the largest first; a few are enough."""
    n = max(1, math.floor(epochs * share))
    while n >= 1:
        step = 10 ** max(0, len(str(n)) - 2)
        yield n // step * step
        n = n // 2


def _listed(ways: Iterable[Mapping[str, Any]]) -> str:
    words = []
    for way in ways:
        if "epochs" in way:
            words.append(f"{way['epochs']:,} epochs")
        elif "hidden_units" in way:
            words.append(f"layers of {', '.join(f'{u:,}' for u in way['hidden_units'])} units")
        else:
            words.append(f"batches of {way['batch_size']:,} rows")
    if not words:
        return ""
    return f"It fits with {words[0] if len(words) == 1 else ', '.join(words[:-1]) + ' or ' + words[-1]}."
