"""The profile of a table: what a page shows of it without ever loading the frame. All values are JSON-able."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pandas as pd

from tuning_core.data.dataset.targets import as_labels
from tuning_core.data.table import Column, Table

PREVIEW_ROWS = 50
BINS = 20
TOP = 10
PREVIEW_CELL = 200


def profile(table: Table) -> dict[str, Any]:
    """Rows, columns (kind, role, missing share, range or top values, histogram), preview rows, notices, sha256."""
    frame = table.frame
    with ThreadPoolExecutor(2 if frame.size > 100_000 else 1) as pool:  # NumPy works without the interpreter lock
        columns = list(pool.map(_column, (frame.iloc[:, at] for at in range(frame.shape[1])), table.columns))
    return {
        "version": 1,
        "name": table.name,
        "sha256": table.sha256,
        "rows": len(frame),
        "columns": columns,
        "preview": _preview(frame.head(PREVIEW_ROWS)),
        "notices": [notice.to_json() for notice in table.notices],
        "reading": table.reading,
    }


def _preview(frame: pd.DataFrame) -> list[list[str]]:
    """Rows of cells as text, at most 200 characters each; missing cells are empty."""
    texts = [
        [("" if blank else shorten(_text(value))) for value, blank in zip(values, values.isna(), strict=True)]
        for _, values in frame.items()
    ]
    return [list(row) for row in zip(*texts, strict=True)]


def _text(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.10g}"
    if isinstance(value, pd.Timestamp):
        return value.isoformat(sep=" ").removesuffix(" 00:00:00")
    return str(value)


def shorten(text: str) -> str:
    return text if len(text) <= PREVIEW_CELL else text[: PREVIEW_CELL - 1] + "…"


def _column(values: pd.Series, column: Column) -> dict[str, Any]:
    rows = len(values)
    facts: dict[str, Any] = {
        "name": column.name,
        "kind": column.kind,
        "role": column.role,
        "reason": column.reason,
        "missing": column.missing,
        "missing_share": column.missing / rows if rows else 0.0,
        "distinct": column.distinct,
    }
    if column.kind == "empty":
        return facts
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        return facts | _dates(values)
    if pd.api.types.is_numeric_dtype(values.dtype) and values.dtype != "boolean" and values.dtype != bool:
        with np.errstate(over="ignore", invalid="ignore"):
            return facts | _numbers(values.to_numpy(dtype=np.float64))
    return facts | _levels(values)


def _numbers(numbers: np.ndarray) -> dict[str, Any]:
    low, high = float(np.fmin.reduce(numbers)), float(np.fmax.reduce(numbers))
    present = numbers if np.isfinite(numbers.sum()) else numbers[np.isfinite(numbers)]
    if not len(present):
        return {}
    if not (np.isfinite(low) and np.isfinite(high)):
        low, high = float(present.min()), float(present.max())
    mean = float(present.mean())
    counts, edges, places = _histogram(present, low, high)
    return {
        "min": low,
        "max": high,
        "mean": mean if np.isfinite(mean) else None,
        "median": _median(present, counts, places),
        "histogram": {"counts": counts.tolist(), "edges": edges},
    }


def _histogram(present: np.ndarray, low: float, high: float) -> tuple[np.ndarray, list[float], np.ndarray]:
    """(counts, edges, bin of each value). At most 20 bins; whole numbers with few values get a bin each.

    np.histogram does the same in thrice the time: it also settles the last bit of every edge. Bins too narrow for float64
    become one.
    """
    bins = BINS
    if high - low < BINS and np.array_equal(present, np.floor(present)):
        bins, low, high = int(high - low) + 1, low - 0.5, high + 0.5
    if not (low < high and np.isfinite(high - low) and np.isfinite(bins / (high - low))):
        return np.array([len(present)]), [low, high], np.zeros(len(present), dtype=np.int8)
    places = np.minimum(((present - low) * (bins / (high - low))).astype(np.int8), np.int8(bins - 1))
    return np.bincount(places, minlength=bins), [float(edge) for edge in np.linspace(low, high, bins + 1)], places


def _median(present: np.ndarray, counts: np.ndarray, places: np.ndarray) -> float:
    """The exact median; only the bin that holds it is sorted, if one does."""
    before = np.cumsum(counts) - counts
    lower, upper = (len(present) - 1) // 2, len(present) // 2
    at = int(np.searchsorted(np.cumsum(counts), lower, side="right"))
    if upper >= before[at] + counts[at]:
        return float(np.median(present))
    inside = present[places == at]
    lower, upper = lower - int(before[at]), upper - int(before[at])
    found = np.partition(inside, (lower, upper))
    return float(found[lower] / 2 + found[upper] / 2)


def _dates(values: pd.Series) -> dict[str, Any]:
    present = values.dropna()
    if not len(present):
        return {}
    seconds = present.astype("int64").to_numpy(dtype=np.float64)
    counts, _, _ = _histogram(seconds, float(seconds.min()), float(seconds.max()))
    return {"min": _text(present.min()), "max": _text(present.max()), "histogram": {"counts": counts.tolist(), "edges": []}}


def _levels(values: pd.Series) -> dict[str, Any]:
    labels = values if isinstance(values.dtype, pd.StringDtype) else as_labels(values)
    counts = labels.value_counts()
    top = [[shorten(str(level)), int(count)] for level, count in counts.head(TOP).items()]
    return {"top": top, "other": int(counts.iloc[TOP:].sum()), "histogram": {"counts": [c for _, c in top], "edges": []}}
