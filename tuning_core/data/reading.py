"""read_table: bytes to Table."""

from __future__ import annotations

import csv
import hashlib
import io
from pathlib import Path
from typing import IO

import pandas as pd

from tuning_core.data import limits
from tuning_core.data.framing import table_from_text_frame
from tuning_core.data.notices import Notice
from tuning_core.data.options import ReadOptions
from tuning_core.data.table import Table
from tuning_core.errors import TableError


def read_table(
    source: str | Path | bytes | IO[bytes], filename: str | None = None, *, options: ReadOptions | None = None
) -> Table:
    """Read a CSV file into a Table; TableError says what is wrong and what to do."""
    options = options or ReadOptions()
    if isinstance(source, (str, Path)):
        data, filename = Path(source).read_bytes(), filename or Path(source).name
    else:
        data = bytes(source) if isinstance(source, (bytes, bytearray, memoryview)) else source.read()
    if not data.strip():
        raise TableError("The file is empty.", kind="empty_file", remedy="Upload a file with a header line and rows.")
    text = data.decode("utf-8-sig")
    delimiter = options.delimiter or max(",;\t|", key=lambda sign: text[:10_000].count(sign))
    rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if row]
    if len(rows) - 1 < limits.MIN_ROWS:
        raise TableError(
            f"The file has {len(rows) - 1} rows, at least {limits.MIN_ROWS} are needed.",
            kind="too_few_rows",
            remedy="Upload more.",
        )
    frame = pd.DataFrame(rows[1:], columns=rows[0], dtype="str")
    notices: list[Notice] = []
    return table_from_text_frame(frame, filename or "table", hashlib.sha256(data).hexdigest(), notices, {"header": True})
