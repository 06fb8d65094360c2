"""How a file is read, when a person knows better than the reader: the same upload, read again with other options."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.data.reading_labels import DATES, DECIMALS, DELIMITERS, ENCODINGS, HEADERS, THOUSANDS
from pages.data.upload_status import read_again_with
from pages.state.database import database
from pages.state.view import current_view
from pages.widgets.errors import show_error
from tuning_core.data.reading.options import ReadOptions
from tuning_core.data.reading.raw_preview import glimpse
from tuning_core.store import datasets
from tuning_core.store.datasets import StoredDataset

CHOICES: tuple[tuple[str, str, Mapping[Any, str], str], ...] = (
    (
        "encoding",
        "Encoding",
        dict(zip(ENCODINGS, ENCODINGS, strict=True)),
        "How letters are stored; Ã¼ and the like say that it was guessed wrong.",
    ),
    ("delimiter", "Separator", DELIMITERS, "The sign between two columns."),
    ("header", "First line holds", HEADERS, "Whether the first line names the columns or is a row like the others."),
    ("decimal", "Decimal sign", DECIMALS, "The sign before tenths."),
    ("thousands", "Thousands sign", THOUSANDS, "The sign between groups of three digits."),
    ("day_first", "Dates such as 3/4/2024", DATES, "Which number is the month."),
)
OWN_WORDS = ("encoding", "delimiter")


def refused_upload() -> None:
    """Above everything else: why the last upload was not read, and how it may be read all the same."""
    dataset = datasets.get_dataset(database(), st.session_state.get("refused") or "")
    if dataset is None or dataset.error is None:
        return
    show_error(f"{dataset.name}: {dataset.error['message']}", dataset.error["remedy"])
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("Put it aside", icon=":material/close:", on_click=_put_aside, help="Forget this upload.")
        if current_view().dataset_id != dataset.id:
            st.caption("The table below was open before; nothing of it has changed.")
    with st.expander("Read it with other options", icon=":material/tune:"):
        reading_form(dataset, None)


def _put_aside() -> None:
    st.session_state.refused = None


def reading_form(dataset: StoredDataset, profile: dict[str, Any] | None) -> None:
    """All options of a reading; `profile` is of the reading that is there, None when the file was refused."""
    options = ReadOptions.from_json(dataset.options).to_json()
    found = profile["reading"] if profile else {}
    key = f"read_{dataset.id}_"
    lines = glimpse(datasets.folder(database(), dataset.id) / "upload.bin", options["encoding"] or found.get("encoding"))
    with st.form(key + "form", border=False):
        _how_it_is_cut(options, found, key)
        _what_cells_mean(options, [column["name"] for column in profile["columns"]] if profile else [], key)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.form_submit_button("Read again", icon=":material/refresh:", type="primary", on_click=_submit, args=(dataset, key))
            st.caption("What was read before, and its runs, stay as they are.")
    if dataset.options:
        back = ReadOptions().to_json()
        st.button(
            "Find out everything",
            icon=":material/undo:",
            key=key + "back",
            on_click=read_again_with,
            args=(dataset,),
            kwargs=back,
            help="Read the file as it was read at first, without options of yours.",
        )
    if st.session_state.get("reading_error"):
        show_error(*st.session_state.reading_error)
    if lines:
        st.caption("So the file begins; → is a tab.")
        st.code(lines, language=None, height=220)


def _how_it_is_cut(options: dict[str, Any], found: dict[str, Any], key: str) -> None:
    places = st.columns(3)
    for at, (name, label, words, why) in enumerate(CHOICES):
        values = list(words)
        if options[name] is not None and options[name] not in values:
            values.append(options[name])
        seen = found.get(name)
        places[at % 3].selectbox(
            label,
            values,
            index=None if options[name] is None else values.index(options[name]),
            format_func=lambda value, words=words: words.get(value, value),
            placeholder=f"found: {words.get(seen, seen)}" if seen is not None else "find out",
            accept_new_options=name in OWN_WORDS,
            key=key + name,
            help=f"{why} Left open, the reader finds out.",
        )


def _what_cells_mean(options: dict[str, Any], names: list[str], key: str) -> None:
    left, right = st.columns(2)
    left.multiselect(
        "Cells without a value",
        options["missing"],
        options["missing"],
        key=key + "missing",
        accept_new_options=True,
        placeholder="such as -999, type and press Enter",
        help="Further spellings of “missing”, in all columns. Empty cells, NA and the like are known.",
    )
    right.multiselect(
        "Cells that are values after all",
        options["keep"],
        options["keep"],
        key=key + "keep",
        accept_new_options=True,
        placeholder="such as NA for Namibia",
        help="Cells that look missing and are not.",
    )
    if names:
        _cells_of_columns(left, right, options, names, key)
    left.toggle(
        "Join spellings that differ in case or blanks",
        options["fold_variants"],
        key=key + "fold_variants",
        help="‘Yes’, ‘yes ’ and ‘YES’ become one class.",
    )


def _cells_of_columns(left: DeltaGenerator, right: DeltaGenerator, options: dict[str, Any], names: list[str], key: str) -> None:
    """What holds for some columns only."""
    cells = sorted({cell for some in options["missing_in"].values() for cell in some})
    left.multiselect(
        "Cells without a value in some columns only",
        cells,
        cells,
        key=key + "cells",
        accept_new_options=True,
        placeholder="such as 0",
        help="For example a blood pressure of 0.",
    )
    right.multiselect(
        "… in these columns",
        names,
        [n for n in names if n in options["missing_in"]],
        key=key + "missing_in",
        placeholder="columns",
        help="The columns in which those cells mean missing.",
    )
    right.multiselect(
        "Take as text",
        names,
        [n for n in names if n in options["as_text"]],
        key=key + "as_text",
        placeholder="columns",
        help="Cells stay as they stand: codes, or numbers in different units.",
    )


def _submit(dataset: StoredDataset, key: str) -> None:
    state = st.session_state
    values = {name: state[key + name] for name, *_ in CHOICES}
    values |= {name: state[key + name] for name in ("missing", "keep", "fold_variants")}
    if values["header"]:
        values["names"] = []  # the first line has them
    values["as_text"] = state.get(key + "as_text", dataset.options.get("as_text", []))
    if key + "missing_in" in state:
        values["missing_in"] = dict.fromkeys(state[key + "missing_in"], state[key + "cells"])
    read_again_with(dataset, **values)
