"""What was read: the columns, the first rows, how the file was read; the target and what was noticed beside them."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from pages.data.column_grid import columns_grid
from pages.data.column_naming import name_columns
from pages.data.missing_values_prompt import class_word_prompt, missing_values_prompt
from pages.data.notices_panel import all_notices, notices_panel
from pages.data.reading_labels import reading_words
from pages.data.reading_options import reading_form
from pages.data.target_card import leak_warning, target_card
from pages.state.database import is_dark
from pages.state.view import View
from pages.widgets.chart_table import chart_table, split_columns
from pages.widgets.text import plain
from tuning_core.charts.split_bar import split_bar
from tuning_core.store.datasets import StoredDataset

NUMBERS = ("integer", "numeric")


def show_overview(dataset: StoredDataset, view: View, summary: dict[str, Any] | None) -> None:
    """The main part of the Data page."""
    assert dataset.profile is not None
    profile = dataset.profile
    _heading(dataset, summary is not None)
    if summary is not None:
        st.plotly_chart(
            split_bar(summary["rows"], keras=_by_keras(view), dark=is_dark()),
            width="stretch",
            config={"displayModeBar": False},
            key="split_bar",
        )
        chart_table("the split", "split", partial(split_columns, summary["rows"]))
        leak_warning(dataset, view, summary)
    name_columns(dataset)
    missing_values_prompt(dataset)
    if summary is not None and summary["task"] == "classification":
        class_word_prompt(dataset, summary["target"])
    left, right = st.columns([2.1, 1], gap="medium")
    with left:
        columns, rows, reading = st.tabs(
            [
                f":material/view_column: Columns ({len(profile['columns']):,})",
                ":material/table_rows: First rows",
                ":material/tune: Reading",
            ]
        )
    with columns:
        columns_grid(dataset, view, summary)
    with rows:
        _rows(profile)
    with reading:
        reading_form(dataset, profile)
    with right:
        if summary is not None:
            target_card(dataset, summary)
        notices_panel(dataset.id, all_notices(profile, summary), height=340)


def _by_keras(view: View) -> float | None:
    """What is given to `fit(validation_split=...)`; None where the validation rows are drawn in another way."""
    if view.setup is None or view.setup.get("part"):
        return None
    split = view.setup["split"]
    return split["validation"] / (split["train"] + split["validation"]) if split["keras_validation_split"] else None


def _heading(dataset: StoredDataset, ready: bool) -> None:
    assert dataset.profile is not None
    profile = dataset.profile
    words = [f"{profile['rows']:,} rows", f"{len(profile['columns']):,} columns", *map(plain, reading_words(dataset.options))]
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.subheader(plain(dataset.name), anchor=False, width="content")
        st.caption(" · ".join(words), width="content")
        if st.button("To Tune", icon=":material/arrow_forward:", disabled=not ready, type="primary"):
            st.switch_page("tune/page.py")


def _rows(profile: dict[str, Any]) -> None:
    columns = profile["columns"]
    names = [c["name"] for c in columns]
    st.dataframe(
        [dict(zip(names, row, strict=True)) for row in profile["preview"]],
        hide_index=True,
        width="stretch",
        height=455,
        column_config={c["name"]: st.column_config.TextColumn(alignment="right") for c in columns if c["kind"] in NUMBERS},
    )
    st.caption(f"The first {len(profile['preview']):,} rows, as they were understood.")
