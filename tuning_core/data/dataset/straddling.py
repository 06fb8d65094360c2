"""Rows that belong together on both sides of the split: copies, groups, and later rows that train while earlier ones judge.

Test rows are not looked at.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import pandas as pd

from tuning_core.data.dataset.split_rows import SplitRows
from tuning_core.data.dataset.time_order import time_values
from tuning_core.data.inference.id_columns import is_id_name
from tuning_core.data.limits import MAX_LEVELS
from tuning_core.data.notices import Notice, counted
from tuning_core.data.table import FEATURE_KINDS, Table

_GROUP_NAME = re.compile(
    r"(^|[\s_.-])(name|patient|subject|person|customer|client|user|member|student|pupil|employee|worker|player|driver|owner"
    r"|household|family|company|school|site|store|device|machine|sensor|animal|session|trip|batch)s?([\s_.-]|$)",
    re.IGNORECASE,
)
MOST_OFFERED = 2
DRAWN = ("random", "stratified", "copies")
"""Methods that may put rows of a group on both sides without anybody having asked for it."""


def copy_codes(table: Table, frame: pd.DataFrame, target: str) -> np.ndarray:
    """(rows,) int64, equal for rows with the same cells in the target and in all columns that may be features.

    Whichever features are chosen: so the parts do not change with them.
    """
    names = [column.name for column in table.columns if column.kind in (*FEATURE_KINDS, "text") or column.name == target]
    hashes = pd.util.hash_pandas_object(frame[names], index=False)
    return pd.factorize(hashes)[0].astype(np.int64)


def straddling_copies(table: Table, frame: pd.DataFrame, target: str, rows: SplitRows) -> list[Notice]:
    """Validation rows that have a copy among the training rows."""
    varied = [column for column in table.columns if column.kind in FEATURE_KINDS or column.name == target]
    if any(column.distinct + column.missing >= len(table.frame) and column.missing < 2 for column in varied):
        return []  # a column that never repeats
    codes = copy_codes(table, frame, target)
    count = int(np.isin(codes[rows.validation], codes[rows.train]).sum())
    if not count:
        return []
    message = (
        f"{count:,} of {counted(len(rows.validation), 'validation row')} ({count / len(rows.validation):.0%}) "
        f"{'has' if count == 1 else 'have'} a copy among the training rows: there the score measures memory. "
        "Keep copies together to put them on one side."
    )
    return [Notice("copies_straddle", message, (), count)]


def straddling_groups(
    table: Table, frame: pd.DataFrame, kinds: Mapping[str, str], taken: tuple[str, ...], rows: SplitRows, method: str
) -> list[Notice]:
    """Columns that name something (a patient, a shop) whose rows are on both sides; `taken` are the columns with an office."""
    found = []
    for column in table.columns:
        kind = kinds.get(column.name, column.kind)
        if method not in DRAWN or column.name in taken or not _names_something(column.name, kind, column.distinct):
            continue
        codes, levels = pd.factorize(frame[column.name])
        sizes = np.bincount(codes[codes >= 0], minlength=len(levels))
        in_train, in_validation = (np.unique(codes[part]) for part in (rows.train, rows.validation))
        both = np.intersect1d(in_train[in_train >= 0], in_validation)
        if len(levels) < 10 or sizes[sizes > 1].sum() < 0.1 * len(frame) or not len(both):
            continue
        message = (
            f"{len(both):,} of the {counted(len(levels), 'value')} of {column.name!r} have rows in training and in validation. "
            "If the model shall serve for new ones, keep the rows of each together."
        )
        found.append(Notice("possible_groups", message, (column.name,), len(both)))
    return found[:MOST_OFFERED]


def _names_something(name: str, kind: str, distinct: int) -> bool:
    if kind in ("id", "text"):
        return True
    if kind == "categorical" and distinct > MAX_LEVELS:
        return True
    return kind in ("categorical", "integer") and bool(is_id_name(name) or _GROUP_NAME.search(name))


def later_rows_train(table: Table, frame: pd.DataFrame, taken: tuple[str, ...], rows: SplitRows, method: str) -> list[Notice]:
    """A date column by which rows train that are later than rows which judge."""
    if method == "time":
        return []
    for column in table.columns:
        if column.kind != "datetime" or column.name in taken:
            continue
        times = time_values(frame[column.name], column.name)
        train, judge = times[rows.train], times[rows.validation]
        if np.isnan(train).all() or np.isnan(judge).all():
            continue
        earlier = int((judge < np.nanmax(train)).sum())
        if not earlier:
            continue
        message = (
            f"By {column.name!r} {earlier:,} of {counted(len(judge), 'validation row')} lie before the latest training row, "
            "so the model learns from what came later. If it is to foretell, split by this column."
        )
        return [Notice("later_rows_train", message, (column.name,), earlier)]
    return []
