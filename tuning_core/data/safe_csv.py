"""CSV files we hand out: a spreadsheet must not run what a cell says."""

from __future__ import annotations

import re

import pandas as pd

_FORMULA = re.compile(r"^[\s\ufeff\u200b]*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


def neutral(cell: str) -> str:
    """The cell with an apostrophe before it if a spreadsheet would take it for a formula; numbers stay numbers."""
    return "'" + cell if _FORMULA.match(cell) and not _NUMBER.fullmatch(cell) else cell


def to_csv_bytes(frame: pd.DataFrame) -> bytes:
    """UTF-8 CSV with a BOM (so that Excel sees UTF-8), formula-like names and cells neutralised, no index."""
    safe = frame.copy(deep=False)
    for at, dtype in enumerate(frame.dtypes):
        if dtype.kind not in "iufbmM":
            column = frame.iloc[:, at].astype(object)
            safe.isetitem(at, column.map(lambda cell: neutral(cell) if isinstance(cell, str) else cell))
    safe.columns = [neutral(str(name)) for name in frame.columns]
    return safe.to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig")
