"""What follows from a dataset's settings: usable rows, targets, features, parts, and what must be said about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tuning_core.data.dataset import checks, feature_selection, split_rows, straddling, targets
from tuning_core.data.dataset.leakage import suspected_leaks
from tuning_core.data.dataset.part_column import given_rows
from tuning_core.data.dataset.row_weights import read_weights
from tuning_core.data.dataset.settings import DatasetSettings
from tuning_core.data.dataset.split_rows import SplitRows
from tuning_core.data.dataset.time_order import time_rank, time_values
from tuning_core.data.dataset.usable_rows import UsableRows, usable_rows
from tuning_core.data.notices import Notice
from tuning_core.data.table import Table


@dataclass(frozen=True, eq=False)
class Derived:
    """See `Dataset`, whose attributes these become."""

    task: str
    usable: UsableRows
    target_values: np.ndarray
    classes: tuple[str, ...]
    feature_kinds: dict[str, str]
    left_out: dict[str, str]
    weights: np.ndarray | None
    groups: np.ndarray | None
    order: np.ndarray | None
    rows: SplitRows
    notices: tuple[Notice, ...]


def derive(table: Table, settings: DatasetSettings) -> Derived:
    """Resolved settings to rows; DatasetError or SettingsError when nothing can be learned this way."""
    target, kinds = str(settings.target), settings.kinds or {}
    usable = usable_rows(table, settings)
    frame = usable.frame
    kind = kinds.get(target, table.column(target).kind)
    task = targets.choose_task(frame[target], kind, settings.task)
    checks.check_enough_rows(len(frame))
    values, classes = _target_values(frame[target], target, kind, task, settings.target_transform)
    feature_kinds, left_out = feature_selection.choose(
        table, target, settings.features, kinds, settings.split.group, settings.reserved
    )
    weights = None if settings.sample_weight is None else read_weights(frame[settings.sample_weight], str(settings.sample_weight))
    groups = _group_codes(table, frame, settings)
    order = _time_order(table, frame, settings)
    rows, moved = _draw(frame, values, task, settings, groups, order)
    notices = [*usable.notices]
    if settings.task is None and kind in ("integer", "numeric"):
        notices += checks.ask_about_codes(target, targets.as_numbers(frame[target]), task)
    if task == "classification":
        method = settings.split.method if settings.part is None else f"given by {settings.part}"
        notices += checks.check_classes(target, classes, values, rows, method, moved)
        notices += checks.check_part_classes(target, classes, values, rows)
    notices += checks.check_rows(len(frame), len(rows.validation))
    notices += _straddling(table, frame, settings, rows)
    seen = np.sort(np.concatenate([rows.train, rows.validation]))  # test rows are locked away
    notices += suspected_leaks(frame.iloc[seen], target, values[seen], feature_kinds, task)
    return Derived(
        task, usable, values, classes, feature_kinds, left_out, weights, groups, order, rows, tuple(notices)
    )  # fmt: skip


def _target_values(
    values: pd.Series, target: str, kind: str, task: str, transform: str | None
) -> tuple[np.ndarray, tuple[str, ...]]:
    """(float64 numbers in their own units or int32 class indices, the classes)"""
    if transform is not None:
        targets.check_transformable(values, target, task)
    if task == "regression":
        return targets.regression_target(values, target, kind), ()
    return targets.class_target(values, target, kind)


def _group_codes(table: Table, frame: pd.DataFrame, settings: DatasetSettings) -> np.ndarray | None:
    """(rows,) int64, equal for rows that stay together; None where each is by itself."""
    split = settings.split
    if settings.part is not None or split.method not in ("grouped", "copies"):
        return None
    if split.method == "copies":
        codes, name = straddling.copy_codes(table, frame, str(settings.target)), "copies"
    else:
        name = feature_selection.resolve(table, split.group)
        codes = pd.factorize(frame[name], use_na_sentinel=False)[0].astype(np.int64)
    checks.check_groups(name, len(np.unique(codes)))
    return codes


def _time_order(table: Table, frame: pd.DataFrame, settings: DatasetSettings) -> np.ndarray | None:
    """(rows,) int64, the place of each row in time; None where rows come in no order."""
    split = settings.split
    if settings.part is not None or split.method not in split_rows.IN_TIME:
        return None
    if split.method == "ordered":
        return np.arange(len(frame))
    name = feature_selection.resolve(table, split.column)
    return time_rank(time_values(frame[name], name))


def _draw(
    frame: pd.DataFrame,
    values: np.ndarray,
    task: str,
    settings: DatasetSettings,
    groups: np.ndarray | None,
    order: np.ndarray | None,
) -> tuple[SplitRows, Sequence[int]]:
    """The parts, and the classes of which a row was moved into training."""
    if settings.part is not None:
        return given_rows(frame[settings.part], str(settings.part)), []
    split, strata = settings.split, None
    if split.method == "stratified":
        strata = values if task == "classification" else split_rows.target_strata(values)
    rows = split_rows.split_rows(len(values), split, strata, groups, order)
    if task == "classification" and split.method in ("random", "stratified"):
        return split_rows.move_into_training(rows, values)
    return rows, []


def _straddling(table: Table, frame: pd.DataFrame, settings: DatasetSettings, rows: SplitRows) -> list[Notice]:
    """Copies, groups and times that the parts tear apart."""
    split, target = settings.split, str(settings.target)
    method = split.method if settings.part is None else "part"
    taken = (target, *settings.reserved)
    found = straddling.later_rows_train(table, frame, taken, rows, method)
    found += straddling.straddling_groups(table, frame, settings.kinds or {}, taken, rows, method)
    return found + ([] if method == "copies" else straddling.straddling_copies(table, frame, target, rows))
