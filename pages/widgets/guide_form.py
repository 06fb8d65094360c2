"""What a teacher sets for others: settings on the sliders, what is locked or left out, pages, and a sentence."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.state.guide import CONTROLS, LONGEST_NOTE, PAGES, Guide
from pages.state.tune_settings import flat_from_spec, settings, settings_in_words, spec_from_flat
from pages.widgets.text import plain
from tuning_core.errors import UserError
from tuning_core.lessons import chapters

NOW, START, LESSON = "as they are on Tune now", "those that Tune starts with", "of a lesson"


def guide_form(key: str) -> Guide:
    """The fields, one below the other; `key` begins the keys of their widgets."""
    flat = _settings(key)
    locked = st.multiselect(
        "Locked", list(CONTROLS), format_func=CONTROLS.get, key=f"{key}_locked", placeholder="Nothing",
        help="Controls that are seen and cannot be moved.",
    )  # fmt: skip
    hidden = st.multiselect(
        "Left out", [name for name in CONTROLS if name not in locked], format_func=CONTROLS.get, key=f"{key}_hidden",
        placeholder="Nothing", help="Controls that are not shown. They keep the value that is set.",
    )  # fmt: skip
    st.session_state.setdefault(f"{key}_pages", list(PAGES))
    pages = st.multiselect(
        "Pages in the bar, beside Tune", PAGES, format_func=str.capitalize, key=f"{key}_pages", placeholder="Tune alone",
        help="Pages that are left out are not in the bar; their addresses still work.",
    )  # fmt: skip
    note = st.text_area(
        "What you say to the class", max_chars=LONGEST_NOTE, key=f"{key}_note", height=80,
        placeholder="Find the learning rate with the lowest validation loss.",
        help="Stands on every page of the visit, as plain text.",
    )  # fmt: skip
    return Guide(flat, tuple(locked), tuple(hidden), tuple(name for name in PAGES if name in pages), note.strip())


def _settings(key: str) -> dict[str, Any]:
    """Those that differ from the start values: they make a link short."""
    source = st.radio(
        "Settings", (NOW, START, LESSON), horizontal=True, key=f"{key}_settings", help="What is on the sliders at first."
    )
    start = flat_from_spec(None)
    if source == LESSON:
        spec = _of_lesson(key)
    else:
        try:
            spec = spec_from_flat(settings() if source == NOW else start)
        except UserError as problem:
            st.error(f"{plain(problem.message)} What Tune starts with is set instead.", icon=":material/error:")
            spec = spec_from_flat(start)
    st.caption(plain(settings_in_words(spec)))
    return {name: value for name, value in flat_from_spec(spec).items() if value != start[name]}


def _of_lesson(key: str) -> dict[str, Any]:
    """One curve of a chapter, with the seeds of the chapter."""
    curves = {
        f"{chapter.order}. {chapter.title}: {panel.title}": {
            "hyperparameters": panel.hyperparameters.to_json(),
            "seeds": list(range(len(chapter.seeds))),
        }
        for chapter in chapters()
        for panel in chapter.panels
    }
    name = st.selectbox("Curve of a lesson", list(curves), key=f"{key}_lesson", help="The settings of this curve.")
    return curves[name]
