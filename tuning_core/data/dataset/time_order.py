"""When each row happened: a column of dates or numbers, and the order that follows from it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tuning_core.data.dataset.targets import as_numbers
from tuning_core.data.inference.date_column import DATE_NAME
from tuning_core.data.inference.dates import read_dates
from tuning_core.errors import DatasetError


def time_values(values: pd.Series, name: str) -> np.ndarray:
    """(rows,) float64 that rises with time, NaN where a cell is empty; DatasetError for words."""
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        seconds = (pd.to_datetime(values, utc=True) - pd.Timestamp("2000-01-01", tz="UTC")) / pd.Timedelta(seconds=1)
        return seconds.to_numpy(dtype=np.float64)
    if pd.api.types.is_numeric_dtype(values.dtype) and not pd.api.types.is_bool_dtype(values.dtype):
        return as_numbers(values)
    present = values.dropna()
    read = _read(present, name) if len(present) else None
    if read is not None:
        found = pd.Series(np.nan, index=values.index)
        found[present.index] = read
        return found.to_numpy(dtype=np.float64)
    shown = str(present.iloc[0])[:40] if len(present) else ""
    raise DatasetError(
        f"The time column {name!r} holds {shown!r}; rows are put in order by dates or numbers.",
        kind="no_time_column",
        remedy="Choose a column of dates or numbers, or the file order; in a DataFrame, convert words with pandas.to_datetime.",
        column=name,
    )


def _read(cells: pd.Series, name: str) -> np.ndarray | None:
    """Words of a frame that was never a file, as the reader would take them: dates or numbers in each cell, or None."""
    words = cells.astype(str).str.strip()
    numbers = pd.to_numeric(words, errors="coerce")
    if not numbers.isna().any():
        return numbers.to_numpy(dtype=np.float64)
    distinct, codes = np.unique(words.to_numpy(dtype=object), return_inverse=True)
    dates = read_dates(distinct.tolist(), np.bincount(codes), None, False, bool(DATE_NAME.search(name)))
    if dates is None or not dates.ok.all() or dates.ambiguous:
        return None
    return dates.values[codes].astype("datetime64[us]").astype(np.float64) / 1e6


def time_rank(times: np.ndarray) -> np.ndarray:
    """(rows,) int64: the place of each row in time; rows of one moment keep their order in the file."""
    rank = np.empty(len(times), dtype=np.int64)
    rank[np.argsort(times, kind="stable")] = np.arange(len(times))
    return rank
