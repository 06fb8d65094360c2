"""Numbers that look like “missing” (a blood pressure of 0, an age of -999): asked, never assumed; one click answers."""

from __future__ import annotations

import streamlit as st

from pages.data.upload_status import read_again_with
from pages.widgets.text import plain
from tuning_core.store.datasets import StoredDataset


def missing_values_prompt(dataset: StoredDataset) -> None:
    """Above the columns, until it is answered."""
    assert dataset.profile is not None
    asked = dataset.profile["reading"].get("asked", {})
    key = f"asked_{dataset.id}"
    if not asked or st.session_state.get(key + "_values"):
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(":material/help: **Do these numbers mean “no value”?**", width="content")
        st.pills(
            "Columns",
            list(asked),
            selection_mode="multi",
            default=list(asked),
            format_func=lambda name: plain(f"{name}: {', '.join(asked[name])}"),
            key=key + "_columns",
            label_visibility="collapsed",
            width="content",
        )
        st.button(
            "Read as missing",
            icon=":material/check:",
            key=key + "_yes",
            on_click=_missing,
            args=(dataset, asked, key),
            help="They stand far from all others. Read the file again with these cells empty; they are filled with the "
            "training rows' median.",
        )
        st.button("They are values", key=key + "_no", on_click=_values, args=(key,), help="Ask no more.")


def _missing(dataset: StoredDataset, asked: dict[str, list[str]], key: str) -> None:
    chosen = {name: asked[name] for name in st.session_state[key + "_columns"]}
    if chosen:
        read_again_with(dataset, missing_in={**dataset.options.get("missing_in", {}), **chosen})
    else:
        _values(key)


def _values(key: str) -> None:
    st.session_state[key + "_values"] = True
