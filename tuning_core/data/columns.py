"""Text cells of one column to typed values: which kind the column has, and what had to be done to it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from tuning_core.data import cells as marks
from tuning_core.data.dates import Dates, read_dates
from tuning_core.data.labels import fold_variants, label_kind
from tuning_core.data.numbers import Numbers, read_numbers
from tuning_core.data.options import ReadOptions

_PAIRS = (
    "yes/no true/false y/n t/f on/off ja/nein oui/non si/no sí/no sim/não tak/nie ano/ne да/нет 是/否 はい/いいえ wahr/falsch "
    "vrai/faux vero/falso verdadero/falso evet/hayır igen/nem ναι/όχι نعم/لا כן/לא 예/아니오"
)
BOOLEAN_PAIRS = tuple(frozenset(pair.split("/")) for pair in _PAIRS.split())
_DATE_NAME = re.compile(r"date|day|dat\b|datum|time|fecha|jour|_dt$|^dt", re.IGNORECASE)
_WHOLE = 2**53
PROBE = 500


@dataclass(frozen=True)
class Context:
    """What all columns of one file share."""

    options: ReadOptions = field(default_factory=ReadOptions)
    delimiter: str = ","
    decimal_hint: str | None = None
    rows: int = 0
    width: int = 0


@dataclass(frozen=True)
class Remark:
    """One thing that happened in one column; the reader groups remarks of a kind into a notice."""

    kind: str
    detail: str = ""
    count: int = 0


@dataclass(frozen=True, eq=False)
class Typed:
    """A typed column: `values` (float64, int64, datetime64[us], pandas boolean, or text with missing as None).

    `distinct` is an estimate where `exact` is false: in long columns of decimals, where counting would cost the most.
    `top` is how often the commonest label occurs, 0 where that was not counted.
    """

    values: pd.Series | np.ndarray
    kind: str
    missing: int
    distinct: int
    remarks: tuple[Remark, ...] = ()
    repairs: dict[str, object] = field(default_factory=dict)
    exact: bool = True
    top: int = 0


def type_column(cells: pa.ChunkedArray, name: str, position: int, context: Context) -> Typed:
    """Type one column of text cells, none of them null; raises MixedUnits."""
    if name in context.options.as_text:
        return _as_text(cells, context)
    fast = _fast_number(cells, context) or _fast_date(cells, context)
    if fast is not None and not _may_be_packed_dates(fast, name):
        return fast
    return _Slow(cells.combine_chunks(), name, position, context).typed()


def _may_be_packed_dates(typed: Typed, name: str) -> bool:
    """Whole numbers such as 20240131 in a column whose name speaks of dates."""
    if typed.kind != "integer" or not _DATE_NAME.search(name):
        return False
    return bool(np.nanmin(typed.values) >= 1900_01_01 and np.nanmax(typed.values) <= 2100_12_31)


def _as_text(cells: pa.ChunkedArray, context: Context) -> Typed:
    values = pc.if_else(pc.equal(cells, ""), None, cells)
    distinct = pc.count_distinct(values, mode="only_valid").as_py()
    return Typed(to_series(values), "text" if distinct > 20 else "categorical", values.null_count, distinct)


def to_series(values: pa.Array) -> pd.Series:
    """pandas text; missing is NaN."""
    return pd.Series(values.to_pandas(types_mapper=None)).astype("str")


def _fast_number(cells: pa.ChunkedArray, context: Context) -> Typed | None:
    """Whole columns of plain integers or of decimals with a point, empty cells allowed; most columns end here."""
    options = context.options
    if options.missing or options.decimal == "," or options.thousands:
        return None
    blank = None
    for dtype in (pa.int64(), pa.float64()):
        if dtype == pa.float64() and context.decimal_hint == ",":
            return None
        found = _cast(cells if blank is None else blank, dtype)
        if found is None and blank is None:
            blank = pc.if_else(pc.equal(cells, ""), pa.scalar(None, pa.string()), cells)
            if not 0 < blank.null_count < len(blank):
                blank = None
                continue
            found = _cast(blank, dtype)
        if found is not None:
            return _whole(found, cells) if dtype == pa.int64() else _decimal(found)
    return None


def _cast(cells: pa.ChunkedArray, dtype: pa.DataType) -> pa.ChunkedArray | None:
    """The cast column, or None; the first cells are tried alone because a failing cast of all is slow."""
    try:
        if len(cells) > 2 * PROBE:
            pc.cast(cells.slice(0, PROBE), dtype)
        return pc.cast(cells, dtype)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return None


def _whole(found: pa.ChunkedArray, cells: pa.ChunkedArray) -> Typed | None:
    """Integers; None when a leading zero says that they are codes."""
    present = np.asarray(found.drop_null())
    digits = np.searchsorted(10 ** np.arange(1, 19), np.abs(present), side="right") + 1
    if int(digits.sum()) + int((present < 0).sum()) != pc.sum(pc.binary_length(cells)).as_py():
        return None
    if np.abs(present).max(initial=0) >= _WHOLE:
        return None  # more digits than float64 keeps: the slow way decides
    missing = found.null_count
    values = np.asarray(pc.cast(found, pa.float64())) if missing else np.asarray(found)
    return Typed(values, "integer", missing, len(pd.unique(present)))


def _decimal(found: pa.ChunkedArray) -> Typed | None:
    values = np.array(found, dtype=np.float64)
    if not max(np.fmax.reduce(values), -np.fmin.reduce(values)) < _WHOLE:  # fmax passes over NaN
        return None  # infinite, or whole numbers with more digits than float64 keeps
    missing = int(np.isnan(values).sum())
    if missing > found.null_count:
        return None  # 'nan' spelled out: the slow way counts the markers
    if _hardly_repeats(values):
        return Typed(values, "numeric", missing, len(values) - missing, exact=False)
    return Typed(values, "numeric", missing, len(pd.unique(values)) - bool(missing))


def _hardly_repeats(values: np.ndarray) -> bool:
    """Whether a long column is so varied that counting its distinct values would only cost time."""
    if len(values) < 100_000:
        return False
    sample = values[:: len(values) // 20_000]
    present = len(sample) - int(pd.isna(sample).sum())
    return len(pd.unique(sample)) > 0.9 * present > 0


def _fast_date(cells: pa.ChunkedArray, context: Context) -> Typed | None:
    """Whole columns of ISO dates."""
    if context.options.missing or not len(cells) or not re.match(r"\d{4}-\d{2}-\d{2}", cells[0].as_py()):
        return None
    found = _cast(cells, pa.timestamp("us"))
    if found is None:
        return None
    values = np.asarray(found).astype("datetime64[us]")
    distinct = len(pd.unique(values))
    if distinct < 2:
        return None
    return Typed(values, "datetime", 0, distinct, (Remark("date_column"),), {"dates": "ISO8601"})


class _Slow:
    """The way of a column that is not plain: everything is decided on its distinct cells."""

    def __init__(self, cells: pa.Array, name: str, position: int, context: Context) -> None:
        self.name, self.position, self.context, self.rows = name, position, context, len(cells)
        encoded = pc.dictionary_encode(cells)
        self.codes = np.asarray(encoded.indices)
        self.raw = encoded.dictionary
        self.texts = pc.utf8_trim_whitespace(self.raw)
        self.counts = np.bincount(self.codes, minlength=len(self.raw))
        self.remarks: list[Remark] = []
        self.repairs: dict[str, object] = {}
        self.blank = self._missing()

    def typed(self) -> Typed:
        present = ~self.blank
        if not present.any():
            return Typed(np.full(self.rows, np.nan), "empty", self.rows, 0, (Remark("empty_column_dropped"),))
        if _DATE_NAME.search(self.name):  # 20240131 is a number as well
            return self._dates() or self._numbers() or self._labels()
        return self._numbers() or self._dates() or self._labels()

    def _missing(self) -> np.ndarray:
        options = self.context.options
        names = [mark for mark in marks.MISSING | set(options.missing) if mark not in options.keep]
        return np.asarray(pc.is_in(self.texts, value_set=pa.array(names, pa.string())))

    def _is_marker(self, wanted: frozenset[str]) -> np.ndarray:
        names = [mark for mark in wanted if mark not in self.context.options.keep]
        return np.asarray(pc.is_in(self.texts, value_set=pa.array(names, pa.string()))) & ~self.blank

    def _numbers(self) -> Typed | None:
        at = np.flatnonzero(~self.blank)
        options = self.context.options
        if not self._some_numbers(at):
            return None
        counts = self.counts[at]
        found = read_numbers(
            self.texts.take(pa.array(at)),
            counts,
            self.context.delimiter,
            options.decimal,
            options.thousands,
            self.context.decimal_hint,
        )
        read = found.ok | found.infinite
        marker = self._is_marker(marks.MARKERS)[at] & ~read
        words = ~read & ~marker
        total, numeric = int(counts[~marker].sum()), int(counts[read].sum())
        if not numeric or self._are_codes(at, found, counts):
            return None
        if (
            words.any()
            and not self._few_words(found, counts, words, numeric / total)
            and not self._other_decimals(at, words, found)
        ):
            if numeric >= 0.1 * total:
                self.remarks.append(Remark("mixed_type_column", self._shown(at[words], 3), int(counts[words].sum())))
            return None
        self._say_number_repairs(at, found, counts, words, marker)
        values = np.full(len(self.raw), np.nan)
        values[at] = np.where(found.ok, found.values, np.nan)
        return self._number_column(values, found)

    def _some_numbers(self, at: np.ndarray) -> bool:
        """A look at up to 300 distinct cells, so that columns of words cost nothing."""
        sample = self.texts.take(pa.array(at[:: max(1, len(at) // 300)])).to_pylist()
        return any(
            cell[0:1].isdecimal() or any(sign.isdecimal() for sign in cell[:6]) or "inf" in cell.lower() for cell in sample
        )

    def _few_words(self, found: Numbers, counts: np.ndarray, words: np.ndarray, share: float) -> bool:
        """Whether the words are slips among numbers rather than values of their own."""
        distinct = len(np.unique(found.values[found.ok]))
        return share >= 0.95 or (share >= 0.85 and distinct > 10) or (share >= 0.5 and distinct > 20 and words.sum() <= 3)

    def _other_decimals(self, at: np.ndarray, words: np.ndarray, found: Numbers) -> bool:
        """Whether the words are numbers with the other decimal sign: a column of numbers all the same, partly damaged."""
        if not words.any() or int(self.counts[at[found.ok]].sum()) < 0.6 * int(self.counts[at].sum()):
            return False
        other = "," if found.decimal == "." else "."
        texts = self.texts.take(pa.array(at[words]))
        flipped = read_numbers(texts, self.counts[at[words]], self.context.delimiter, other, None, None)
        return bool(flipped.ok.all())

    def _are_codes(self, at: np.ndarray, found: Numbers, counts: np.ndarray) -> bool:
        """Digits that are names: leading zeros, or more digits than a number can hold exactly."""
        texts = self.texts.take(pa.array(at))
        phones = np.asarray(pc.match_substring_regex(texts, pattern=r"^\+[0-9][0-9 ().-]{7,}$"))
        if counts[phones].sum() > 0.5 * counts.sum() and not found.comma:
            self.remarks.append(Remark("code_like_column", self._shown(at[phones], 2), int(counts[phones].sum())))
            return True
        zeros = np.asarray(pc.match_substring_regex(texts, pattern=r"^0[0-9]+$"))
        digits = np.asarray(pc.match_substring_regex(texts, pattern=r"^[-+]?[0-9]+$"))
        if zeros.any() and counts[zeros].sum() >= min(2, 0.005 * counts.sum()) and digits.sum() >= 0.9 * len(at):
            self.remarks.append(Remark("code_like_column", self._shown(at[zeros], 2), int(counts[zeros].sum())))
            return True
        long = np.asarray(pc.match_substring_regex(texts, pattern=r"^[-+]?[0-9]{16,}$"))
        long &= np.abs(np.where(found.ok, found.values, 0.0)) >= _WHOLE
        if long.sum() > 0.05 * len(at):
            self.remarks.append(
                Remark("extreme_values", f"whole numbers such as {self._shown(at[long], 1)}", int(counts[long].sum()))
            )
            self.remarks.append(Remark("id_like_column", "whole numbers too long to be a quantity"))
            self.repairs["id"] = True
            return True
        return False

    def _say_number_repairs(
        self, at: np.ndarray, found: Numbers, counts: np.ndarray, words: np.ndarray, marker: np.ndarray
    ) -> None:
        say = self.remarks.append
        if found.comma:
            say(Remark("decimal_comma"))
            self.repairs["decimal"] = ","
        if found.grouped:
            say(Remark("thousands_separator"))
            self.repairs["grouped"] = True
        if found.currency:
            say(Remark("currency_parsed", found.currency))
        elif found.unit == "%":
            say(Remark("percent_parsed"))
        elif found.unit:
            say(Remark("currency_parsed", f"unit {found.unit!r}"))
        if found.infinite.any():
            say(Remark("non_finite_values", "", int(counts[found.infinite].sum())))
        if words.any():
            say(Remark("non_numeric_in_numeric_column", self._shown(at[words], 5), int(counts[words].sum())))
        if marker.any():
            say(Remark("missing_marker_detected", self._shown(at[marker], 3), int(counts[marker].sum())))

    def _number_column(self, by_code: np.ndarray, found: Numbers) -> Typed:
        values = by_code[self.codes]
        self._say_missing(np.isnan(values))
        present = by_code[~np.isnan(by_code)]
        missing = int(np.isnan(values).sum())
        whole = found.decimal in ".," and bool((present == np.floor(present)).all()) and not self._has_fraction_sign(found)
        if whole and np.abs(present).max(initial=0) < _WHOLE:
            column = values if missing else values.astype(np.int64)
            return Typed(column, "integer", missing, len(np.unique(present)), tuple(self.remarks), self.repairs)
        return Typed(values, "numeric", missing, len(np.unique(present)), tuple(self.remarks), self.repairs)

    def _has_fraction_sign(self, found: Numbers) -> bool:
        sign = r"\." if found.decimal == "." else ","
        return bool(pc.any(pc.match_substring_regex(self.texts, pattern=rf"[0-9]?{sign}[0-9]*$")).as_py()) and not found.grouped

    def _dates(self) -> Typed | None:
        at = np.flatnonzero(~self.blank & ~self._is_marker(marks.MARKERS))
        if not len(at):
            return None
        options = self.context.options
        comma_file = self.context.decimal_hint == "," or self.context.delimiter == ";"
        packed = bool(_DATE_NAME.search(self.name))
        found = read_dates(self.texts.take(pa.array(at)).to_pylist(), self.counts[at], options.day_first, comma_file, packed)
        if found is None or not found.ok.any():
            return None
        good = int(self.counts[at][found.ok].sum())
        bad = int(self.counts[at].sum()) - good
        if good < 0.7 * (good + bad):
            self.remarks.append(Remark("unparseable_dates", self._shown(at[~found.ok], 3), bad))
            return None
        return self._date_column(at, found, bad)

    def _date_column(self, at: np.ndarray, found: Dates, bad: int) -> Typed:
        say = self.remarks.append
        say(Remark("date_column", "in UTC" if found.zoned else ""))
        if found.ambiguous:
            say(Remark("ambiguous_date_format", "day before month" if found.day_first else "month before day"))
        if bad:
            say(Remark("unparseable_dates", self._shown(at[~found.ok], 3), bad))
        marker = self._is_marker(marks.MARKERS)
        if marker.any():
            say(Remark("missing_marker_detected", self._shown(np.flatnonzero(marker), 3), int(self.counts[marker].sum())))
        by_code = np.full(len(self.raw), np.datetime64("NaT"), dtype="datetime64[us]")
        by_code[at] = found.values
        values = by_code[self.codes]
        blank = np.isnat(values)
        self._say_missing(blank)
        self.repairs["dates"] = "day first" if found.day_first else "ISO8601"
        distinct = len(np.unique(found.values[found.ok]))
        kind = "datetime" if distinct > 1 or blank.any() else "constant"
        return Typed(values, kind, int(blank.sum()), distinct, tuple(self.remarks), self.repairs)

    def _labels(self) -> Typed:
        marker = self._is_marker(marks.MARKERS_ANYWHERE)
        if marker.any() and not (marker | self.blank).all():
            detail = self._shown(np.flatnonzero(marker), 3)
            self.remarks.append(Remark("missing_marker_detected", detail, int(self.counts[marker].sum())))
            self.blank |= marker
        texts, kind = self.texts, ""
        if len(self.raw) <= 5_000:
            folded, said = fold_variants(self.raw.to_pylist(), self.counts, self.blank)
            kind = self._kind_of(pa.array(folded, pa.string()))
            if said and kind in ("categorical", "boolean", "constant"):
                detail = "; ".join(said[:4]) + ("; …" if len(said) > 4 else "")
                self.remarks.append(Remark("category_variants", detail, len(said)))
                if self.context.options.fold_variants:
                    texts = pa.array(folded, pa.string())
        kind = kind or self._kind_of(texts)
        return self._label_column(texts, kind)

    def _kind_of(self, texts: pa.Array) -> str:
        if self.repairs.get("id"):
            return "id"
        present = pc.filter(texts, pa.array(~self.blank))
        kind, remarks = label_kind(present, self.counts[~self.blank], self.name, BOOLEAN_PAIRS)
        self.remarks = [*[r for r in self.remarks if r.kind not in ("high_cardinality", "text_column_ignored")], *remarks]
        return kind

    def _label_column(self, texts: pa.Array, kind: str) -> Typed:
        by_code = pc.if_else(pa.array(self.blank), pa.scalar(None, pa.string()), texts)
        values = by_code.take(pa.array(self.codes))
        missing = values.null_count
        self._say_missing(self.blank[self.codes])
        distinct = pc.count_distinct(by_code, mode="only_valid").as_py()
        if kind == "constant" and missing:
            kind = "categorical"
        series = to_series(values)
        if kind == "boolean" and set(series.dropna().str.lower().unique()) == {"true", "false"}:
            series = series.str.lower().map({"true": True, "false": False}).astype("boolean")
        places = by_code.dictionary_encode().indices
        known = np.asarray(pc.is_valid(places))
        tally = np.bincount(np.asarray(pc.fill_null(places, 0))[known], weights=self.counts[known])
        return Typed(series, kind, missing, distinct, tuple(self.remarks), self.repairs, top=int(tally.max(initial=0)))

    def _say_missing(self, blank: np.ndarray) -> None:
        """Which spellings were read as missing, for the notice."""
        if blank.any():
            spelled = [f"{text!r} × {count:,}" for text, count in zip(*self._blanks(), strict=True) if text]
            self.remarks.append(Remark("missing_values", ", ".join(spelled[:4]), int(blank.sum())))

    def _blanks(self) -> tuple[list[str], list[int]]:
        at = np.flatnonzero(self.blank & (self.counts > 0))[:50]
        return self.texts.take(pa.array(at)).to_pylist(), self.counts[at].tolist()

    def _shown(self, at: np.ndarray, limit: int) -> str:
        """Some of the distinct cells at these places, for a sentence."""
        found = self.texts.take(pa.array(at[:limit])).to_pylist()
        words = ", ".join(repr(cell if len(cell) <= 30 else cell[:29] + "…") for cell in found)
        return words + (", …" if len(at) > limit else "")


def with_missing_remark(typed: Typed) -> Typed:
    """A fast column's empty cells, said as those of a slow one."""
    if not typed.missing or typed.kind == "empty" or any(remark.kind == "missing_values" for remark in typed.remarks):
        return typed
    return replace(typed, remarks=(*typed.remarks, Remark("missing_values", "", typed.missing)))
