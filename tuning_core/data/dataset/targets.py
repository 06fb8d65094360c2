"""What is predicted: the task, the classes, and the targets that cannot be learned."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from tuning_core.data.limits import MAX_CLASSES
from tuning_core.data.table import Table
from tuning_core.errors import DatasetError, SettingsError

LARGEST, SMALLEST = 1e100, 1e-100
"""Sizes of a regression target whose squares float64 can carry."""

TASKS = ("regression", "classification")

CLASS_WORDS = frozenset(("none", "na", "n/a", "null"))
"""Read as "no value", but as likely the name of a class."""

TARGET_NAMES = frozenset(
    ("target", "label", "labels", "class", "y", "outcome", "response", "survived", "species", "diagnosis", "churn", "price")
)


def suggest_target(columns: Sequence[Mapping[str, Any]]) -> str | None:
    """The column (of a profile) that most likely is to be predicted: one that is called so, else the last that can be.

    Numbers and yes/no can; so do categories with few enough levels. None when there is none.
    """
    able = [
        column["name"]
        for column in columns
        if column["kind"] in ("integer", "numeric", "boolean")
        or (column["kind"] == "categorical" and column["distinct"] <= MAX_CLASSES)
    ]
    named = [name for name in able if name.strip().casefold() in TARGET_NAMES]
    return (named or able or [None])[-1]


def as_numbers(values: pd.Series) -> np.ndarray:
    """float64, missing and infinite cells as NaN; words become NaN too."""
    if isinstance(values.dtype, np.dtype) and values.dtype.kind in "iuf":
        numbers = values.to_numpy(dtype=np.float64)
        return numbers if values.dtype.kind != "f" else np.where(np.isfinite(numbers), numbers, np.nan)
    numbers = pd.to_numeric(values, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    return np.where(np.isfinite(numbers), numbers, np.nan)


def as_labels(values: pd.Series) -> pd.Series:
    """Text labels, missing kept missing; whole floats lose their '.0'."""
    if values.dtype == "boolean" or values.dtype == bool:
        return values.astype("boolean").map({True: "True", False: "False"}).astype("str")
    if pd.api.types.is_float_dtype(values.dtype):
        present = values.dropna()
        if len(present) and np.isfinite(present).all() and (present == np.floor(present)).all() and present.abs().max() < 2**53:
            values = values.astype("Int64")
    return values.astype("str").mask(values.isna())


def choose_task(values: pd.Series, kind: str, task: str | None) -> str:
    """The task asked for, or the one the target suggests.

    Two different values are classes. So are whole numbers that count from 0 or 1 up to ten levels with hardly a gap (codes,
    such as 1 to 7 without 4); other numbers are a quantity. The person may always override.
    """
    if task is not None:
        if task not in TASKS:
            raise SettingsError(
                f"task is {task!r}, which is not one of the choices.",
                kind="unknown_choice",
                remedy="Choose 'regression' or 'classification'.",
            )
        return task
    if kind not in ("integer", "numeric"):
        return "classification"
    levels = np.unique(as_numbers(values.dropna()))
    levels = levels[~np.isnan(levels)]
    if len(levels) <= 2:
        return "classification"
    few = len(levels) <= 10 and np.array_equal(levels, np.floor(levels))
    codes = few and levels[0] in (0, 1) and len(levels) >= 0.8 * (levels[-1] - levels[0] + 1)
    return "classification" if codes else "regression"


def check_present(values: pd.Series, name: str) -> None:
    if not values.notna().any():
        raise DatasetError(
            f"The target {name!r} has no value in any row.",
            kind="target_all_missing",
            remedy="Choose another target, or upload a file in which this column is filled.",
            column=name,
        )


def with_class_words(table: Table, name: str) -> pd.Series:
    """The column to predict, in which words such as "None" that were read as no value are a class.

    Only where nothing else was read as no value there: an empty cell stays empty.
    """
    values = table.frame[name]
    words = class_words(table, name)
    if len(words) != 1 or int(values.isna().sum()) != next(iter(words.values())) or not isinstance(values.dtype, pd.StringDtype):
        return values
    return values.fillna(next(iter(words)))


def class_words(table: Table, name: str) -> dict[str, int]:
    """Words of a column that may name a class and were read as no value, with how many cells hold them.

    A minus is such a word where all else is plus.
    """
    return class_words_read(table.reading, name, table.frame[name].dropna().astype(str).unique()[:2])


def class_words_read(reading: Mapping[str, Any], name: str, values: Iterable[str]) -> dict[str, int]:
    """The same from how the file was read and the column's values, two of them at least where there are so many."""
    signs = ("-", "–", "−") if set(values) == {"+"} else ()
    counts = reading.get("repairs", {}).get(name, {}).get("missing_counts", {})
    options = reading.get("options", {})
    told = {*options.get("missing", ()), *options.get("missing_in", {}).get(name, ())}  # the person has said what they are
    return {
        word: count for word, count in counts.items() if (word.casefold() in CLASS_WORDS or word in signs) and word not in told
    }


def check_transformable(values: pd.Series, name: str, task: str) -> None:
    """DatasetError where there is no logarithm to take."""
    if task != "regression":
        raise DatasetError(
            f"The target {name!r} is a class; only a number has a logarithm.",
            kind="bad_transform",
            remedy="Choose regression, or target_transform=None.",
            column=name,
        )
    numbers = as_numbers(values)
    bad = np.flatnonzero(numbers <= 0)
    if len(bad):
        raise DatasetError(
            f"The target {name!r} holds {numbers[bad[0]]:g} ({len(bad):,} cells are 0 or less); logarithms need numbers above 0.",
            kind="bad_transform",
            remedy="Leave these cells empty, so that their rows are left out, or learn the target as it is.",
            column=name,
        )


def date_target(name: str, kind: str) -> DatasetError:
    return DatasetError(
        f"The target {name!r} holds dates, and a date is neither an amount nor one of a few classes.",
        kind=kind,
        remedy="Add a column with what you want to know as a number (such as days from a fixed day), or choose another target.",
        column=name,
    )


def regression_target(values: pd.Series, name: str, kind: str) -> np.ndarray:
    """float64 targets; DatasetError for words, dates and for a target that never varies."""
    if kind == "datetime":
        raise date_target(name, "non_numeric_in_numeric_column")
    if not pd.api.types.is_numeric_dtype(values.dtype) or values.dtype == "boolean":
        numbers = as_numbers(values)
        words = values[np.isnan(numbers)]
        if len(words):
            raise DatasetError(
                f"The target {name!r} holds {len(words):,} cells that are no numbers, such as {str(words.iloc[0])[:40]!r}; "
                "regression needs numbers.",
                kind="non_numeric_in_numeric_column",
                remedy="Choose classification, or another target.",
                column=name,
            )
    numbers = as_numbers(values)
    if np.isnan(numbers).any():
        count = int(np.isnan(numbers).sum())
        raise DatasetError(
            f"The target {name!r} holds {count:,} infinite values.",
            kind="extreme_values",
            remedy="Correct these cells or leave them empty, so that their rows are left out.",
            column=name,
        )
    if numbers.min() == numbers.max():
        raise constant_target(name, f"{numbers[0]:g}")
    largest = float(np.abs(numbers).max())
    if not SMALLEST <= largest <= LARGEST:
        raise DatasetError(
            f"The target {name!r} reaches {largest:.3g}; squared errors of such numbers cannot be computed "
            f"(sizes from {SMALLEST:g} to {LARGEST:g} can).",
            kind="extreme_values",
            remedy="Express the target in another unit, or take its logarithm.",
            column=name,
        )
    return numbers


def constant_target(name: str, value: str) -> DatasetError:
    return DatasetError(
        f"The target {name!r} is {value[:40]!r} in every row: there is nothing to learn.",
        kind="constant_target",
        remedy="Choose a target that varies.",
        column=name,
    )


def class_target(values: pd.Series, name: str, kind: str) -> tuple[np.ndarray, tuple[str, ...]]:
    """int32 class indices and the class names in order (numbers by size, words by alphabet)."""
    labels = as_labels(values)
    classes = sorted(labels.unique(), key=_class_key)
    if len(classes) < 2:
        if pd.api.types.is_numeric_dtype(values.dtype) and values.dtype != "boolean":
            raise constant_target(name, classes[0])
        raise DatasetError(
            f"The target {name!r} has one class only, {classes[0][:40]!r}, in all {len(values):,} rows.",
            kind="single_class_target",
            remedy="Choose a target with at least two classes.",
            column=name,
        )
    if len(classes) > MAX_CLASSES or len(classes) > len(values) / 2:
        if kind == "datetime":
            raise date_target(name, "too_many_classes")
        rule = f"at most {MAX_CLASSES} classes with two rows each on average can be learned"
        numeric = kind in ("integer", "numeric")
        raise DatasetError(
            f"The target {name!r} has {len(classes):,} distinct values in {len(values):,} rows; {rule}.",
            kind="too_many_classes",
            remedy="Choose regression, or another target."
            if numeric
            else "Choose another target; this one looks like a name or an id.",
            column=name,
        )
    codes = pd.Index(classes).get_indexer(pd.Index(labels)).astype(np.int32)
    return codes, tuple(classes)


def _class_key(label: str) -> tuple[int, float, str]:
    try:
        return (0, float(label), label)
    except ValueError:
        return (1, 0.0, label)
