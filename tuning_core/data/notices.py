"""Notice: one thing a person must know about a table, in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Notice:
    """A repair or a warning.

    Parameters
    ----------
    kind : str
        A stable word for programs ("delimiter_detected", "duplicate_rows", ...).
    message : str
        What was found and what was done, as plain text. Names and cells in it are data: show it escaped.
    columns : tuple of str
        The columns concerned; empty when it is the whole table.
    count : int
        How many cells, rows or columns, 0 when counting makes no sense.
    """

    kind: str
    message: str
    columns: tuple[str, ...] = ()
    count: int = 0

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "columns": list(self.columns)}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Notice:
        return cls(str(values["kind"]), str(values["message"]), tuple(values.get("columns", ())), int(values.get("count", 0)))


def quoted(names: object, limit: int = 4) -> str:
    """Names for a sentence: 'a', 'b' and 3 more; each is cut at 40 characters."""
    shown = [str(name) for name in names]  # type: ignore[attr-defined]
    words = ", ".join(repr(name if len(name) <= 40 else name[:39] + "…") for name in shown[:limit])
    return words if len(shown) <= limit else f"{words} and {len(shown) - limit:,} more"


def counted(count: int, noun: str) -> str:
    """'1 row', '2,000 rows'."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
