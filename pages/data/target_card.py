"""The target at a glance: the task, its classes with their counts or its spread, and what leaks it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import streamlit as st

from pages.data.column_grid import set_left_out
from pages.data.column_roles import roles_of
from pages.state.classroom import is_setup_locked
from pages.state.database import is_dark
from pages.state.view import View
from pages.widgets.chart_table import Columns, chart_table
from pages.widgets.text import plain
from tuning_core.charts.histogram import category_bars, histogram
from tuning_core.charts.style import number, share
from tuning_core.store.datasets import StoredDataset

BARS = 12
TASKS = {"regression": "a number to predict (regression)", "classification": "a class to predict (classification)"}


def leak_warning(dataset: StoredDataset, view: View, summary: dict[str, Any]) -> None:
    """A feature that gives the target away makes every score worthless, so it is said above all else."""
    assert view.setup is not None
    for at, notice in enumerate(n for n in summary["notices"] if n["kind"] == "leak_suspected"):
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.markdown(f":orange[:material/water_drop: **Suspected leak**]  {plain(notice['message'])}")
            st.button(
                "Leave out",
                icon=":material/remove:",
                key=f"leak_{dataset.id}_{at}",
                on_click=set_left_out,
                args=(dataset, notice["columns"], roles_of(view.setup)),
                disabled=is_setup_locked(dataset.id),
                help="Take these columns out of the features; scores become honest, and most likely worse.",
            )


def target_card(dataset: StoredDataset, summary: dict[str, Any]) -> None:
    """Title, chart, and the counts in words."""
    assert dataset.profile is not None
    column = next(c for c in dataset.profile["columns"] if c["name"] == summary["target"])
    with st.container(border=True, gap=None):
        st.markdown(f"**{plain(summary['target'])}** :small[{TASKS[summary['task']]}]")
        if summary["task"] == "classification":
            _classes(summary)
        elif column.get("histogram", {}).get("edges"):
            figure = histogram(**column["histogram"], dark=is_dark(), height=84)
            _chart(figure, "the counts", partial(_range_columns, column["histogram"]))
            middle = f"median {number(column['median'])}, mean {number(column['mean'])}"
            st.caption(f"{middle} · {summary['usable_rows']:,} with a value")


def _range_columns(histogram: Mapping[str, Any]) -> dict[str, list[str]]:
    edges = histogram["edges"]
    return {
        "from": [number(edge) for edge in edges[:-1]],
        "to": [number(edge) for edge in edges[1:]],
        "rows": [f"{count:,}" for count in histogram["counts"]],
    }


def _classes(summary: dict[str, Any]) -> None:
    counts: Counter[str] = Counter()
    for part in summary["class_counts"].values():
        counts.update(part)
    ordered = counts.most_common()
    others = sum(count for _, count in ordered[BARS:])
    total = max(1, counts.total())
    names, rows = [name for name, _ in ordered], [f"{count:,}" for _, count in ordered]
    figure = category_bars(ordered[:BARS], others=others, dark=is_dark(), height=84)
    _chart(figure, "the classes", lambda: {"class": names, "rows": rows})
    said = " · ".join(f"{plain(name[:40])} {count:,} ({share(count / total)})" for name, count in ordered[:4])
    st.caption(f"{len(ordered):,} classes: {said}" + (" · …" if len(ordered) > 4 else ""))


def _chart(figure: Any, of: str, columns: Callable[[], Columns]) -> None:
    st.plotly_chart(figure, width="stretch", config={"displayModeBar": False}, key="target_chart")
    chart_table(of, "target", columns)
