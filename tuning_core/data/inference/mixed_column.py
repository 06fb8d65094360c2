"""Columns that are not plain numbers: numbers in any notation, dates, yes/no, codes or labels, decided on the distinct cells."""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tuning_core.data.inference import cell_patterns as marks
from tuning_core.data.inference.dates import Dates, read_dates, read_hours
from tuning_core.data.inference.labels import fold_variants, label_kind
from tuning_core.data.inference.numbers import Numbers, read_numbers
from tuning_core.data.inference.typed_column import Context, Remark, Typed, to_series

_PAIRS = (
    "yes/no true/false y/n t/f on/off ja/nein oui/non si/no sí/no sim/não tak/nie ano/ne да/нет 是/否 はい/いいえ wahr/falsch "
    "vrai/faux vero/falso verdadero/falso evet/hayır igen/nem ναι/όχι نعم/لا כן/לא 예/아니오"
)
BOOLEAN_PAIRS = tuple(frozenset(pair.split("/")) for pair in _PAIRS.split())
DATE_NAME = re.compile(r"date|day|dat\b|datum|time|fecha|jour|_dt$|^dt", re.IGNORECASE)
SCRIPT_WORDS = 100  # cells of a column that an exported script names one by one
WHOLE = 2**53
"""Whole numbers below this are exact in float64."""


class Decision:
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
        if DATE_NAME.search(self.name):  # 20240131 is a number as well
            return self._dates() or self._numbers() or self._hours() or self._labels()
        return self._numbers() or self._dates() or self._hours() or self._labels()

    def _missing(self) -> np.ndarray:
        options = self.context.options
        self.asked = options.markers_of(self.name)
        names = [mark for mark in marks.MISSING | set(self.asked) if mark not in options.keep]
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
        same_signs = flipped.unit in ("", found.unit) and flipped.currency in ("", found.currency)
        return same_signs and bool(flipped.ok.all())  # '5more' is no number, though all cells that are none end in 'more'

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
        long &= np.abs(np.where(found.ok, found.values, 0.0)) >= WHOLE
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
            say(Remark("non_numeric_in_numeric_column", self._shown(at[words], 3), int(counts[words].sum())))
        if marker.any():
            say(Remark("missing_marker_detected", self._shown(at[marker], 3), int(counts[marker].sum())))

    def _number_column(self, by_code: np.ndarray, found: Numbers) -> Typed:
        for mark in self.asked:  # '0' is meant for 0.0 as well
            meant = by_code == _number(mark)
            by_code[meant], self.blank = np.nan, self.blank | meant
        values = by_code[self.codes]
        self._say_missing(np.isnan(values))
        self._keep_for_scripts(by_code, found.decimal)
        present = by_code[~np.isnan(by_code)]
        missing = int(np.isnan(values).sum())
        whole = found.decimal in ".," and bool((present == np.floor(present)).all()) and not self._has_fraction_sign(found)
        if whole and np.abs(present).max(initial=0) < WHOLE:
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
        packed = bool(DATE_NAME.search(self.name))
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
        by_code = np.full(len(self.raw), np.datetime64("NaT", "us"), dtype="datetime64[us]")
        by_code[at] = found.values
        values = by_code[self.codes]
        blank = np.isnat(values)
        self._say_missing(blank)
        self.repairs["dates"] = "day first" if found.day_first else "ISO8601"
        distinct = len(np.unique(found.values[found.ok]))
        kind = "datetime" if distinct > 1 or blank.any() else "constant"
        return Typed(values, kind, int(blank.sum()), distinct, tuple(self.remarks), self.repairs)

    def _hours(self) -> Typed | None:
        """Times of day and durations as hours, where nearly all cells are such."""
        at = np.flatnonzero(~self.blank)
        if np.isnan(read_hours(self.texts.take(pa.array(at[:20])).to_pylist())).all():
            return None
        hours = read_hours(self.texts.take(pa.array(at)).to_pylist())
        words, counts = np.isnan(hours), self.counts[at]
        if counts[words].sum() > 0.05 * counts.sum() or len(np.unique(hours[~words])) < 3:
            return None
        self.remarks.append(Remark("times_as_hours"))
        if words.any():
            self.remarks.append(Remark("non_numeric_in_numeric_column", self._shown(at[words], 3), int(counts[words].sum())))
        self.repairs["hours"] = True
        by_code = np.full(len(self.raw), np.nan)
        by_code[at] = hours
        values = by_code[self.codes]
        self._say_missing(np.isnan(values))
        missing = int(np.isnan(values).sum())
        return Typed(values, "numeric", missing, len(np.unique(hours[~words])), tuple(self.remarks), self.repairs)

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
        self._keep_labels_for_scripts(texts)
        return self._label_column(texts, kind)

    def _keep_labels_for_scripts(self, texts: pa.Array) -> None:
        """The spellings that were joined, and words that count as missing, for those who read the file by other means."""
        moved = np.flatnonzero(np.asarray(pc.not_equal(self.texts, texts)) & ~self.blank)
        if len(moved):
            pairs = zip(self.texts.take(pa.array(moved)).to_pylist(), texts.take(pa.array(moved)).to_pylist(), strict=True)
            self.repairs["labels"] = dict(list(pairs)[:SCRIPT_WORDS])
        if pc.any(pc.not_equal(self.raw, self.texts)).as_py():
            self.repairs["trimmed"] = True
        blanks = [cell for cell in self.texts.filter(pa.array(self.blank)).to_pylist() if cell]
        if blanks:
            self.repairs["missing"] = blanks[:SCRIPT_WORDS]

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

    def _keep_for_scripts(self, by_code: np.ndarray, decimal: str) -> None:
        """What another reader must be told to read the same numbers: cells that are none, and whether notation is special."""
        blank = np.isnan(by_code)
        words = [cell for cell in self.raw.filter(pa.array(blank)).to_pylist() if cell]
        if words:
            self.repairs["no_numbers"] = words[:SCRIPT_WORDS]
        texts = pc.replace_substring(self.texts.filter(pa.array(~blank)), decimal, ".")
        try:
            special = not np.array_equal(np.asarray(pc.cast(texts, pa.float64())), by_code[~blank])
        except pa.ArrowInvalid:
            special = True
        if special or len(words) > SCRIPT_WORDS:
            self.repairs["special"] = True

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


def _number(mark: str) -> float:
    """The number a marker is written as, NaN (which equals nothing) for words."""
    try:
        return float(mark)
    except ValueError:
        return float("nan")
