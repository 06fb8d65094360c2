"""Fields: the columns that a model asks for and what its training rows held; forms show them, new rows are checked by them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from tuning_core.data import Dataset, Preparation
from tuning_core.data.dataset.feature_encoding import Levels, Number
from tuning_core.data.dataset.targets import as_labels, as_numbers

NUMBER, BOOLEAN, DATE, CATEGORY = "number", "boolean", "date", "category"


@dataclass(frozen=True)
class Field:
    """One raw column of the model, as the training rows have it.

    Attributes
    ----------
    kind : "number", "boolean", "date" or "category".
    low, high : smallest and largest value: numbers, or ISO dates; None for the other kinds.
    typical : the median, the commonest level or value, or the middle date; None when all are missing.
    levels : of a category, those that have a feature of their own.
    whole : numbers without a fraction only.
    numeric_labels : the levels are numbers, so that "1.0" is the level "1".
    decimal : decimal sign of the column in the file that the model was trained on.
    day_first : whether the file wrote days before months; None where its dates left no doubt.
    year_first : whether its dates of two-digit numbers began with the year.
    first_year : the hundred years in which its two-digit years lie begin here; None when it had none.
    """

    column: str
    kind: str
    low: Any = None
    high: Any = None
    typical: Any = None
    levels: tuple[str, ...] = ()
    whole: bool = False
    numeric_labels: bool = False
    decimal: str = "."
    day_first: bool | None = None
    year_first: bool = False
    first_year: int | None = None

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "levels": list(self.levels)}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Field:
        return cls(**{**values, "levels": tuple(values["levels"])})


def fields_of(dataset: Dataset, preparation: Preparation, rows: np.ndarray) -> tuple[Field, ...]:
    """One for each raw column that the preparation uses, described by these rows."""
    repairs = dataset.table.reading.get("repairs", {})
    first = {block.column: block for block in reversed(preparation.blocks)}
    return tuple(
        _field(dataset.frame[column].iloc[rows], first[column], repairs.get(column, {})) for column in preparation.columns
    )


def _field(values: pd.Series, block: Number | Levels, repairs: Mapping[str, Any]) -> Field:
    column = block.column
    if isinstance(block, Levels):
        labels = as_labels(values).dropna()
        typical = str(labels.value_counts().index[0]) if len(labels) else None
        numeric = pd.api.types.is_numeric_dtype(values.dtype) and not pd.api.types.is_bool_dtype(values.dtype)
        return Field(column, CATEGORY, typical=typical, levels=block.levels, numeric_labels=numeric)
    if block.part == "flag":
        return Field(column, BOOLEAN, typical=block.median > 0.5)
    if block.part:
        dates = pd.to_datetime(values, errors="coerce", utc=True).dropna().sort_values()
        low, middle, high = (dates.iloc[at].isoformat()[:19] for at in (0, len(dates) // 2, -1))
        order, first = repairs.get("dates"), repairs.get("first_year")
        day_first = True if order == "day first" else None
        return Field(column, DATE, low, high, middle, day_first=day_first, year_first=order == "year first", first_year=first)
    numbers = as_numbers(values)
    numbers = numbers[~np.isnan(numbers)]
    whole = bool(len(numbers)) and bool((numbers == np.floor(numbers)).all())
    low, high = (float(numbers.min()), float(numbers.max())) if len(numbers) else (0.0, 0.0)
    return Field(column, NUMBER, low, high, block.median, whole=whole, decimal=str(repairs.get("decimal", ".")))
