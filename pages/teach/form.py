"""What the link opens and what it asks of the pages."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.state.database import database
from pages.state.guide import CONTROLS, LONGEST_NOTE, PAGES, Guide
from pages.state.tune_settings import flat_from_spec, settings, settings_in_words, spec_from_flat
from pages.state.view import View, default_setup
from pages.state.workspace import workspace
from pages.teach.link import LinkTarget
from pages.widgets.text import plain, unique_labels
from tuning_core.errors import UserError
from tuning_core.lessons import chapters
from tuning_core.store import datasets

OPENS = ("tune", *PAGES)
NOW, START = "as they are on Tune now", "those that Tune starts with"


def guide_form(view: View) -> tuple[LinkTarget, Guide]:
    """The form; its link changes with every choice."""
    where, what = st.columns(2)
    with where:
        page = st.selectbox("It opens", OPENS, format_func=str.capitalize, key="teach_page", help="The page that is seen first.")
    with what:
        dataset_id = _table(view)
    chapter = _chapter() if page == "lessons" else None
    flat = _settings()
    locked = st.multiselect(
        "Locked", list(CONTROLS), format_func=CONTROLS.get, key="teach_locked", placeholder="Nothing",
        help="Controls that are seen and cannot be moved.",
    )  # fmt: skip
    hidden = st.multiselect(
        "Left out", [name for name in CONTROLS if name not in locked], format_func=CONTROLS.get, key="teach_hidden",
        placeholder="Nothing", help="Controls that are not shown. They keep the value that the link sets.",
    )  # fmt: skip
    st.session_state.setdefault("teach_pages", list(PAGES))
    pages = st.multiselect(
        "Pages in the bar, beside Tune", PAGES, format_func=str.capitalize, key="teach_pages", placeholder="Tune alone",
        help="Pages that are left out are not in the bar; their addresses still work.",
    )  # fmt: skip
    note = st.text_area(
        "What you say to the class", max_chars=LONGEST_NOTE, key="teach_note", height=80,
        placeholder="Find the learning rate with the lowest validation loss.",
        help="Stands on every page of the visit, as plain text.",
    )  # fmt: skip
    setup = view.setup if dataset_id == view.dataset_id else default_setup(dataset_id)
    kept = tuple(name for name in PAGES if name in pages)
    return LinkTarget(page, dataset_id, setup, chapter), Guide(flat, tuple(locked), tuple(hidden), kept, note.strip())


def _table(view: View) -> str:
    known = {dataset.id: dataset for dataset in datasets.list_datasets(database(), workspace())}
    linked = datasets.get_dataset(database(), view.dataset_id)
    if linked is not None:
        known.setdefault(linked.id, linked)
    ready = [dataset for dataset in known.values() if dataset.status == "ready"] or list(known.values())
    labels = dict(zip((d.id for d in ready), unique_labels(d.name for d in ready), strict=True))
    if st.session_state.get("teach_table") not in labels:
        st.session_state.teach_table = view.dataset_id if view.dataset_id in labels else next(iter(labels))
    return st.selectbox(
        "Table",
        list(labels),
        key="teach_table",
        format_func=labels.__getitem__,
        help="With the target and the split of the Data page. Whoever has the link sees the table on this server.",
    )


def _chapter() -> str:
    titles = {chapter.name: f"{chapter.order}. {chapter.title}" for chapter in chapters()}
    return st.selectbox("Chapter", list(titles), format_func=titles.get, key="teach_chapter", help="The chapter that is opened.")


def _settings() -> dict[str, Any]:
    """Those that differ from the start values: they make the link short."""
    source = st.radio("Settings", (NOW, START), horizontal=True, key="teach_settings", help="What is on the sliders at first.")
    start = flat_from_spec(None)
    try:
        spec = spec_from_flat(settings() if source == NOW else start)
    except UserError as problem:
        st.error(f"{plain(problem.message)} The link sets what Tune starts with.", icon=":material/error:")
        spec = spec_from_flat(start)
    st.caption(plain(settings_in_words(spec)))
    return {name: value for name, value in flat_from_spec(spec).items() if value != start[name]}
