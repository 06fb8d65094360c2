"""Table: what a file became; a frame with clean types, its columns, and every repair that was made."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from tuning_core.data.notices import Notice
from tuning_core.errors import TableError

KINDS = ("integer", "numeric", "categorical", "boolean", "datetime", "text", "id", "empty", "constant")
FEATURE_KINDS = ("integer", "numeric", "categorical", "boolean", "datetime")


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Parameters
    ----------
    name : str
        Unique in its table, shown escaped everywhere.
    kind : str
        One of "integer", "numeric", "categorical", "boolean", "datetime", "text", "id", "empty", "constant".
    missing : int
        Cells without a value.
    distinct : int
        Different values, missing ones not counted; an estimate for decimals in tables of 100,000 rows and more.
    reason : str
        Why the column is not a feature by itself; empty for one that is.
    source : str
        The name as the file has it; empty when the file has none.
    """

    name: str
    kind: str
    missing: int = 0
    distinct: int = 0
    reason: str = ""
    source: str = ""

    @property
    def role(self) -> str:
        return "feature" if self.kind in FEATURE_KINDS else "left_out"


@dataclass(frozen=True, eq=False)
class Table:
    """A table that was read.

    Parameters
    ----------
    frame : pandas.DataFrame
        Numbers as int64 or float64 (missing: NaN), true/false as "boolean", dates as datetime64 (in UTC when the cells
        had zones), everything else as text (missing: NaN). Never changed after reading.
    columns : tuple of Column
        In the frame's order.
    notices : tuple of Notice
        Every repair and warning.
    name : str
        The upload's name without folders; for showing only, never a path.
    sha256 : str
        Of the bytes that were read.
    reading : dict
        How the file was read (encoding, delimiter, ...), JSON-able.
    """

    frame: pd.DataFrame
    columns: tuple[Column, ...]
    notices: tuple[Notice, ...] = ()
    name: str = "table"
    sha256: str = ""
    reading: dict[str, Any] = field(default_factory=dict)

    def column(self, name: str) -> Column:
        """The column of that name; TableError when there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise TableError(
            f"There is no column named {name!r} in {self.name!r}.",
            kind="unknown_column",
            remedy=f"Choose one of {', '.join(repr(c.name) for c in self.columns[:12])}.",
            column=name,
        )

    @classmethod
    def from_frame(cls, frame: pd.DataFrame, name: str = "frame", kinds: Mapping[str, str] | None = None) -> Table:
        """A table from a data frame that is clean already; kinds follow the dtypes unless given."""
        frame, kinds = frame.reset_index(drop=True), kinds or {}
        frame.columns = [str(column) for column in frame.columns]
        columns = []
        for at, column in enumerate(frame.columns):
            values = frame.iloc[:, at]
            kind = kinds.get(column) or _kind_of(values)
            if kind in ("categorical", "text", "id") and not pd.api.types.is_numeric_dtype(values.dtype):
                frame.isetitem(at, values.where(values.isna(), values.astype("str")).astype("str"))
            columns.append(Column(column, kind, int(values.isna().sum()), int(values.nunique()), source=column))
        return cls(frame, tuple(columns), (), name, _frame_digest(frame), {"header": True})

    def save(self, folder: str | Path) -> None:
        """Write `frame.parquet` and `table.json` into `folder`; nothing is pickled."""
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        texts = [name for name, dtype in self.frame.dtypes.items() if str(dtype) == "str"]  # numbers gain nothing from it
        self.frame.to_parquet(folder / "frame.parquet", index=False, compression="lz4", use_dictionary=texts)
        facts = {
            "version": 1,
            "name": self.name,
            "sha256": self.sha256,
            "reading": self.reading,
            "columns": [asdict(column) for column in self.columns],
            "notices": [notice.to_json() for notice in self.notices],
        }
        (folder / "table.json").write_text(json.dumps(facts, ensure_ascii=True), encoding="ascii")

    @classmethod
    def load(cls, folder: str | Path) -> Table:
        """Read what `save` wrote."""
        folder = Path(folder)
        try:
            facts = json.loads((folder / "table.json").read_text(encoding="ascii"))
            frame = pd.read_parquet(folder / "frame.parquet")
        except (OSError, ValueError) as problem:
            raise TableError(
                "The stored table cannot be read.", kind="corrupt_file", remedy="Upload the file again."
            ) from problem
        return cls(
            frame=frame,
            columns=tuple(Column(**column) for column in facts["columns"]),
            notices=tuple(Notice.from_json(notice) for notice in facts["notices"]),
            name=facts["name"],
            sha256=facts["sha256"],
            reading=facts["reading"],
        )


def _frame_digest(frame: pd.DataFrame) -> str:
    """sha256 over the names and cells of a frame that came without bytes."""
    digest = hashlib.sha256(json.dumps([str(name) for name in frame.columns]).encode())
    digest.update(pd.util.hash_pandas_object(frame, index=False).to_numpy().tobytes())
    return digest.hexdigest()


def _kind_of(values: pd.Series) -> str:
    """The kind that a clean column's dtype and cells suggest."""
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
