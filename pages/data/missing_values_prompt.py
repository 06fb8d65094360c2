"""Cells that look like “missing” (a pressure of 0, an age of -999, a class “None”): asked, never assumed; one click answers."""

from __future__ import annotations

import streamlit as st

from pages.data.upload_status import read_again_with
from pages.widgets.text import plain
from tuning_core.data.dataset.targets import class_words_read
from tuning_core.data.notices import counted
from tuning_core.store.datasets import StoredDataset


def missing_values_prompt(dataset: StoredDataset) -> None:
    """Above the columns, until it is answered."""
    assert dataset.profile is not None
    asked = dataset.profile["reading"].get("asked", {})
    key = f"asked_{dataset.id}"
    if not asked or st.session_state.get(key + "_values"):
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(":material/help: **Do these mean “no value”?**", width="content")
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


def class_word_prompt(dataset: StoredDataset, target: str) -> None:
    """A word such as "None" in the target: a class, or no value? Asked until it is answered."""
    assert dataset.profile is not None
    column = next(column for column in dataset.profile["columns"] if column["name"] == target)
    words = class_words_read(dataset.profile["reading"], target, [str(value) for value, _ in column.get("top", [])])
    key = f"class_word_{dataset.id}_{target}"
    if not words or st.session_state.get(key + "_answered"):
        return
    said = ", ".join(f"“{word}” ({counted(count, 'row')})" for word, count in words.items())
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(f":material/help: **Is this a class of {plain(target)}, or no value?** {plain(said)}", width="content")
        st.button(
            "A class",
            icon=":material/check:",
            key=key + "_class",
            on_click=_a_class,
            args=(dataset, target, words, key),
            help="The model learns to tell these rows, too.",
        )
        st.button(
            "No value",
            key=key + "_none",
            on_click=_no_value,
            args=(dataset, target, words),
            help="Read the file again with these cells empty; their rows are left out.",
        )


def _a_class(dataset: StoredDataset, target: str, words: dict[str, int], key: str) -> None:
    """One such word alone counts as a class already; beside others and empty cells the file must be read again for it."""
    assert dataset.profile is not None
    column = next(column for column in dataset.profile["columns"] if column["name"] == target)
    if len(words) == 1 and column["missing"] == sum(words.values()):
        st.session_state[key + "_answered"] = True
    else:
        read_again_with(dataset, keep=[*dataset.options.get("keep", []), *words])


def _no_value(dataset: StoredDataset, target: str, words: dict[str, int]) -> None:
    before = dataset.options.get("missing_in", {})
    read_again_with(dataset, missing_in={**before, target: [*before.get(target, []), *words]})


def _missing(dataset: StoredDataset, asked: dict[str, list[str]], key: str) -> None:
    chosen = {name: asked[name] for name in st.session_state[key + "_columns"]}
    if chosen:
        read_again_with(dataset, missing_in={**dataset.options.get("missing_in", {}), **chosen})
    else:
        _values(key)


def _values(key: str) -> None:
    st.session_state[key + "_values"] = True
