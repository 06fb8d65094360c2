"""Every chart as a table: for those who do not see it, and for those who want its numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence

import streamlit as st

from pages.widgets.text import plain
from tuning_core.charts.style import number, share, whole
from tuning_core.experiment import History

NONE = "–"
MOST = 200  # rows; of more, evenly many over the whole

Columns = Mapping[str, Sequence[str]]
"""Cells in words by the name of their column, all of one length."""


def chart_table(of: str, key: str, columns: Callable[[], Columns]) -> None:
    """A small button "Table of ..." under a chart; what is in it is worked out only while it is open."""
    popover = st.popover(
        f"Table of {plain(of)}",
        icon=":material/table_rows:",
        key=f"table_of_{key}",
        on_change="rerun",
        type="tertiary",
        help="The values of this chart in rows.",
    )
    if not popover.open:
        return
    found = columns()
    n = max((len(cells) for cells in found.values()), default=0)
    kept = evenly(n, MOST)
    with popover, st.container(height=360, border=False):
        if not n:
            st.caption("There is nothing in this chart yet.")
            return
        shown = {plain(name): [plain(cells[i]) for i in kept] for name, cells in found.items()}
        st.table(shown, border="horizontal", hide_index=True)
        if len(kept) < n:
            st.caption(f"{len(kept):,} of {n:,} rows, evenly spread; the first and the last are among them.")


def history_columns(history: History) -> dict[str, list[str]]:
    """One training's losses, epoch by epoch."""
    return {
        "epoch": [whole(epoch) for epoch in range(1, len(history) + 1)],
        "training loss": [number(float(value)) for value in history.train_loss],
        "validation loss": [number(float(value)) for value in history.val_loss],
    }


def epoch_columns(series: Mapping[str, Iterable[float]], form: Callable[[float], str] = number) -> dict[str, list[str]]:
    """Curves by the name of their column, epoch by epoch; a dash where one has no finite value, or has ended."""
    told = {name: [form(float(v)) if math.isfinite(v) else NONE for v in values] for name, values in series.items()}
    longest = max((len(cells) for cells in told.values()), default=0)
    columns = {name: cells + [NONE] * (longest - len(cells)) for name, cells in told.items()}
    return {"epoch": [whole(epoch) for epoch in range(1, longest + 1)], **columns}


def split_columns(rows: Mapping[str, int]) -> dict[str, list[str]]:
    """How many rows each part of a split has, and which share that is."""
    total = max(sum(rows.values()), 1)
    return {"part": list(rows), "rows": [whole(n) for n in rows.values()], "share": [share(n / total) for n in rows.values()]}


def evenly(n: int, most: int) -> list[int]:
    """Positions of at most `most` of n rows, the first and the last among them."""
    if n <= most:
        return list(range(n))
    return [round(i * (n - 1) / (most - 1)) for i in range(most)]
