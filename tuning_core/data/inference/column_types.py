"""Text cells of one column to typed values; plain numbers and ISO dates, which most columns are, in one stroke."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from tuning_core.data.inference.date_column import DATE_NAME
from tuning_core.data.inference.mixed_column import ColumnInference
from tuning_core.data.inference.typed_column import WHOLE, ColumnNotice, Context, Typed, to_series

PROBE = 500


def type_column(cells: pa.ChunkedArray, name: str, context: Context) -> Typed:
    """Type one column of text cells, none of them null."""
    if name in context.options.as_text:
        return _with_missing_notice(_as_text(cells, context))
    fast = None if context.options.markers_of(name) else _fast_number(cells, context) or _fast_date(cells, context)
    if fast is not None and not _may_be_packed_dates(fast, name):
        return _with_missing_notice(fast)
    return ColumnInference(cells.combine_chunks(), name, context).typed()


def _may_be_packed_dates(typed: Typed, name: str) -> bool:
    """Whole numbers such as 20240131 in a column whose name speaks of dates."""
    if typed.kind != "integer" or not DATE_NAME.search(name):
        return False
    return bool(np.nanmin(typed.values) >= 1900_01_01 and np.nanmax(typed.values) <= 2100_12_31)


def _as_text(cells: pa.ChunkedArray, context: Context) -> Typed:
    values = pc.if_else(pc.equal(cells, ""), None, cells)
    distinct = pc.count_distinct(values, mode="only_valid").as_py()
    return Typed(to_series(values), "text" if distinct > 20 else "categorical", values.null_count, distinct)


def _fast_number(cells: pa.ChunkedArray, context: Context) -> Typed | None:
    """Whole columns of plain integers or of decimals with a point, empty cells allowed; most columns end here."""
    options = context.options
    if options.decimal == "," or options.thousands:
        return None
    blank = None
    for dtype in (pa.int64(), pa.float64()):
        if dtype == pa.float64() and context.decimal_hint == ",":
            return None
        found = _cast(cells if blank is None else blank, dtype)
        if found is None and blank is None:
            blank = pc.if_else(pc.equal(cells, ""), pa.scalar(None, pa.string()), cells)
            if not 0 < blank.null_count < len(blank):
                blank = None
                continue
            found = _cast(blank, dtype)
        if found is not None:
            return _whole(found, cells) if dtype == pa.int64() else _decimal(found)
    return None


def _cast(cells: pa.ChunkedArray, dtype: pa.DataType) -> pa.ChunkedArray | None:
    """The cast column, or None; the first cells are tried alone because a failing cast of all is slow."""
    try:
        if len(cells) > 2 * PROBE:
            pc.cast(cells.slice(0, PROBE), dtype)
        return pc.cast(cells, dtype)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return None


def _whole(found: pa.ChunkedArray, cells: pa.ChunkedArray) -> Typed | None:
    """Integers; None when a leading zero says that they are codes."""
    present = np.asarray(found.drop_null())
    digits = np.searchsorted(10 ** np.arange(1, 19), np.abs(present), side="right") + 1
    if int(digits.sum()) + int((present < 0).sum()) != pc.sum(pc.binary_length(cells)).as_py():
        return None
    if np.abs(present).max(initial=0) >= WHOLE:
        return None  # more digits than float64 keeps: the slow way decides
    missing = found.null_count
    values = np.asarray(pc.cast(found, pa.float64())) if missing else np.asarray(found)
    return Typed(values, "integer", missing, len(pd.unique(present)))


def _decimal(found: pa.ChunkedArray) -> Typed | None:
    values = np.array(found, dtype=np.float64)
    if not max(np.fmax.reduce(values), -np.fmin.reduce(values)) < WHOLE:  # fmax passes over NaN
        return None  # infinite, or whole numbers with more digits than float64 keeps
    missing = int(np.isnan(values).sum())
    if missing > found.null_count:
        return None  # 'nan' spelled out: the slow way counts the markers
    if _hardly_repeats(values):
        return Typed(values, "numeric", missing, len(values) - missing, exact=False)
    return Typed(values, "numeric", missing, len(pd.unique(values)) - bool(missing))


def _hardly_repeats(values: np.ndarray) -> bool:
    """Whether a long column is so varied that counting its distinct values would only cost time."""
    if len(values) < 100_000:
        return False
    sample = values[:: len(values) // 20_000]
    present = len(sample) - int(pd.isna(sample).sum())
    return len(pd.unique(sample)) > 0.9 * present > 0


def _fast_date(cells: pa.ChunkedArray, context: Context) -> Typed | None:
    """Whole columns of ISO dates."""
    if not len(cells) or not re.match(r"\d{4}-\d{2}-\d{2}", cells[0].as_py()):
        return None
    found = _cast(cells, pa.timestamp("us"))
    if found is None:
        return None
    values = np.asarray(found).astype("datetime64[us]")
    distinct = len(pd.unique(values))
    if distinct < 2:
        return None
    return Typed(values, "datetime", 0, distinct, (ColumnNotice("date_column"),), {"dates": "ISO8601"})


def _with_missing_notice(fast: Typed) -> Typed:
    """A fast column's empty cells, said as those of a slow one."""
    if not fast.missing:
        return fast
    return replace(fast, notices=(*fast.notices, ColumnNotice("missing_values", "", fast.missing)))
