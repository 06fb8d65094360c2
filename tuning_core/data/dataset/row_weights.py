"""How much each row counts: a column of the table, checked."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tuning_core.data.dataset.targets import as_numbers
from tuning_core.errors import DatasetError


def read_weights(values: pd.Series, name: str) -> np.ndarray:
    """(rows,) float64, all finite, none below 0 and not all 0; DatasetError otherwise.

    A row of weight 2 counts like two rows, one of weight 0 like none.
    """
    weights = np.full(len(values), np.nan) if pd.api.types.is_datetime64_any_dtype(values.dtype) else as_numbers(values)
    bad = np.flatnonzero(~(weights >= 0))
    if len(bad):
        cell = values.iloc[bad[0]]
        shown = "an empty cell" if pd.isna(cell) else repr(str(cell)[:40])
        raise DatasetError(
            f"The weight column {name!r} holds {shown} in row {bad[0] + 1:,} of those with a target "
            f"({len(bad):,} such in all); a weight is a finite number, 0 or more.",
            kind="bad_weight",
            remedy="Correct these cells (0 leaves a row out), or choose another weight column.",
            column=name,
        )
    if not weights.any():
        raise DatasetError(
            f"The weight column {name!r} is 0 in every row, so no row counts.",
            kind="bad_weight",
            remedy="Choose another weight column, or none.",
            column=name,
        )
    return weights
