"""New rows, typed as the training rows were; whatever had to be done to them is said, and what cannot be done is refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import numpy as np
import pandas as pd
import pyarrow as pa

from tuning_core.data.dataset.targets import as_labels, as_numbers
from tuning_core.data.inference.cell_patterns import MARKERS, MARKERS_ANYWHERE, MISSING
from tuning_core.data.inference.dates import read_dates
from tuning_core.data.inference.labels import BOOLEAN_PAIRS, TRUTH
from tuning_core.data.inference.numbers import read_numbers
from tuning_core.data.notices import Notice, counted, quoted
from tuning_core.data.reading.options import ReadOptions
from tuning_core.data.reading.parse_text import parse_text
from tuning_core.data.reading.text_encoding import decode
from tuning_core.data.reading.upload import open_upload
from tuning_core.errors import DatasetError
from tuning_core.prediction.fields import BOOLEAN, DATE, NUMBER, Field


@dataclass
class _Found:
    """Cells of one kind of trouble, by column."""

    unread: dict[str, int] = field(default_factory=dict)
    unseen: dict[str, tuple[int, list[str]]] = field(default_factory=dict)
    outside: dict[str, int] = field(default_factory=dict)
    missing: dict[str, int] = field(default_factory=dict)


def read_rows(
    source: str | Path | bytes | IO[bytes], header: bool, filename: str | None = None, only: str | None = None
) -> pd.DataFrame:
    """The text cells of a CSV file, one row or more; TableError when it is no table.

    `only`: the one column that is asked for; then a file may hold nothing but it.
    """
    options = ReadOptions(header=header)
    decoded = decode(open_upload(source, filename).data, options)
    if only is not None:
        name, *values = [line.strip().strip('"') for line in decoded.data.decode().splitlines() if line.strip()] or [""]
        if _alike(name) == _alike(only):
            return pd.DataFrame({only: values}, dtype="str")
    parsed = parse_text(decoded, options)
    return pd.DataFrame({name: column.to_pandas() for name, column in zip(parsed.names, parsed.cells.columns, strict=True)})


def type_rows(frame: pd.DataFrame, fields: Sequence[Field], target: str) -> tuple[pd.DataFrame, tuple[Notice, ...]]:
    """The columns that the model asks for, typed, and notices on everything that was out of the ordinary.

    Raises
    ------
    DatasetError
        When a column is lacking, there is no row, or the units in a column are mixed.
    """
    places = _places(frame, fields)
    if not len(frame):
        raise DatasetError("There is no row to predict.", kind="no_data_rows", remedy="Give at least one row below the names.")
    found = _Found()
    typed = {f.column: _typed(frame.iloc[:, places[f.column]], f, found) for f in fields}
    extra = [str(name) for at, name in enumerate(frame.columns) if at not in places.values()]
    return pd.DataFrame(typed), _notices(found, extra, target, len(frame))


def _places(frame: pd.DataFrame, fields: Sequence[Field]) -> dict[str, int]:
    """Where each field's column is; names that differ in case or blanks only are the same."""
    exact, alike = {}, {}
    for at, name in reversed(list(enumerate(frame.columns))):
        exact[str(name)] = at
        alike[_alike(str(name))] = at
    places = {f.column: exact.get(f.column, alike.get(_alike(f.column), -1)) for f in fields}
    lacking = [name for name, at in places.items() if at < 0]
    if lacking:
        raise DatasetError(
            f"The rows lack {counted(len(lacking), 'column')} that the model was trained on: {quoted(lacking)}.",
            kind="missing_columns",
            remedy=f"Give all of: {quoted([f.column for f in fields], 20)}. Cells in them may be empty.",
            column=lacking[0],
        )
    return places


def _alike(name: str) -> str:
    """Equal for names that differ in case or blanks only."""
    return " ".join(name.casefold().split())


def _typed(values: pd.Series, f: Field, found: _Found) -> pd.Series:
    values = values.reset_index(drop=True)
    if f.kind == NUMBER:
        return _number(values, f, found)
    if f.kind == BOOLEAN:
        return _flag(values, f, found)
    if f.kind == DATE:
        return _date(values, f, found)
    return _category(values, f, found)


def _is_text(values: pd.Series) -> bool:
    return not (pd.api.types.is_numeric_dtype(values.dtype) or pd.api.types.is_datetime64_any_dtype(values.dtype))


def _distinct(values: pd.Series, blanks: frozenset[str]) -> tuple[pd.Series, np.ndarray, list[str], np.ndarray]:
    """(trimmed texts, which are blank, the distinct others, how often each occurs)."""
    texts = values.astype("str").mask(values.isna()).str.strip()
    blank = (texts.isna() | texts.isin(blanks)).to_numpy()
    counts = texts[~blank].value_counts()
    return texts, blank, [str(text) for text in counts.index], counts.to_numpy()


def _number(values: pd.Series, f: Field, found: _Found) -> pd.Series:
    if _is_text(values):
        if f.whole and (f.low, f.high) == (0.0, 1.0):  # a 0/1 column may be given as yes and no
            truth = values.map(lambda cell: TRUTH.get(str(cell).strip().casefold()), na_action="ignore")
            values = truth.map({True: "1", False: "0"}).where(truth.notna(), values)
        texts, blank, distinct, counts = _distinct(values, MISSING)
        read = read_numbers(pa.array(distinct, pa.string()), counts, ",", None, None, f.decimal)
        if read.mixed:
            raise DatasetError(
                f"The column {f.column!r} mixes {' and '.join(repr(sign) for sign in read.mixed[:4])}.",
                kind="mixed_units",
                remedy="Convert its numbers to one unit.",
                column=f.column,
            )
        by_text = dict(zip(distinct, np.where(read.ok, read.values, np.nan).tolist(), strict=True))
        numbers = texts.map(by_text).to_numpy(dtype=np.float64)
        unread = np.isnan(numbers) & ~blank & ~texts.isin(MARKERS).to_numpy()
        found.unread |= _some(f.column, unread)
    else:
        numbers = as_numbers(values)
    found.missing |= _some(f.column, np.isnan(numbers))
    with np.errstate(invalid="ignore"):
        found.outside |= _some(f.column, (numbers < f.low) | (numbers > f.high))
    return pd.Series(numbers)


def _flag(values: pd.Series, f: Field, found: _Found) -> pd.Series:
    texts, blank, distinct, _ = _distinct(values, MISSING | MARKERS)
    by_text = {text: float(TRUTH.get(text.casefold(), np.nan)) for text in distinct}
    numbers = texts.map(by_text).to_numpy(dtype=np.float64)
    found.unread |= _some(f.column, np.isnan(numbers) & ~blank)
    found.missing |= _some(f.column, np.isnan(numbers))
    return pd.Series(numbers).map({1.0: True, 0.0: False}).astype("boolean")


def _date(values: pd.Series, f: Field, found: _Found) -> pd.Series:
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        dates = pd.to_datetime(values, utc=True).dt.tz_localize(None)
    else:
        texts, blank, distinct, counts = _distinct(values, MISSING | MARKERS)
        read = None
        if distinct:
            read = read_dates(distinct, counts, f.day_first, False, True, first_year=f.first_year, year_first=f.year_first)
        by_text = {} if read is None else dict(zip(distinct, read.values, strict=True))
        dates = pd.to_datetime(texts.map(by_text), errors="coerce")
        found.unread |= _some(f.column, dates.isna().to_numpy() & ~blank)
    found.missing |= _some(f.column, dates.isna().to_numpy())
    found.outside |= _some(f.column, ((dates < pd.Timestamp(f.low)) | (dates > pd.Timestamp(f.high))).to_numpy())
    return dates


def _category(values: pd.Series, f: Field, found: _Found) -> pd.Series:
    if f.numeric_labels and _is_text(values):
        numbers = pd.to_numeric(values, errors="coerce")
        values = values if numbers.isna().any() else numbers
    labels = as_labels(values).str.strip()
    labels = labels.mask(labels.isin((MISSING | MARKERS_ANYWHERE) - set(f.levels)))
    alike = {_alike(level): level for level in reversed(f.levels)}
    known = set(f.levels)
    alike = _truth_levels(f.levels, [str(t) for t in labels.dropna().unique()]) | alike
    spelled = {str(t): t if t in known else alike.get(_alike(str(t)), t) for t in labels.dropna().unique()}
    labels = labels.map(spelled)
    unseen = labels.notna() & ~labels.isin(f.levels)
    if unseen.any():
        found.unseen[f.column] = (int(unseen.sum()), [str(label) for label in labels[unseen].unique()[:3]])
    found.missing |= _some(f.column, labels.isna().to_numpy())
    return labels


def _truth_levels(levels: Sequence[str], words: Sequence[str]) -> dict[str, str]:
    """For the levels yes and no in any language: which of them each of these words means (1/0, Y/N, true/false, ...)."""
    if len(levels) != 2 or {level.casefold() for level in levels} not in BOOLEAN_PAIRS:
        return {}
    level_of = {TRUTH[level.casefold()]: level for level in levels}
    return {_alike(word): level_of[TRUTH[_alike(word)]] for word in words if _alike(word) in TRUTH}


def _some(column: str, where: np.ndarray) -> dict[str, int]:
    count = int(where.sum())
    return {column: count} if count else {}


def _notices(found: _Found, extra: list[str], target: str, n_rows: int) -> tuple[Notice, ...]:
    notices = []

    def say(kind: str, counts: dict[str, int], text: str) -> None:
        if counts:
            each = ", ".join(f"{quoted([name])} {count:,}" for name, count in list(counts.items())[:5])
            total = sum(counts.values())
            notices.append(Notice(kind, text.format(cells=counted(total, "cell"), each=each), tuple(counts), total))

    say(
        "unreadable_cells",
        found.unread,
        "{cells} could not be read as the kind that the column has and count as missing: {each}.",
    )
    say(
        "missing_values",
        found.missing,
        "{cells} without a value ({each}): numbers are filled with the training rows' median, categories as in training.",
    )
    if found.unseen:
        said = "; ".join(f"{quoted([name])}: {quoted(examples)}" for name, (_, examples) in list(found.unseen.items())[:5])
        total = sum(count for count, _ in found.unseen.values())
        message = (
            f"{counted(total, 'cell')} with a level that the training rows did not have, which the model cannot judge: {said}."
        )
        notices.append(Notice("unseen_categories", message, tuple(found.unseen), total))
    say(
        "outside_training_range",
        found.outside,
        "{cells} beyond what the training rows reached, where the model extrapolates: {each}.",
    )
    others = [name for name in extra if name != target]
    if others:
        message = f"{counted(len(others), 'column')} that the model does not use: {quoted(others)}."
        notices.append(Notice("extra_columns", message, tuple(others), len(others)))
    if target in extra:
        message = f"The target {target!r} is there as well; it is kept beside the prediction and not used."
        notices.append(Notice("target_present", message, (target,), n_rows))
    return tuple(notices)
