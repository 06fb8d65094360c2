"""Which rows of a table can be learned from: those with a target, a weight above zero, a part and a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from tuning_core.data.dataset import targets
from tuning_core.data.dataset.feature_selection import resolve
from tuning_core.data.dataset.part_column import part_words
from tuning_core.data.dataset.row_weights import read_weights
from tuning_core.data.dataset.settings import DatasetSettings
from tuning_core.data.dataset.time_order import time_values
from tuning_core.data.notices import Notice, counted
from tuning_core.data.table import Table


@dataclass(frozen=True, eq=False)
class UsableRows:
    """The rows that are left.

    Attributes
    ----------
    frame : in file order, index 0 to n - 1.
    places : (n,) int64, the place of each among the `n_with_target` rows that have a target.
    notices : what was left out, and why.
    """

    frame: pd.DataFrame
    places: np.ndarray
    n_with_target: int
    notices: tuple[Notice, ...]


def usable_rows(table: Table, settings: DatasetSettings) -> UsableRows:
    """DatasetError where a weight, a part or a time is none."""
    target = str(settings.target)
    values = targets.with_class_words(table, target)
    targets.check_present(values, target)
    words = targets.class_words(table, target)
    restored = int(values.notna().sum() - table.frame[target].notna().sum())
    frame = table.frame.assign(**{target: values}) if restored else table.frame
    notices = [_class_word_kept(target, next(iter(words)), restored)] if restored else []
    frame = _kept(frame, values.notna().to_numpy(), "without a target", target, "missing_target_rows_dropped", notices)
    if words and not restored:
        notices[-1] = _with_question(notices[-1], words)
    n_with_target = len(frame)
    keep = np.ones(n_with_target, dtype=bool)
    for name, why, is_usable in _conditions(table, settings):
        good = is_usable(frame[name])
        _say_left_out(int((keep & ~good).sum()), int((keep & good).sum()), why, name, "rows_left_out", notices)
        keep &= good
    places = np.flatnonzero(keep)
    return UsableRows(frame if keep.all() else frame.iloc[places].reset_index(drop=True), places, n_with_target, tuple(notices))


def _class_word_kept(target: str, word: str, count: int) -> Notice:
    message = (
        f"{counted(count, 'row')} with {word!r} in the target {target!r}, taken as a class. If it means no value, read the table "
        f"with ReadOptions(missing_in={{{target!r}: ({word!r},)}})."
    )
    return Notice("class_word_kept", message, (target,), count)


def _with_question(dropped: Notice, words: Mapping[str, int]) -> Notice:
    """The notice of the rows that were left out, with those among them that may have had a class."""
    said = ", ".join(f"{word!r} ({count:,})" for word, count in words.items())
    remedy = f"ReadOptions(keep={tuple(words)!r})"
    return replace(dropped, message=f"{dropped.message} Among them are {said}: if that is a class, read the table with {remedy}.")


def _conditions(table: Table, settings: DatasetSettings) -> list[tuple[str, str, Callable[[pd.Series], np.ndarray]]]:
    """(column, what a row without it is, which rows have it)"""
    found: list[tuple[str, str, Callable[[pd.Series], np.ndarray]]] = []
    if settings.sample_weight is not None:
        weight = str(settings.sample_weight)
        found.append((weight, "of weight 0", lambda values: read_weights(values, weight) > 0))
    if settings.part is not None:
        part = str(settings.part)
        found.append((part, "in no part", lambda values: part_words(values, part).notna().to_numpy()))
    if settings.split.method == "time" and settings.part is None:
        when = resolve(table, settings.split.column)
        found.append((when, "without a time", lambda values: ~np.isnan(time_values(values, when))))
    return found


def _kept(frame: pd.DataFrame, keep: np.ndarray, why: str, column: str, kind: str, notices: list[Notice]) -> pd.DataFrame:
    _say_left_out(int((~keep).sum()), int(keep.sum()), why, column, kind, notices)
    return frame if keep.all() else frame.loc[keep].reset_index(drop=True)


def _say_left_out(lacking: int, used: int, why: str, column: str, kind: str, notices: list[Notice]) -> None:
    if lacking:
        message = f"{counted(lacking, 'row')} {why} ({column!r}) left out; {counted(used, 'row')} used."
        notices.append(Notice(kind, message, (column,), lacking))
