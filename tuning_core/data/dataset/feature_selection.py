"""Which columns predict, and as what; what is left out is said with its reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tuning_core.data.table import FEATURE_KINDS, Column, Table
from tuning_core.errors import DatasetError, SettingsError

OVERRIDES = ("integer", "numeric", "categorical", "boolean", "datetime", "text", "id", "left_out")


def resolve(table: Table, name: Any) -> str:
    """A column's name from a name or a position; in a table without a header '8' is column 8 counted from 0, too."""
    names = [column.name for column in table.columns]
    if isinstance(name, str) and name in names:
        return name
    nameless = table.reading.get("header") is False
    if (not isinstance(name, (str, bool)) and hasattr(name, "__index__")) or (
        isinstance(name, str) and nameless and name.isdecimal()
    ):
        position = int(name)
    else:
        position = len(names)
    if -len(names) <= position < len(names):
        return names[position]
    stripped = str(name).strip()
    if stripped in names:
        return stripped
    raise DatasetError(
        f"There is no column named {str(name)[:80]!r} in {table.name!r}.",
        kind="unknown_column",
        remedy=f"Choose one of {', '.join(repr(n[:40]) for n in names[:12])}{', …' if len(names) > 12 else ''}.",
        column=str(name),
    )


def checked_kinds(table: Table, kinds: Mapping[str, str] | None) -> dict[str, str]:
    checked = {}
    for name, kind in (kinds or {}).items():
        if kind not in OVERRIDES:
            raise SettingsError(
                f"The kind of {name!r} is {kind!r}, which is not one of the choices.",
                kind="unknown_choice",
                remedy=f"Choose one of {', '.join(OVERRIDES)}.",
            )
        checked[resolve(table, name)] = kind
    return checked


def choose(
    table: Table,
    target: str,
    asked: Sequence[str] | None,
    kinds: Mapping[str, str],
    group: str | None,
    reserved: Mapping[str, str],
) -> tuple[dict[str, str], dict[str, str]]:
    """({feature: kind it is encoded as}, {column left out: reason}); DatasetError when nothing is left.

    `group` is left out where features were not chosen by hand, the `reserved` columns (with their reasons) always.
    """
    chosen: dict[str, str] = {}
    left_out: dict[str, str] = {}
    for column in table.columns:
        if column.name == target:
            continue
        kind = kinds.get(column.name, column.kind)
        reason = reserved.get(column.name) or _reason(column, kind, asked, group, column.name in kinds)
        if reason:
            left_out[column.name] = reason
        else:
            chosen[column.name] = _encoding(table, column, kind)
    if len(table.columns) < 2:
        raise DatasetError(
            f"The table has the target {target!r} and no other column.",
            kind="no_features",
            remedy="Upload a table with at least one more column.",
        )
    if not chosen:
        raise DatasetError(
            f"No feature is left for the target {target!r}: "
            + "; ".join(f"{name[:40]!r} {reason}" for name, reason in list(left_out.items())[:6])
            + ".",
            kind="no_usable_features",
            remedy="Choose features by hand, or change the kind of a column.",
        )
    return chosen, left_out


def _reason(column: Column, kind: str, asked: Sequence[str] | None, group: str | None, overridden: bool) -> str:
    if asked is not None and column.name not in asked:
        return "was not chosen"
    if column.kind in ("empty", "constant"):
        return column.reason or f"is {column.kind}"
    if asked is None and column.name == group:
        return "names the groups of the split"
    if kind in FEATURE_KINDS or (asked is not None and not overridden):
        return ""
    if kind == "left_out":
        return "was left out by hand"
    if overridden:
        return f"was marked as {kind}"
    return column.reason or f"is {kind}"


def _encoding(table: Table, column: Column, kind: str) -> str:
    """The kind a feature is encoded as; refuses an override that the cells do not allow."""
    import pandas as pd

    dtype = table.frame[column.name].dtype
    is_number = pd.api.types.is_numeric_dtype(dtype)
    if kind in ("text", "id"):  # asked for by name
        return "integer" if is_number else "categorical"
    if kind in ("integer", "numeric") and not is_number:
        numbers = pd.to_numeric(table.frame[column.name], errors="coerce")
        if not numbers.notna().any():
            raise _impossible(column, kind, "none of its cells is a number")
    if kind == "datetime" and not pd.api.types.is_datetime64_any_dtype(dtype):
        raise _impossible(column, kind, "its cells were not read as dates")
    return kind


def _impossible(column: Column, kind: str, why: str) -> DatasetError:
    return DatasetError(
        f"The column {column.name!r} cannot be taken as {kind}: {why}.",
        kind="impossible_kind",
        remedy="Choose categorical, or leave the column out.",
        column=column.name,
    )
