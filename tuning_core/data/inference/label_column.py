"""Columns of words: spellings joined, cells that mean "no value" set aside, yes/no told from other labels."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tuning_core.data.inference.cell_patterns import MARKERS_ANYWHERE
from tuning_core.data.inference.distinct_cells import DistinctCells
from tuning_core.data.inference.labels import fold_variants, label_kind
from tuning_core.data.inference.typed_column import SCRIPT_WORDS, ColumnNotice, Context, OtherKind, Typed, to_series

FOLDED = 5_000
"""Distinct cells up to which spellings are compared."""


def label_column(cells: DistinctCells, name: str, context: Context, seen: OtherKind) -> Typed:
    """The column as text or pandas booleans; `seen` is what the other kinds that were tried have to say."""
    blank, notices = cells.blank, list(seen.notices)
    marker = cells.is_marker(MARKERS_ANYWHERE)
    if marker.any() and not (marker | blank).all():
        detail = cells.shown(np.flatnonzero(marker), 3)
        notices.append(ColumnNotice("missing_marker_detected", detail, int(cells.counts[marker].sum())))
        blank = blank | marker
    texts = cells.texts
    kind = "id" if seen.is_id else ""
    of_kind: tuple[ColumnNotice, ...] = ()
    if len(cells.raw) <= FOLDED:
        folded, said = fold_variants(cells.raw.to_pylist(), cells.counts, blank)
        joined = pa.array(folded, pa.string())
        if not seen.is_id:
            kind, of_kind = _kind_of(joined, blank, cells, name)
        if said and kind in ("categorical", "boolean", "constant"):
            notices.append(ColumnNotice("category_variants", "; ".join(said[:4]) + ("; …" if len(said) > 4 else ""), len(said)))
            texts = joined if context.options.fold_variants else texts
    if not kind:
        kind, of_kind = _kind_of(texts, blank, cells, name)
    return _typed(cells, texts, kind, blank, [*notices, *of_kind], {"id": True} if seen.is_id else {})


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
