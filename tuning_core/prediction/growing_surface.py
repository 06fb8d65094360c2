"""The prediction over two numeric columns while a network learns: the same cut through the space of rows at several epochs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tuning_core.errors import DatasetError
from tuning_core.prediction.fields import NUMBER, Field
from tuning_core.prediction.model import Model
from tuning_core.prediction.rows import type_rows
from tuning_core.training.scoring import forward, probabilities

POINTS = 40  # of the grid, each way
MARGIN = 0.03  # of the range, at each end: rows at the edge are seen whole
STEPS = 9  # at which a column's influence is looked at
MOST_COLUMNS = 200  # that are compared

Weights = tuple[np.ndarray, ...]


@dataclass(frozen=True, eq=False)
class GrowingSurface:
    """Predictions where two columns move and all others have their median or commonest value.

    Attributes
    ----------
    columns : across and up.
    values : of the grid, (across,) and (up,), from about the 1st to the 99th percentile of training rows.
    predicted : (networks, up, across), in the target's own units, or shares of one class.
    """

    columns: tuple[str, str]
    values: tuple[np.ndarray, np.ndarray]
    predicted: np.ndarray


def numeric_columns(model: Model) -> list[str]:
    """Numeric columns of the model (the first 200), those that move its prediction of a typical row most first.

    DatasetError where there are fewer than two with different values.
    """
    ranges = {field.column: _range(model, field) for field in model.fields if field.kind == NUMBER}
    moving = [column for column, (low, high) in ranges.items() if low < high][:MOST_COLUMNS]
    if len(moving) < 2:
        raise DatasetError(
            f"The surface needs two numeric columns, but the model uses {'one' if moving else 'none'}.",
            kind="too_few_columns",
            remedy="The page Predict draws the prediction over columns of any kind.",
        )
    rows = _typical(model, STEPS * len(moving))
    for i, column in enumerate(moving):
        rows.loc[i * STEPS : (i + 1) * STEPS - 1, column] = np.linspace(*ranges[column], STEPS)
    found = outputs_of(model, model.weights, model.preparation.transform(rows)).reshape(len(moving), STEPS, -1)
    swing = np.ptp(found, axis=1).max(axis=1)
    return [moving[i] for i in np.argsort(-swing, kind="stable")]


def growing_surface(model: Model, networks: Sequence[Weights], columns: tuple[str, str], output: int = 0) -> GrowingSurface:
    """The surface of each network; `output` is the class whose share is predicted.

    DatasetError for columns that are equal or are no numbers of the model.
    """
    fields = {field.column: field for field in model.fields if field.kind == NUMBER}
    wrong = next((column for column in columns if column not in fields), None)
    if wrong is not None or columns[0] == columns[1]:
        raise DatasetError(
            f"The model has no two numeric columns {columns[0]!r} and {columns[1]!r}.",
            kind="unknown_column",
            remedy=f"Choose two of {', '.join(repr(name) for name in list(fields)[:12])}.",
            column=wrong or columns[0],
        )
    x, y = (_grid(*_range(model, fields[column])) for column in columns)
    rows = _typical(model, POINTS * POINTS)
    rows[columns[0]], rows[columns[1]] = np.tile(x, POINTS), np.repeat(y, POINTS)
    features = model.preparation.transform(rows)
    grids = [outputs_of(model, weights, features)[:, output].reshape(POINTS, POINTS) for weights in networks]
    return GrowingSurface(columns, (x, y), np.stack(grids))


def outputs_of(model: Model, weights: Weights, features: np.ndarray) -> np.ndarray:
    """(rows, 1) in the target's own units, or shares (rows, classes), of prepared rows."""
    with np.errstate(all="ignore"):
        outputs = forward(weights, features, model.activation)
        if model.task == "classification":
            return probabilities(outputs)
        return model.preparation.inverse_transform_target(outputs[:, 0])[:, None]


def _grid(low: float, high: float) -> np.ndarray:
    return np.linspace(low - MARGIN * (high - low), high + MARGIN * (high - low), POINTS)


def _range(model: Model, field: Field) -> tuple[float, float]:
    """Of most training rows, so that one outlier does not press all others together."""
    seen = model.background[field.column].dropna().to_numpy(dtype=np.float64)
    low, high = np.quantile(seen, [0.01, 0.99]) if len(seen) else (0.0, 0.0)
    return (low, high) if low < high else (float(field.low), float(field.high))


def _typical(model: Model, n: int) -> pd.DataFrame:
    """The typical row n times; its numbers as floats."""
    row, _ = type_rows(pd.DataFrame([{field.column: field.typical for field in model.fields}]), model.fields, model.target)
    rows = row.iloc[np.zeros(n, dtype=int)].reset_index(drop=True)
    numbers = [field.column for field in model.fields if field.kind == NUMBER]
    return rows.astype(dict.fromkeys(numbers, np.float64))
