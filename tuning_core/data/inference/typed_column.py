"""What is known about a typed column: its values, its kind, and notices about what was done to it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pyarrow as pa

from tuning_core.data.reading.options import ReadOptions

WHOLE = 2**53
"""Whole numbers below this are exact in float64."""

SCRIPT_WORDS = 100
"""Cells of a column that an exported script names one by one."""


@dataclass(frozen=True)
class Context:
    """What all columns of one file share."""

    options: ReadOptions = field(default_factory=ReadOptions)
    delimiter: str = ","
    decimal_hint: str | None = None


@dataclass(frozen=True)
class ColumnNotice:
    """One thing that happened in one column; those of a kind become one `Notice` about the table.

    `asked` are numbers that look like markers for missing and are asked about, as a person would write them.
    """

    kind: str
    detail: str = ""
    count: int = 0
    asked: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Typed:
    """A typed column: `values` (float64, int64, datetime64[us], pandas boolean, or text with missing as None).

    `distinct` is an estimate where `exact` is false: in long columns of decimals, where counting would cost the most.
    `top` is how often the commonest label occurs, 0 where that was not counted.
    `reason` says why the column is left out, where its kind alone does not.
    """

    values: pd.Series | np.ndarray
    kind: str
    missing: int
    distinct: int
    notices: tuple[ColumnNotice, ...] = ()
    repairs: dict[str, object] = field(default_factory=dict)
    exact: bool = True
    top: int = 0
    reason: str = ""


@dataclass(frozen=True)
class OtherKind:
    """A column is not of the kind that was tried; `notices` are worth saying all the same when it turns out to hold labels.

    `is_id` says that it can be nothing but an id.
    """

    notices: tuple[ColumnNotice, ...] = ()
    is_id: bool = False


def to_series(values: pa.Array) -> pd.Series:
    """pandas text; missing is NaN."""
    return pd.Series(values.to_pandas(types_mapper=None)).astype("str")
