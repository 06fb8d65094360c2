"""Frames that are clean already, to Tables."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from tuning_core.data.notices import Notice
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


def table_from_text_frame(frame: pd.DataFrame, name: str, sha: str, notices: list[Notice], reading: dict[str, Any]) -> Table:
    out, columns = {}, []
    for column in frame.columns:
        cells = frame[column].str.strip()
        cells = cells.mask(cells.isin(["", "NA", "NaN", "nan", "null", "?", "None"]))
        numbers = pd.to_numeric(cells, errors="coerce")
        if cells.notna().any() and numbers.notna().sum() == cells.notna().sum():
            cells = numbers
        kind = _kind(cells)
        lowered = {str(cell).lower() for cell in cells.dropna().unique()} if kind == "categorical" else set()
        if lowered and lowered <= {"yes", "no", "true", "false"}:
            kind = "boolean"
        out[column] = cells
        columns.append(Column(str(column), kind, int(cells.isna().sum()), int(cells.nunique()), source=str(column)))
    return Table(pd.DataFrame(out), tuple(columns), tuple(notices), name, sha, reading)
