"""Edges: where the best setting lies at an end of what was tried, and how to widen that axis."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tuning_core.experiment.axes import Axis, Choice, LogUniform, RandInt, RealRange, Uniform
from tuning_core.experiment.axis_rules import UNITS, WHOLE
from tuning_core.experiment.hyperparameters import MAX_EPOCHS, MAX_LAYERS, MAX_UNITS
from tuning_core.experiment.space import SearchSpace
from tuning_core.search_analysis.points import Point, coordinates, is_log, is_numeric, label, ranked

EDGE_SHARE = 0.05  # of a range counts as its edge


@dataclass(frozen=True)
class Edge:
    """The best setting lies at an end of an axis, so a better one may lie beyond.

    Attributes
    ----------
    side : "low" or "high".
    value : of the best setting.
    wider : the axis with more room on that side.
    """

    name: str
    side: str
    value: float
    wider: Axis
    message: str


def edges(points: Sequence[Point], space: SearchSpace) -> list[Edge]:
    """Axes whose best value is the last of the list, or within the outer 5 % of the range, and that could go on beyond."""
    good = [p for p in ranked(points) if p.has_score]
    if len(good) < 2:
        return []
    best, found = good[0], []
    for name, axis in space.axes.items():
        if name not in best.values or not is_numeric(axis) or not isinstance(axis, (Choice, RandInt, RealRange)):
            continue
        tried = coordinates(space, name, good)
        if len(np.unique(tried[~np.isnan(tried)])) < 2:
            continue
        for side in ("low", "high"):
            wider = _widened(axis, name, side) if _at_edge(axis, best.values[name], side) else None
            if wider is not None:
                end = label(wider.probes()[0 if side == "low" else -1])
                message = (
                    f"The best {name}, {label(best.values[name])}, is at the {side} end of what was tried. Widen it to {end}?"
                )
                found.append(Edge(name, side, best.values[name], wider, message))
    return found


def _at_edge(axis: Axis, value: float, side: str) -> bool:
    ends = sorted(axis.probes())
    low, high, at = float(ends[0]), float(ends[-1]), float(value)
    if isinstance(axis, Choice):
        return value == (ends[0] if side == "low" else ends[-1])
    if is_log(axis):
        low, high, at = math.log(low), math.log(high), math.log(at)
    margin = EDGE_SHARE * (high - low)
    return at <= low + margin if side == "low" else at >= high - margin


_LIMITS: dict[str, tuple[float, float]] = {
    "learning_rate": (1e-12, 100.0),
    "epochs": (1, MAX_EPOCHS),
    "patience": (0, MAX_EPOCHS),
    "start_from_epoch": (0, MAX_EPOCHS),
    "dropout": (0.0, 0.9),
    "momentum": (0.0, 0.99),
    "weight_decay": (0.0, 1.0),
    "l2": (0.0, 1e6),
    "layers": (0, MAX_LAYERS),
    "batch_size": (1, 1_000_000),
    **dict.fromkeys(("units", *UNITS), (1, MAX_UNITS)),
}


def _widened(axis: Axis, name: str, side: str) -> Axis | None:
    """The axis with one more step (a list), or half its length again (a range), within what the setting allows."""
    lowest, highest = _LIMITS.get(name, (-math.inf, math.inf))
    whole = name in WHOLE
    options = sorted(axis.probes())
    low, high = float(options[0]), float(options[-1])
    if isinstance(axis, Choice):
        neighbours = options[:2] if side == "low" else options[-2:]
        step, ratio = neighbours[1] - neighbours[0], neighbours[1] / neighbours[0] if neighbours[0] else math.inf
        by_factor = is_log(axis) or (len(options) == 2 and low > 0 and ratio >= 2)
        if side == "low":
            new = low / ratio if by_factor else low - step
        else:
            new = high * ratio if by_factor else high + step
        new = min(max(round(new) if whole else float(f"{new:.4g}"), lowest), highest)
        if new in options or (side == "low") != (new < low):
            return None
        return Choice((new, *options) if side == "low" else (*options, new), only_if=axis.only_if)
    if is_log(axis):
        factor = (high / low) ** 0.5
        new = low / factor if side == "low" else high * factor
    else:
        new = low - (high - low) / 2 if side == "low" else high + (high - low) / 2
    new = min(max(round(new) if whole else float(f"{new:.4g}"), lowest), highest)
    if (side == "low" and new >= low) or (side == "high" and new <= high):
        return None
    low, high = (new, high) if side == "low" else (low, new)
    if isinstance(axis, RandInt):
        return RandInt(int(low), int(high) + 1, axis.log, only_if=axis.only_if)
    return (LogUniform if isinstance(axis, LogUniform) else Uniform)(low, high, only_if=axis.only_if)
