"""Sections that split the rows and prepare the features with scikit-learn, as the dataset and its preparation do."""

from __future__ import annotations

import textwrap
from typing import Any

import numpy as np
import pandas as pd

from tuning_core.data.dataset.feature_encoding import MISSING, OTHER, Levels, Number
from tuning_core.data.dataset.targets import class_words, with_class_words
from tuning_core.experiment import Trial
from tuning_core.export.code.text import literal, names, wrapped

MOST_GROUPS = 500


def target_code(trial: Trial) -> str:
    """Source that drops rows that are not used and leaves the target in `y`."""
    dataset = trial.dataset
    column = f"frame[{literal(dataset.target)}]"
    lines = _usable_lines(dataset)
    if dataset.task == "regression":
        return "\n".join([*lines, f"y = {column}.to_numpy(float)"])
    values = dataset.frame[dataset.target]
    lines.append(f"CLASSES = {names(dataset.classes)}")
    return "\n".join(
        [*lines, f"y = {_as_words(column, values)}.map({{name: i for i, name in enumerate(CLASSES)}}).to_numpy(int)"]
    )


def _usable_lines(dataset: Any) -> list[str]:
    """Source that leaves the usable rows in `frame`: with a target, a part, a time, and a weight above 0."""
    table, target, lines = dataset.table.frame, dataset.target, []
    words = class_words(dataset.table, target)
    if words and len(with_class_words(dataset.table, target).dropna()) > len(table[target].dropna()):
        column = f"frame[{literal(target)}]"
        lines.append(f"{column} = {column}.fillna({literal(next(iter(words)))})  # a class, though it looks like no value")
    needed = [name for name in dict.fromkeys((target, dataset.part, time_column(dataset))) if name is not None]
    blank = [name for name in needed if table[name].isna().any() and not (name == target and lines)]
    if blank:
        lines.append(f"frame = frame.dropna(subset={names(blank)}, ignore_index=True)")
    if dataset.sample_weight is not None and (dataset.table.frame[dataset.sample_weight] == 0).any():
        lines.append(f"frame = frame[frame[{literal(dataset.sample_weight)}] > 0].reset_index(drop=True)  # weight 0: not there")
    return lines


def time_column(dataset: Any) -> str | None:
    """The column by which the rows are divided in time."""
    return dataset.split.column if dataset.split.method == "time" and dataset.part is None else None


def _as_words(column: str, values: pd.Series) -> str:
    """An expression for the column's values as the words that name levels and classes."""
    if values.dtype == "boolean" or values.dtype == bool:
        return f'{column}.map({{True: "True", False: "False"}})'
    if not pd.api.types.is_numeric_dtype(values.dtype):
        return column
    present = values.dropna().astype(float)
    whole = bool((present == np.floor(present)).all())
    return f'{column}.map(lambda value: str({"int(value)" if whole else "value"}), na_action="ignore")'


def split_code(trial: Trial) -> str:
    """Source that leaves row positions in `train`, `validation` and `test`."""
    dataset = trial.dataset
    idiomatic = _idiomatic_split(dataset)
    if idiomatic and _gives(idiomatic, dataset):
        return idiomatic
    if dataset.groups is not None and dataset.split.method == "grouped" and (by_groups := _group_split(dataset)):
        return by_groups
    letters = np.full(len(dataset.frame), "-")
    for letter, rows in zip("tve", (dataset.rows.train, dataset.rows.validation, dataset.rows.test), strict=True):
        letters[rows] = letter
    return "\n".join(
        [
            "PARTS = (  # one letter a row: t trains, v validates, e is for the exam",
            *(f"    {literal(''.join(letters[at : at + 100]))}" for at in range(0, len(letters), 100)),
            ")",
            *(
                f"{part} = np.flatnonzero([letter == {letter!r} for letter in PARTS])"
                for part, letter in (("train", "t"), ("validation", "v"), ("test", "e"))
            ),
        ]
    )


def in_order(dataset: Any) -> bool:
    """Whether `split_code` leaves each part in the dataset's own order, which is that of time where there is one."""
    idiomatic = _idiomatic_split(dataset)
    return bool(idiomatic) and _gives(idiomatic, dataset)


def _idiomatic_split(dataset: Any) -> str:
    split, rows = dataset.split, dataset.rows
    n, n_validation, n_test = len(dataset.frame), len(rows.validation), len(rows.test)
    if dataset.part is not None:
        return _rows_by_part_column(dataset)
    cuts = [n - n_validation - n_test, n - n_test]
    if split.method == "time":
        order = f"order = np.argsort(frame[{literal(split.column)}].to_numpy(), kind={literal('stable')})"
        return f"{order}\ntrain, validation, test = np.split(order, {cuts})"
    if split.method == "ordered":
        return f"train, validation, test = np.split(np.arange({n}), {cuts})"
    if split.method in ("grouped", "copies"):
        return ""
    strata = "fifths" if dataset.task == "regression" else "y"
    by = f", stratify={strata}" if split.method == "stratified" else ""
    first = "fifths = np.searchsorted(np.unique(np.quantile(y, [0.2, 0.4, 0.6, 0.8])), y)\n" if "fifths" in by else ""
    again = f"{by}[rest]" if by else ""
    second = f"train, validation = train_test_split(rest, test_size={n_validation}, random_state={split.seed}{again})"
    if split.keras_validation_split:
        second = f"train, validation = rest[:{len(rows.train)}], rest[{len(rows.train)}:]"
    if not n_test:
        return f"{first}rest, test = np.arange({n}), np.arange(0)\n{second}"
    return f"{first}rest, test = train_test_split(np.arange({n}), test_size={n_test}, random_state={split.seed}{by})\n{second}"


def _rows_by_part_column(dataset: Any) -> str:
    """By the words of the column that names the parts."""
    column = f"frame[{literal(dataset.part)}]"
    lines = []
    for part, rows in dataset.rows.parts():
        words = dataset.frame[dataset.part].iloc[rows].unique().tolist()
        lines.append(f"{part} = np.flatnonzero({column}.isin({names(sorted(words))}))")
    return "\n".join(lines)


def _gives(code: str, dataset: Any) -> bool:
    """Whether this source gives the dataset's own rows; rare classes and moved rows may make it differ."""
    from sklearn.model_selection import train_test_split

    found: dict[str, Any] = {"np": np, "train_test_split": train_test_split, "y": dataset.target_values, "frame": dataset.frame}
    try:
        exec(code, found)  # nosec B102
    except ValueError:
        return False
    return all(np.array_equal(found[part], rows) for part, rows in dataset.rows.parts())


def _group_split(dataset: Any) -> str:
    """By the names of the groups in the smaller parts; empty when there are too many."""
    column = dataset.split.group
    values = dataset.frame[column]
    listed = [
        sorted(values.iloc[rows].dropna().unique().tolist(), key=str) for rows in (dataset.rows.validation, dataset.rows.test)
    ]
    if sum(map(len, listed)) > MOST_GROUPS or values.isna().any():
        return ""
    lists = [wrapped("[", [literal(value) for value in groups], "]") for groups in listed]
    return "\n".join(
        [
            f"validates = frame[{literal(column)}].isin({lists[0]})",
            f"examines = frame[{literal(column)}].isin({lists[1]})",
            "train, validation, test = (np.flatnonzero(part) for part in (~(validates | examines), validates, examines))",
        ]
    )


# ---- features -------------------------------------------------------------------------------------------------------


def features_code(trial: Trial) -> tuple[str, set[str]]:
    """(source that leaves prepared features of all rows in `X`, names of what it imports from scikit-learn)."""
    dataset, blocks = trial.dataset, trial.preparation.blocks
    lines: list[str] = []
    columns: dict[str, list[str]] = {"number": [], "indicator": [], "flag": [], "category": [], "blank": []}
    wanted: list[tuple[str, str]] = []  # (column, what) of each feature in the order of the stack
    for block in blocks:
        source = f"frame[{literal(block.column)}]"
        values = dataset.frame[block.column]
        if isinstance(block, Levels):
            lines += _level_lines(block, source, values)
            columns["blank" if block.missing else "category"].append(block.column)
            wanted += [(block.column, level) for level in (*block.levels, *[MISSING] * block.missing, *[OTHER] * block.other)]
            continue
        name = _part_name(block)
        lines += _number_lines(block, source, values)
        columns["flag" if block.part == "flag" else "number"].append(name)
        wanted.append((name, ""))
        if block.indicator:
            columns["indicator"].append(name)
            wanted.append((name, MISSING))
    given = _given_order(columns, blocks)
    steps, used = _steps(columns)
    lines.append(
        "prepare = ColumnTransformer(\n    [\n"
        + "".join(textwrap.indent(step, "        ") + ",\n" for step in steps)
        + "    ]\n)"
    )
    lines.append("X = prepare.fit(frame.iloc[train]).transform(frame)  # fitted on the training rows only")
    order = [given.index(feature) for feature in wanted]
    if order != list(range(len(order))):
        lines.append("# The order of the recorded training, so that this one starts from the same weights.")
        lines.append(wrapped("X = X[:, [", [str(at) for at in order], "]]"))
    rows = np.concatenate([dataset.rows.train, dataset.rows.validation])
    far = np.abs(trial.preparation.transform(dataset.frame, rows)).max(initial=0.0) >= 1e6
    lines.append(f'X = X{".clip(-1e6, 1e6)" if far else ""}.astype("float32")')
    return "\n".join(lines), used


def _part_name(block: Number) -> str:
    return block.column if block.part in ("", "flag") else f"{block.column} {block.part}"


def _number_lines(block: Number, source: str, values: pd.Series) -> list[str]:
    if block.part == "flag":
        return [f"{source} = {source}.astype(float)"]
    if not block.part:
        return [] if values.dtype.kind in "iuf" else [f'{source} = pd.to_numeric({source}, errors="coerce")']
    new = f"frame[{literal(_part_name(block))}]"
    if block.part == "time":
        return [f'{new} = ({source} - pd.Timestamp("2000-01-01")) / pd.Timedelta(days=1)']
    name, wave = block.part.split("_")
    turn = {
        "month": f"({source}.dt.month - 1) / 12",
        "weekday": f"{source}.dt.day_of_week / 7",
        "hour": f"({source}.dt.hour + {source}.dt.minute / 60) / 24",
    }[name]
    return [f"{new} = np.{wave}(2 * np.pi * {turn})"]


def _level_lines(block: Levels, source: str, values: pd.Series) -> list[str]:
    words = _as_words(source, values)
    lines = [] if words == source else [f"{source} = {words}"]
    if block.other:
        lines.append(f"levels = {names(block.levels)}")
        lines.append(f"{source} = {source}.where({source}.isin(levels) | {source}.isna(), {literal(OTHER)})")
    return lines


def _steps(columns: dict[str, list[str]]) -> tuple[list[str], set[str]]:
    scale = 'make_pipeline(SimpleImputer(strategy="median"), StandardScaler())'
    fill = f'SimpleImputer(strategy="constant", fill_value={literal(MISSING)})'
    one_hot = 'OneHotEncoder(handle_unknown="ignore", sparse_output=False)'
    all_steps = {
        "number": ("numbers", scale, {"make_pipeline", "SimpleImputer", "StandardScaler"}),
        "indicator": ("missing", 'MissingIndicator(features="all")', {"MissingIndicator"}),
        "flag": ("flags", 'SimpleImputer(strategy="most_frequent")', {"SimpleImputer"}),
        "category": ("categories", one_hot, {"OneHotEncoder"}),
        "blank": (
            "categories_with_gaps",
            wrapped("make_pipeline(", [fill, one_hot], ")"),
            {"make_pipeline", "SimpleImputer", "OneHotEncoder"},
        ),
    }
    chosen = [(*all_steps[kind], cols) for kind, cols in columns.items() if cols]
    steps = [wrapped("(", [f'"{name}"', how, names(cols)], ")") for name, how, _, cols in chosen]
    return steps, {"ColumnTransformer"}.union(*(used for _, _, used, _ in chosen))


def _given_order(columns: dict[str, list[str]], blocks: Any) -> list[tuple[str, str]]:
    """The features in the order in which the transformer of `_steps` gives them; scikit-learn sorts levels."""
    by_column = {block.column: block for block in blocks if isinstance(block, Levels)}
    given = [(name, "") for name in columns["number"]] + [(name, MISSING) for name in columns["indicator"]]
    given += [(name, "") for name in columns["flag"]]
    for name in columns["category"] + columns["blank"]:
        block = by_column[name]
        given += [(name, level) for level in sorted((*block.levels, *[MISSING] * block.missing, *[OTHER] * block.other))]
    return given
