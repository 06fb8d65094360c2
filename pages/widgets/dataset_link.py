"""The table and target on screen, as a link to the page where they are chosen."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.widgets.text import plain


def dataset_link(summary: dict[str, Any]) -> None:
    """`summary` is that of `setup_summary`."""
    rows = summary["rows"]
    st.page_link(
        "data/page.py",
        label=f"{plain(summary['name'])} → **{plain(summary['target'])}**",
        icon=":material/table:",
        help=f"{rows['train']:,} training, {rows['validation']:,} validation and {rows['test']:,} test rows. Open the Data page "
        "to change table, target or split.",
    )
