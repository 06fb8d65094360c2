"""Columns of words: spellings joined, cells that mean "no value" set aside, yes/no told from other labels."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tuning_core.data.inference.cell_patterns import MARKERS_ANYWHERE, is_number
from tuning_core.data.inference.distinct_cells import DistinctCells
from tuning_core.data.inference.labels import label_kind
from tuning_core.data.inference.spelling_variants import Variants, fold_variants
from tuning_core.data.inference.typed_column import SCRIPT_WORDS, ColumnNotice, Context, OtherKind, Typed, to_series

FOLDED = 5_000
"""Distinct cells up to which spellings are compared."""


_NAMES_TOO = frozenset(("Nan", "Null"))
"""Markers for "no value" that are names of people as well."""

_ASKED = frozenset(("-1", "-9", "-99", "-999", "-9999", "999", "9999"))
"""Numbers that stand for "no value" where all else is words."""

_NAME = re.compile(r"name|^first|^last|author|player|person|artist|vorname|nachname|^nom|prénom|apellido|nombre", re.IGNORECASE)


def label_column(cells: DistinctCells, name: str, context: Context, seen: OtherKind) -> Typed:
    """The column as text or pandas booleans; `seen` is what the other kinds that were tried have to say."""
    blank, of_cells = _blank(cells, name)
    texts, of_spelling = cells.texts, []
    kind = "id" if seen.is_id else ""
    of_kind: tuple[ColumnNotice, ...] = ()
    if len(cells.raw) <= FOLDED:
        variants = fold_variants(cells.raw.to_pylist(), cells.counts, blank)
        folded = pa.array(variants.texts, pa.string())
        if not seen.is_id:
            kind, of_kind = _kind_of(folded, blank, cells, name)
        if kind in ("categorical", "boolean", "constant"):
            of_spelling = _spelling_notices(variants)
            texts = folded if context.options.fold_variants else texts
    if not kind:
        kind, of_kind = _kind_of(texts, blank, cells, name)
    left_out = kind in ("id", "text")
    before = seen.notices if seen.is_id else _fitting(seen.notices, left_out)
    if any(set(notice.asked) & _ASKED for notice in of_cells):  # the numbers among the words are asked about
        before = tuple(notice for notice in before if notice.kind != "mixed_type_column")
    mixes = next((notice.detail for notice in before if notice.kind == "mixed_units"), "")
    of_kind = () if mixes else of_kind  # one cause, one notice
    notices = [*before, *of_cells, *of_spelling, *of_kind, *_list_notice(cells, blank, kind)]
    typed = _typed(cells, texts, kind, blank, notices, {"id": True} if seen.is_id else {})
    return replace(typed, kind="text", reason=f"mixes {mixes}") if mixes else typed


def _blank(cells: DistinctCells, name: str) -> tuple[np.ndarray, list[ColumnNotice]]:
    """Which cells mean "no value" in a column of words, and what to say or ask about them."""
    blank, notices = cells.blank, []
    marker = cells.is_marker(MARKERS_ANYWHERE)
    if marker.any() and not (marker | blank).all():
        detail = cells.shown(np.flatnonzero(marker), 3)
        notices.append(ColumnNotice("missing_marker_detected", detail, int(cells.counts[marker].sum())))
        blank = blank | marker
    texts = cells.texts.to_pylist()
    names = np.array([text in _NAMES_TOO and text not in cells.asked for text in texts], dtype=bool) & blank
    if names.any() and _are_names([text for text, no in zip(texts, blank, strict=True) if not no], name):
        blank = blank & ~names
        notices.append(_asked(cells, np.flatnonzero(names)))
    numbers = np.array([text in _ASKED for text in texts], dtype=bool) & ~blank
    if numbers.any() and not any(map(is_number, (text for text, no in zip(texts, blank | numbers, strict=True) if not no))):
        notices.append(_asked(cells, np.flatnonzero(numbers)))
    return blank, notices


def _are_names(others: list[str], name: str) -> bool:
    """Whether words are names of people: by the column's name, or because all of several begin with a capital."""
    return bool(others) and (_NAME.search(name) is not None or (len(others) >= 5 and all(word.istitle() for word in others)))


def _asked(cells: DistinctCells, at: np.ndarray) -> ColumnNotice:
    words = tuple(cells.take(at).to_pylist())
    return ColumnNotice("missing_marker_detected", cells.shown(at, 3), int(cells.counts[at].sum()), asked=words)


def _spelling_notices(variants: Variants) -> list[ColumnNotice]:
    notices = []
    for found, kind in ((variants.joined, "category_variants"), (variants.apart, "case_variants_kept")):
        if found:
            detail = "; ".join(found[:4]) + ("; …" if len(found) > 4 else "")
            if variants.even and kind == "category_variants":
                detail += "; some of them about equally frequent"
            notices.append(ColumnNotice(kind, detail, len(found)))
    return notices


def _fitting(notices: tuple[ColumnNotice, ...], left_out: bool) -> tuple[ColumnNotice, ...]:
    """What was said on the way and still holds: of categories where there are some, of codes and units where they decide."""
    wrong = ("mixed_type_column", "unparseable_dates", "code_like_column") if left_out else ("mixed_units",)
    return tuple(notice for notice in notices if notice.kind not in wrong)


def _list_notice(cells: DistinctCells, blank: np.ndarray, kind: str) -> list[ColumnNotice]:
    """Cells that name several labels at once ('Drama|Crime'), when these come again in other cells."""
    if kind not in ("categorical", "id", "text"):
        return []
    at = np.flatnonzero(~blank)[:2_000]
    texts = cells.take(at).to_pylist()
    for sign in "|;,/":
        lists = np.array([_is_list(text, sign) for text in texts], dtype=bool)
        if _are_lists(texts, lists, cells.counts[at], sign):
            return [ColumnNotice("multi_valued_column", cells.shown(at[lists], 1), int(cells.counts[at[lists]].sum()))]
    return []


def _is_list(text: str, sign: str) -> bool:
    """Whether a cell names several labels: each between signs, none of them empty."""
    return sign in text and all(part.strip() for part in text.split(sign))


def _are_lists(texts: list[str], lists: np.ndarray, counts: np.ndarray, sign: str) -> bool:
    """Whether the labels between signs come again, alone or among others; "," and "/" may stand within one."""
    if len(texts) < 5 or counts[lists].sum() < 0.2 * counts.sum():
        return False
    parts = [[part.strip() for part in text.split(sign)] for text in texts]
    labels = {part for row in parts for part in row}
    if all(map(is_number, labels)):
        return False
    if sign not in ",/":
        return len(labels) < len(texts)
    places = {(part, at) for row in parts for at, part in enumerate(row)}
    anywhere = len(places) > 1.5 * len(labels)  # the same word first and last, unlike 'Paris, France'
    return anywhere and 2 * len(labels) <= len(texts)


def _kind_of(texts: pa.Array, blank: np.ndarray, cells: DistinctCells, name: str) -> tuple[str, tuple[ColumnNotice, ...]]:
    return label_kind(pc.filter(texts, pa.array(~blank)), cells.counts[~blank], name)


def _typed(
    cells: DistinctCells, texts: pa.Array, kind: str, blank: np.ndarray, notices: list[ColumnNotice], repairs: dict[str, object]
) -> Typed:
    by_code = pc.if_else(pa.array(blank), pa.scalar(None, pa.string()), texts)
    values = by_code.take(pa.array(cells.codes))
    missing = values.null_count
    said = (*notices, *cells.missing_notice(blank, missing))
    distinct = pc.count_distinct(by_code, mode="only_valid").as_py()
    if kind == "constant" and missing:
        kind = "categorical"
    series = to_series(values)
    if kind == "boolean" and set(series.dropna().str.lower().unique()) == {"true", "false"}:
        series = series.str.lower().map({"true": True, "false": False}).astype("boolean")
    places = by_code.dictionary_encode().indices
    known = np.asarray(pc.is_valid(places))
    tally = np.bincount(np.asarray(pc.fill_null(places, 0))[known], weights=cells.counts[known])
    repairs = repairs | _repairs(cells, texts, blank)
    return Typed(series, kind, missing, distinct, said, repairs, top=int(tally.max(initial=0)))


def _repairs(cells: DistinctCells, texts: pa.Array, blank: np.ndarray) -> dict[str, object]:
    """The spellings that were joined, and words that count as missing, for those who read the file by other means."""
    repairs: dict[str, object] = {}
    moved = np.flatnonzero(np.asarray(pc.not_equal(cells.texts, texts)) & ~blank)
    if len(moved):
        pairs = zip(cells.take(moved).to_pylist(), texts.take(pa.array(moved)).to_pylist(), strict=True)
        repairs["labels"] = dict(list(pairs)[:SCRIPT_WORDS])
    if pc.any(pc.not_equal(cells.raw, cells.texts)).as_py():
        repairs["trimmed"] = True
    blanks = {cell: int(cells.counts[at]) for at in np.flatnonzero(blank) if (cell := cells.texts[at].as_py())}
    if blanks:
        repairs["missing"] = list(blanks)[:SCRIPT_WORDS]
        repairs["missing_counts"] = dict(list(blanks.items())[:SCRIPT_WORDS])
    return repairs
