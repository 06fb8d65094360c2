"""Columns that are not plain numbers: numbers in any notation, dates, times, yes/no, codes or labels."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from tuning_core.data.inference.date_column import DATE_NAME, date_column, hour_column
from tuning_core.data.inference.distinct_cells import DistinctCells
from tuning_core.data.inference.label_column import label_column
from tuning_core.data.inference.number_column import number_column
from tuning_core.data.inference.typed_column import ColumnNotice, Context, OtherKind, Typed


class ColumnInference:
    """What a column of text holds: each kind is tried on its distinct cells until one fits, labels last."""

    def __init__(self, cells: pa.Array, name: str, context: Context) -> None:
        self.cells = DistinctCells(cells, name, context.options)
        self.name, self.context = name, context

    def typed(self) -> Typed:
        """The typed column."""
        cells = self.cells
        if cells.blank.all():
            return Typed(np.full(cells.rows, np.nan), "empty", cells.rows, 0, (ColumnNotice("empty_column_dropped"),))
        dates_first = DATE_NAME.search(self.name) is not None  # 20240131 is a number as well
        seen = OtherKind()
        for attempt in (self._date, self._number, hour_column) if dates_first else (self._number, self._date, hour_column):
            found = attempt(cells)
            if isinstance(found, Typed):
                return found
            seen = OtherKind((*seen.notices, *found.notices), seen.is_id or found.is_id)
        return label_column(cells, self.name, self.context, seen)

    def _number(self, cells: DistinctCells) -> Typed | OtherKind:
        return number_column(cells, self.context)

    def _date(self, cells: DistinctCells) -> Typed | OtherKind:
        return date_column(cells, self.name, self.context)
