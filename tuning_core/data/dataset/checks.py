"""What to say about a target, its classes, the split and the features before anything is trained."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tuning_core.data.dataset.split_rows import SplitRows
from tuning_core.data.limits import FEW_ROWS, MANY_CLASSES, MIN_ROWS
from tuning_core.data.notices import Notice, counted, quoted
from tuning_core.errors import DatasetError


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


def ask_about_codes(target: str, numbers: np.ndarray, task: str) -> list[Notice]:
    """The question whether few whole numbers are codes of classes or a quantity, where the person has not said so."""
    levels = np.unique(numbers[~np.isnan(numbers)])
    if not 3 <= len(levels) <= 10 or not np.array_equal(levels, np.floor(levels)):
        return []
    what = f"The target {target!r} holds {len(levels):,} different whole numbers, {levels[0]:g} to {levels[-1]:g}"
    if task == "classification":
        message = f"{what}: taken as classes. If they measure or count something, choose regression."
    else:
        message = f"{what}: taken as a quantity. If they are codes of classes, choose classification."
    return [Notice("class_codes", message, (target,), len(levels))]


def check_classes(
    target: str, names: Sequence[str], codes: np.ndarray, rows: SplitRows, method: str, moved: Sequence[int]
) -> list[Notice]:
    """Unbalanced, rare and many classes; DatasetError when training lacks a class.

    Parameters
    ----------
    names, codes : the classes, and the class index of each usable row.
    method : of the split, for the refusal.
    moved : classes of which the split gave training a row that it had put elsewhere.
    """
    counts = np.bincount(codes, minlength=len(names))
    _check_training_classes(target, names, np.bincount(codes[rows.train], minlength=len(names)), method)
    notices = []
    if len(names) > MANY_CLASSES:
        message = f"The target {target!r} has {len(names):,} classes; each has {counts.mean():.1f} rows on average."
        notices.append(Notice("many_classes", message, (target,), len(names)))
    notices += _rare(target, names, counts, moved)
    top = int(counts.argmax())
    share = counts[top] / counts.sum()
    if share >= max(0.75, 1.5 / len(names)) or counts.max() >= 10 * counts.min():
        message = (
            f"{share:.1%} of the rows are {names[top]!r}: always saying so is right that often, so judge accuracy against that."
        )
        notices.append(Notice("class_imbalance", message, (target,), int(counts[top])))
    return notices


def _rare(target: str, names: Sequence[str], counts: np.ndarray, moved: Sequence[int]) -> list[Notice]:
    rare = np.flatnonzero(counts < 10)
    if not len(rare):
        return []
    said = ", ".join(f"{names[i][:40]!r} ({counts[i]:,})" for i in rare[:6]) + (", …" if len(rare) > 6 else "")
    message = f"Fewer than 10 rows: {said}. Scores for {'it' if len(rare) == 1 else 'them'} are chance."
    if moved:
        message += f" One row each of {quoted([names[i] for i in moved])} was moved to the training rows, which had none."
    return [Notice("rare_class", message, (target,), len(rare))]


def _check_training_classes(target: str, names: Sequence[str], in_training: np.ndarray, method: str) -> None:
    lacking = [name for name, count in zip(names, in_training, strict=True) if not count]
    if lacking:
        raise DatasetError(
            f"No training row has the class {quoted(lacking)} of {target!r} "
            f"under the {method!r} split; every class must be in the {in_training.sum():,} training rows.",
            kind="class_missing_from_training",
            remedy="Choose the stratified or random split, or larger training rows.",
            column=target,
        )


def check_rows(n_rows: int, n_validation: int) -> list[Notice]:
    if n_rows >= FEW_ROWS and n_validation >= 20:
        return []
    message = (
        f"{counted(n_rows, 'row')}, {n_validation:,} of them for validation: scores will change a lot with the seed of the split."
    )
    return [Notice("few_rows", message, (), n_rows)]


def check_part_classes(target: str, names: Sequence[str], codes: np.ndarray, rows: SplitRows) -> list[Notice]:
    """Validation or test rows of one class only, or without a class that training has: what cannot be scored there."""
    notices = []
    for part, at in rows.parts()[1:]:
        counts = np.bincount(codes[at], minlength=len(names))
        present = [name for name, count in zip(names, counts, strict=True) if count]
        lacking = [name for name in names if name not in present]
        if not len(at) or not lacking:
            continue
        if len(present) == 1:
            kind = "single_class_part"
            message = (
                f"All {len(at):,} {part} rows are {present[0][:40]!r}: a model that always says so is right every time, and "
                "nothing there tells whether it can tell the classes apart."
            )
        else:
            kind = "class_missing_from_part"
            message = f"No {part} row has {quoted(lacking)}, so nothing there tells how well the model knows it."
        remedy = " Choose the stratified split, or larger parts."
        notices.append(Notice(kind, message + remedy, (target,), len(lacking)))
    return notices
