"""When each row happened: a column of dates or numbers, and the order that follows from it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tuning_core.data.dataset.targets import as_numbers
from tuning_core.errors import DatasetError


def time_values(values: pd.Series, name: str) -> np.ndarray:
    """(rows,) float64 that rises with time, NaN where a cell is empty; DatasetError for words."""
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        seconds = (pd.to_datetime(values, utc=True) - pd.Timestamp("2000-01-01", tz="UTC")) / pd.Timedelta(seconds=1)
        return seconds.to_numpy(dtype=np.float64)
    if pd.api.types.is_numeric_dtype(values.dtype) and not pd.api.types.is_bool_dtype(values.dtype):
        return as_numbers(values)
    present = values.dropna()
    shown = str(present.iloc[0])[:40] if len(present) else ""
    raise DatasetError(
        f"The time column {name!r} holds {shown!r}; rows are put in order by dates or numbers.",
        kind="no_time_column",
        remedy="Choose a column of dates or numbers, or the file order.",
        column=name,
    )


def time_rank(times: np.ndarray) -> np.ndarray:
    """(rows,) int64: the place of each row in time; rows of one moment keep their order in the file."""
    rank = np.empty(len(times), dtype=np.int64)
    rank[np.argsort(times, kind="stable")] = np.arange(len(times))
    return rank
