"""What the link opens and what it asks of the pages."""

from __future__ import annotations

import streamlit as st

from pages.state.database import database
from pages.state.guide import PAGES, Guide
from pages.state.view import View, default_setup
from pages.state.workspace import workspace
from pages.teach.link import LinkTarget
from pages.widgets.guide_form import guide_form
from pages.widgets.text import unique_labels
from tuning_core.lessons import chapters
from tuning_core.store import datasets

OPENS = ("tune", *PAGES)


def link_form(view: View) -> tuple[LinkTarget, Guide]:
    """The form; its link changes with every choice."""
    where, what = st.columns(2)
    with where:
        page = st.selectbox("It opens", OPENS, format_func=str.capitalize, key="teach_page", help="The page that is seen first.")
    with what:
        dataset_id = _table(view)
    chapter = _chapter() if page == "lessons" else None
    guide = guide_form("teach")
    setup = view.setup if dataset_id == view.dataset_id else default_setup(dataset_id)
    return LinkTarget(page, dataset_id, setup, chapter), guide


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
