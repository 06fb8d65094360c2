"""Columns of dates, and of times of day and durations, which become hours."""

from __future__ import annotations

import re

import numpy as np

from tuning_core.data.inference.cell_patterns import MARKERS, is_number
from tuning_core.data.inference.clock import read_hours
from tuning_core.data.inference.dates import Dates, read_dates
from tuning_core.data.inference.distinct_cells import DistinctCells
from tuning_core.data.inference.typed_column import ColumnNotice, Context, OtherKind, Typed

DATE_NAME = re.compile(r"date|day|dat\b|datum|time|fecha|jour|_dt$|^dt", re.IGNORECASE)


def date_column(cells: DistinctCells, name: str, context: Context) -> Typed | OtherKind:
    """The column as datetime64[us], in UTC where cells had zones."""
    at = np.flatnonzero(~cells.blank & ~cells.is_marker(MARKERS))
    if not len(at):
        return OtherKind()
    counts = cells.counts[at]
    comma_file = context.decimal_hint == "," or context.delimiter == ";"
    packed = bool(DATE_NAME.search(name))
    found = read_dates(cells.take(at).to_pylist(), counts, context.options.day_first, comma_file, packed)
    if found is None or not found.ok.any():
        return OtherKind()
    bad = int(counts[~found.ok].sum())
    unread = [ColumnNotice("unparseable_dates", cells.shown(at[~found.ok], 3), bad)] if bad else []
    if bad > 0.3 * counts.sum() or _are_periods(cells, at, found):
        return OtherKind(tuple(unread))
    return _typed(cells, at, found, unread)


def _are_periods(cells: DistinctCells, at: np.ndarray, found: Dates) -> bool:
    """Whether years stand among quarters and months: spans of different lengths, which are no dates."""
    if not set(found.formats) <= {"quarter", "week", "my", "ymw", "ym"}:
        return False
    unread = at[~found.ok]
    numbers = [is_number(cell) for cell in cells.take(unread).to_pylist()]
    return bool(cells.counts[unread][numbers].sum() > 0.05 * cells.counts[at].sum())


def _typed(cells: DistinctCells, at: np.ndarray, found: Dates, unread: list[ColumnNotice]) -> Typed:
    said = [ColumnNotice("date_column", _how(cells, at, found))]
    if found.ambiguous:
        said.append(ColumnNotice("ambiguous_date_format", "day before month" if found.day_first else "month before day"))
    said += unread
    marker = cells.is_marker(MARKERS)
    if marker.any():
        detail = cells.shown(np.flatnonzero(marker), 3)
        said.append(ColumnNotice("missing_marker_detected", detail, int(cells.counts[marker].sum())))
    by_code = np.full(len(cells.raw), np.datetime64("NaT", "us"), dtype="datetime64[us]")
    by_code[at] = found.values
    values = by_code[cells.codes]
    missing = int(np.isnat(values).sum())
    said += cells.missing_notice(cells.blank, missing)
    distinct = len(np.unique(found.values[found.ok]))
    kind = "datetime" if distinct > 1 or missing else "constant"
    return Typed(values, kind, missing, distinct, tuple(said), _repairs(found))


def _how(cells: DistinctCells, at: np.ndarray, found: Dates) -> str:
    """What had to be decided about the dates, for the notice."""
    how = ["in UTC"] if found.zoned else []
    if found.year_first:
        how.append("year first")
    if found.first_year is not None:
        years = found.values[found.ok].astype("datetime64[Y]").astype(int) + 1970
        span = f"{years.min()} to {years.max()}" if years.min() < years.max() else f"{years.min()}"
        how.append(f"two-digit years taken as {span}")
    if found.serials is not None and found.serials.any():
        rows = int(cells.counts[at[found.serials]].sum())
        how.append(f"{rows:,} of them days counted as spreadsheets do, such as {cells.shown(at[found.serials], 1)}")
    return ", ".join(how)


def _repairs(found: Dates) -> dict[str, object]:
    """How the dates were read, for those who read the file by other means."""
    repairs: dict[str, object] = {"dates": "day first" if found.day_first else "year first" if found.year_first else "ISO8601"}
    if "quarter" in found.formats:
        repairs["dates"] = "quarters"
    elif "week" in found.formats:
        repairs["dates"] = "weeks"
    elif {"my", "ymw"} & set(found.formats):
        repairs["dates"] = "months"
    if found.first_year is not None:
        repairs["first_year"] = found.first_year
    return repairs


def hour_column(cells: DistinctCells) -> Typed | OtherKind:
    """Times of day and durations in hours, float64, where nearly all cells are such."""
    at = np.flatnonzero(~cells.blank)
    if np.isnan(read_hours(cells.take(at[:20]).to_pylist())).all():
        return OtherKind()
    hours = read_hours(cells.take(at).to_pylist())
    words, counts = np.isnan(hours), cells.counts[at]
    distinct = len(np.unique(hours[~words]))
    if counts[words].sum() > 0.05 * counts.sum() or distinct < 3:
        return OtherKind()
    said = [ColumnNotice("times_as_hours")]
    if words.any():
        said.append(ColumnNotice("non_numeric_in_numeric_column", cells.shown(at[words], 3), int(counts[words].sum())))
    by_code = np.full(len(cells.raw), np.nan)
    by_code[at] = hours
    values = by_code[cells.codes]
    missing = int(np.isnan(values).sum())
    said += cells.missing_notice(cells.blank, missing)
    return Typed(values, "numeric", missing, distinct, tuple(said), {"hours": True})
