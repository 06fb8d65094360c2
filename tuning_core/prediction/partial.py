"""Partial effects: how a prediction moves with one column while the others stay as they are in the training rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from tuning_core.errors import DatasetError
from tuning_core.experiment import Trial
from tuning_core.prediction.fields import BOOLEAN, CATEGORY, DATE, Field
from tuning_core.prediction.model import Model


@dataclass(frozen=True, eq=False)
class PartialDependence:
    """One column's effect (Friedman 2001), with the lines of single rows (ICE; Goldstein et al. 2015).

    Attributes
    ----------
    column, kind : of the column that was moved; `kind` as in `Field`.
    values : its values, (points,): numbers, ISO dates, levels, or False and True.
    mean : (points, outputs): the prediction's mean over the rows; one output for a number or for the second of two classes,
        else one per class. `outputs` names them.
    curves : (rows, points, outputs): each row by itself.
    seen : (rows,) the column's own values in these rows, for a rug; what is rare here is extrapolation.
    """

    column: str
    kind: str
    values: tuple[Any, ...]
    outputs: tuple[str, ...]
    mean: np.ndarray
    curves: np.ndarray
    seen: tuple[Any, ...]


def partial_dependence(model: Model | Trial, column: str, points: int = 30, rows: int = 100) -> PartialDependence:
    """Move one column over its range in up to `rows` training rows.

    Numbers and dates move from the 1st to the 99th percentile of these rows, in `points` even steps (a whole number with few
    values takes each of them).
    """
    model = Model.from_trial(model) if isinstance(model, Trial) else model
    chosen = [field for field in model.fields if field.column == column]
    if not chosen:
        raise DatasetError(
            f"The model does not use a column named {column!r}.",
            kind="unknown_column",
            remedy=f"Choose one of {', '.join(repr(name) for name in model.columns[:12])}.",
            column=column,
        )
    base = model.background.iloc[:rows]
    grid = value_grid(base[column], chosen[0], points)
    stacked = pd.concat([base] * len(grid), ignore_index=True)  # (points * rows, columns), one grid value after the other
    stacked[column] = pd.Series(np.repeat(np.asarray(grid.array, dtype=object), len(base))).astype(base[column].dtype)
    found = model.predict(stacked)
    outputs = (model.target,) if model.task == "regression" else model.classes
    found = found.reshape(len(grid), len(base), -1)
    if model.task == "classification" and len(model.classes) == 2:
        found, outputs = found[:, :, 1:], outputs[1:]
    curves = found.transpose(1, 0, 2)
    return PartialDependence(
        column, chosen[0].kind, plain_values(grid), outputs, curves.mean(axis=0), curves, plain_values(base[column].dropna())
    )


def value_grid(values: pd.Series, field: Field, points: int) -> pd.Series:
    """Values to which a column is moved, of the column's own kind: its levels, or even steps over its range."""
    if field.kind == CATEGORY:
        present = values.dropna().unique()
        if field.numeric_labels:
            return pd.Series(np.sort(present))
        return pd.Series(list(field.levels), dtype=values.dtype)
    if field.kind == BOOLEAN:
        return pd.Series([False, True], dtype=values.dtype)
    present = values.dropna()
    if field.kind == DATE:
        low, high = present.quantile([0.01, 0.99])
        return pd.Series(pd.date_range(low, high, periods=points)).astype(values.dtype)
    low, high = np.quantile(present.to_numpy(dtype=np.float64), [0.01, 0.99]) if len(present) else (field.low, field.high)
    if field.whole:
        steps = np.unique(np.round(np.linspace(low, high, points)))
        return pd.Series(steps).astype(values.dtype)
    return pd.Series(np.linspace(low, high, points))


def plain_values(values: pd.Series) -> tuple[Any, ...]:
    """Numbers, words, True and False; dates as ISO text."""
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        return tuple(value.isoformat() for value in values)
    return tuple(value.item() if hasattr(value, "item") else value for value in values)
