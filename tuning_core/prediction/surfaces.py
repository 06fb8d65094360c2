"""The prediction over two columns at once: what the model has learned of them, as a surface."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from tuning_core.errors import DatasetError
from tuning_core.prediction.fields import Field
from tuning_core.prediction.model import Model
from tuning_core.prediction.partial import plain_values, value_grid


@dataclass(frozen=True, eq=False)
class Surface:
    """The mean prediction over rows, at each pair of values of two columns (two-way partial dependence; Friedman 2001).

    Attributes
    ----------
    columns, kinds : of the two columns, across and up; kinds as in `Field`.
    values : their values, (across,) and (up,): numbers, ISO dates, levels, or False and True.
    mean : (up, across, outputs), in the target's own units or as shares; `outputs` names them as in `PartialDependence`.
    seen : the rows' own values of both columns, for dots; what lies far from all of them is extrapolation.
    """

    columns: tuple[str, str]
    kinds: tuple[str, str]
    values: tuple[tuple[Any, ...], tuple[Any, ...]]
    outputs: tuple[str, ...]
    mean: np.ndarray
    seen: tuple[tuple[Any, ...], tuple[Any, ...]]


def surface(model: Model, across: str, up: str, points: int = 24, rows: int = 50) -> Surface:
    """Move two columns over their ranges in up to `rows` training rows; DatasetError for a column that the model does not use."""
    fields = {field.column: field for field in model.fields}
    for column in (across, up):
        if column not in fields:
            raise DatasetError(
                f"The model does not use a column named {column!r}.",
                kind="unknown_column",
                remedy=f"Choose one of {', '.join(repr(name) for name in model.columns[:12])}.",
                column=column,
            )
    if across == up:
        raise DatasetError(
            f"The column {across!r} is named twice.", kind="same_column", remedy="Choose another one up.", column=up
        )
    base = model.background.iloc[:rows]
    x, y = (_grid(model, fields[column], points) for column in (across, up))
    pairs = len(x) * len(y)
    stacked = pd.concat([base] * pairs, ignore_index=True)  # (up * across * rows, columns), all rows of a pair together
    for column, values in ((across, np.tile(_objects(x), len(y))), (up, np.repeat(_objects(y), len(x)))):
        stacked[column] = pd.Series(np.repeat(values, len(base))).astype(base[column].dtype)
    found = model.predict(stacked).reshape(len(y), len(x), len(base), -1)
    outputs = (model.target,) if model.task == "regression" else model.classes
    if model.task == "classification" and len(model.classes) == 2:
        found, outputs = found[..., 1:], outputs[1:]
    both = base[[across, up]].dropna()
    return Surface(
        (across, up),
        (fields[across].kind, fields[up].kind),
        (plain_values(x), plain_values(y)),
        outputs,
        found.mean(axis=2),
        (plain_values(both[across]), plain_values(both[up])),
    )


def _grid(model: Model, field: Field, points: int) -> pd.Series:
    return value_grid(model.background[field.column], field, points)


def _objects(values: pd.Series) -> np.ndarray:
    return np.asarray(values.array, dtype=object)
