"""What is known about a typed column: its values, its kind, and remarks about what was done to it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pyarrow as pa

from tuning_core.data.reading.options import ReadOptions


@dataclass(frozen=True)
class Context:
    """What all columns of one file share."""

    options: ReadOptions = field(default_factory=ReadOptions)
    delimiter: str = ","
    decimal_hint: str | None = None
    rows: int = 0
    width: int = 0


@dataclass(frozen=True)
class Remark:
    """One thing that happened in one column; the reader groups remarks of a kind into a notice.

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
    """

    values: pd.Series | np.ndarray
    kind: str
    missing: int
    distinct: int
    remarks: tuple[Remark, ...] = ()
    repairs: dict[str, object] = field(default_factory=dict)
    exact: bool = True
    top: int = 0


def to_series(values: pa.Array) -> pd.Series:
    """pandas text; missing is NaN."""
    return pd.Series(values.to_pandas(types_mapper=None)).astype("str")
