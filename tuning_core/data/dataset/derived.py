"""What follows from a dataset's settings: usable rows, targets, features, parts, and what must be said about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tuning_core.data.dataset import checks, feature_selection, split_rows, targets
from tuning_core.data.dataset.leakage import suspected_leaks
from tuning_core.data.dataset.split_rows import SplitRows
from tuning_core.data.notices import Notice, counted
from tuning_core.data.table import Table
from tuning_core.experiment import Split


@dataclass(frozen=True, eq=False)
class Derived:
    """See `Dataset`, whose attributes these become."""

    target: str
    kinds: Mapping[str, str]
    asked: tuple[str, ...] | None
    task: str
    frame: pd.DataFrame
    target_values: np.ndarray
    classes: tuple[str, ...]
    feature_kinds: dict[str, str]
    left_out: dict[str, str]
    groups: np.ndarray | None
    rows: SplitRows
    own_notices: tuple[Notice, ...]


def derive(
    table: Table,
    target: str | int,
    features: Sequence[str] | None,
    split: Split,
    task: str | None,
    kinds: Mapping[str, str] | None,
) -> Derived:
    """Settings to rows; DatasetError or SettingsError when nothing can be learned this way."""
    target = feature_selection.resolve(table, target)
    kinds = feature_selection.checked_kinds(table, kinds)
    asked = None if features is None else tuple(feature_selection.resolve(table, name) for name in features)
    frame, notices = _usable_rows(table, target)
    kind = kinds.get(target, table.column(target).kind)
    task = targets.choose_task(frame[target], kind, task)
    checks.check_enough_rows(len(frame))
    values, classes = _target_values(frame[target], target, kind, task)
    feature_kinds, left_out = feature_selection.choose(table, target, asked, kinds, split.group)
    groups = _group_codes(table, frame, split)
    rows, moved = _draw(values, task, split, groups)
    if task == "classification":
        notices += checks.check_classes(target, classes, values, rows, split.method, moved)
        notices += checks.check_parts(target, classes, values, rows)
    notices += checks.check_rows(len(frame), len(rows.validation))
    seen = np.sort(np.concatenate([rows.train, rows.validation]))  # test rows are locked away
    notices += suspected_leaks(frame.iloc[seen], target, values[seen], feature_kinds, task)
    return Derived(
        target, kinds, asked, task, frame, values, classes, feature_kinds, left_out, groups, rows, tuple(notices)
    )  # fmt: skip


def _usable_rows(table: Table, target: str) -> tuple[pd.DataFrame, list[Notice]]:
    """The rows that have a target, and what was dropped."""
    values = table.frame[target]
    targets.check_present(values, target)
    present = values.notna()
    lacking = int((~present).sum())
    if not lacking:
        return table.frame, []
    used = counted(int(present.sum()), "row")
    message = f"{counted(lacking, 'row')} without a target ({target!r}) left out; {used} used."
    return table.frame.loc[present].reset_index(drop=True), [Notice("missing_target_rows_dropped", message, (target,), lacking)]


def _target_values(values: pd.Series, target: str, kind: str, task: str) -> tuple[np.ndarray, tuple[str, ...]]:
    """(float64 numbers or int32 class indices, the classes)"""
    if task == "regression":
        return targets.regression_target(values, target, kind), ()
    return targets.class_target(values, target, kind)


def _group_codes(table: Table, frame: pd.DataFrame, split: Split) -> np.ndarray | None:
    if split.method != "grouped":
        return None
    name = feature_selection.resolve(table, split.group)
    codes, _ = pd.factorize(frame[name], use_na_sentinel=False)
    checks.check_groups(name, len(np.unique(codes)))
    return codes.astype(np.int64)


def _draw(values: np.ndarray, task: str, split: Split, groups: np.ndarray | None) -> tuple[SplitRows, list[int]]:
    """The parts, and the classes of which a row was moved into training."""
    strata = None
    if split.method == "stratified":
        strata = values if task == "classification" else split_rows.target_strata(values)
    rows = split_rows.split_rows(len(values), split, strata, groups)
    if task == "classification" and split.method in ("random", "stratified"):
        return split_rows.move_into_training(rows, values)
    return rows, []
