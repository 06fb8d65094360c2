"""The distinct cells of a column and how often each occurs: on them it is decided what the column holds."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tuning_core.data.inference.cell_patterns import MISSING
from tuning_core.data.inference.typed_column import ColumnNotice
from tuning_core.data.reading.options import ReadOptions


class DistinctCells:
    """A column of text cells, each different one once.

    Parameters
    ----------
    cells : (rows,) pyarrow strings, none null
    name : str
        The column's name, which options may mention.
    options : ReadOptions

    Attributes
    ----------
    raw, texts : (distinct,) pyarrow strings
        As they stand in the file, and trimmed.
    codes : (rows,) int
        Which distinct cell each row has.
    counts : (distinct,) int
    blank : (distinct,) bool
        Cells that mean "no value" in a column of any kind.
    asked : tuple of str
        Further markers for "no value", by the person's word.
    """

    def __init__(self, cells: pa.Array, name: str, options: ReadOptions) -> None:
        encoded = pc.dictionary_encode(cells)
        self.rows, self.codes, self.raw = len(cells), np.asarray(encoded.indices), encoded.dictionary
        self.texts = pc.utf8_trim_whitespace(self.raw)
        self.counts = np.bincount(self.codes, minlength=len(self.raw))
        self.asked = options.markers_of(name)
        self._kept = frozenset(options.keep)
        self.blank = self._among(MISSING | set(self.asked))

    def is_marker(self, wanted: Iterable[str]) -> np.ndarray:
        """(distinct,) bool: which cells are among those wanted and not blank anyway."""
        return self._among(wanted) & ~self.blank

    def _among(self, wanted: Iterable[str]) -> np.ndarray:
        names = [mark for mark in wanted if mark not in self._kept]
        return np.asarray(pc.is_in(self.texts, value_set=pa.array(names, pa.string())))

    def take(self, at: np.ndarray) -> pa.Array:
        """The trimmed cells at these places."""
        return self.texts.take(pa.array(at))

    def shown(self, at: np.ndarray, limit: int) -> str:
        """Some of the cells at these places, for a sentence."""
        words = ", ".join(repr(cell if len(cell) <= 30 else cell[:29] + "…") for cell in self.take(at[:limit]).to_pylist())
        return words + (", …" if len(at) > limit else "")

    def missing_notice(self, blank: np.ndarray, count: int) -> tuple[ColumnNotice, ...]:
        """What to say about `count` rows without a value; `blank` (distinct,) are the spellings read as such."""
        if not count:
            return ()
        at = np.flatnonzero(blank & (self.counts > 0))[:50]
        pairs = zip(self.take(at).to_pylist(), self.counts[at].tolist(), strict=True)
        spelled = [f"{text!r} × {times:,}" for text, times in pairs if text]
        return (ColumnNotice("missing_values", ", ".join(spelled[:4]), count),)
