"""Frames that are clean already, to Tables."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tuning_core.data.table import Column, Table, frame_digest


def table_from_frame(frame: pd.DataFrame, name: str, kinds: dict[str, str]) -> Table:
    frame = frame.reset_index(drop=True)
    frame.columns = [str(column) for column in frame.columns]
    columns = []
    for at, column in enumerate(frame.columns):
        values = frame.iloc[:, at]
        kind = kinds.get(column) or _kind(values)
        if kind in ("categorical", "text", "id") and not pd.api.types.is_numeric_dtype(values.dtype):
            frame.isetitem(at, values.where(values.isna(), values.astype("str")).astype("str"))
        columns.append(Column(column, kind, int(values.isna().sum()), int(values.nunique()), source=column))
    return Table(frame, tuple(columns), (), name, frame_digest(frame), {"header": True})


def _kind(values: pd.Series) -> str:
    present = values.dropna()
    if not len(present):
        return "empty"
    if present.nunique() == 1:
        return "constant"
    if pd.api.types.is_bool_dtype(values.dtype):
        return "boolean"
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        return "datetime"
    if pd.api.types.is_numeric_dtype(values.dtype):
        return "integer" if (np.floor(present.astype(float)) == present.astype(float)).all() else "numeric"
    return "categorical"
