"""What to say about a target, its classes, the split and the features before anything is trained."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tuning_core.data.limits import FEW_ROWS, MANY_CLASSES, MIN_ROWS
from tuning_core.data.notices import Notice, counted, quoted
from tuning_core.errors import DatasetError

if TYPE_CHECKING:
    from tuning_core.data.dataset.dataset import Dataset


def check_enough_rows(count: int) -> None:
    if count < MIN_ROWS:
        raise DatasetError(
            f"The table has {count:,} rows with a target; at least {MIN_ROWS} are needed.",
            kind="too_few_rows",
            remedy="Upload more rows.",
        )


def check_groups(name: str, count: int) -> None:
    if count < 3:
        raise DatasetError(
            f"The group column {name!r} has {count:,} different values; a grouped split needs at least 3.",
            kind="too_few_groups",
            remedy="Choose another group column or the random split.",
            column=name,
        )


def check_classes(dataset: Dataset, moved: list[int]) -> list[Notice]:
    """Unbalanced, rare and many classes; DatasetError when training lacks a class."""
    if dataset.task != "classification":
        return []
    names, codes, target = dataset.classes, dataset.target_values, dataset.target
    counts = np.bincount(codes, minlength=len(names))
    _check_training_classes(dataset, counts)
    notices = []
    if len(names) > MANY_CLASSES:
        message = f"The target {target!r} has {len(names):,} classes; each has {counts.mean():.1f} rows on average."
        notices.append(Notice("many_classes", message, (target,), len(names)))
    notices += _rare(dataset, counts, moved)
    top = int(counts.argmax())
    share = counts[top] / counts.sum()
    if share >= max(0.75, 1.5 / len(names)) or counts.max() >= 10 * counts.min():
        message = (
            f"{share:.1%} of the rows are {names[top]!r}: always saying so is right that often, so judge accuracy against that."
        )
        notices.append(Notice("class_imbalance", message, (target,), int(counts[top])))
    return notices


def _rare(dataset: Dataset, counts: np.ndarray, moved: list[int]) -> list[Notice]:
    names = dataset.classes
    rare = np.flatnonzero(counts < 10)
    if not len(rare):
        return []
    said = ", ".join(f"{names[i][:40]!r} ({counts[i]:,})" for i in rare[:6]) + (", …" if len(rare) > 6 else "")
    message = f"Fewer than 10 rows: {said}. Scores for {'it' if len(rare) == 1 else 'them'} are chance."
    if moved:
        message += f" One row each of {quoted([names[i] for i in moved])} was moved to the training rows, which had none."
    lacking = np.setdiff1d(np.arange(len(names)), dataset.target_values[dataset.rows.validation])
    if len(lacking):
        message += f" No validation row has {quoted([names[i] for i in lacking])}."
    return [Notice("rare_class", message, (dataset.target,), len(rare))]


def _check_training_classes(dataset: Dataset, counts: np.ndarray) -> None:
    seen = np.bincount(dataset.target_values[dataset.rows.train], minlength=len(counts))
    lacking = [dataset.classes[i] for i in np.flatnonzero(seen == 0)]
    if lacking:
        raise DatasetError(
            f"No training row has the class {quoted(lacking)} of {dataset.target!r} "
            f"under the {dataset.split.method!r} split; every class must be in the {len(dataset.rows.train):,} training rows.",
            kind="class_missing_from_training",
            remedy="Choose the stratified or random split, or larger training rows.",
            column=dataset.target,
        )


def check_rows(dataset: Dataset) -> list[Notice]:
    count, judged = len(dataset.frame), len(dataset.rows.validation)
    if count >= FEW_ROWS and judged >= 20:
        return []
    message = f"{counted(count, 'row')}, {judged:,} of them for validation: scores will change a lot with the seed of the split."
    return [Notice("few_rows", message, (), count)]


def check_features(dataset: Dataset) -> list[Notice]:
    from tuning_core.data.dataset.leakage import suspected_leaks

    rows = np.sort(np.concatenate([dataset.rows.train, dataset.rows.validation]))  # test rows are locked away
    frame = dataset.frame.iloc[rows]
    return suspected_leaks(frame, dataset.target, dataset.target_values[rows], dataset.feature_kinds, dataset.task or "")
