"""What a chapter can show on the person's own table, said before it is trained there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from pages.state.view import change_view
from pages.widgets.errors import show_error
from pages.widgets.text import plain
from tuning_core.lessons import Chapter, speaks_of

NEEDS = {
    "regression": "a target that is a number",
    "classification": "a target with classes",
    "two classes": "a target with two classes",
}


def can_show(chapter: Chapter, summary: dict[str, Any], chapters: Sequence[Chapter]) -> bool:
    """Whether the experiment can be trained on the table; else why not, and which chapters the table can show."""
    task, n_classes = summary["task"], len(summary.get("classes") or ())
    has = f"{n_classes} classes" if task == "classification" else "numbers"
    if not speaks_of(chapter.needs, task, n_classes):
        show_error(
            f"This chapter needs {NEEDS[chapter.needs]}; {summary['target']} has {has}.",
            "Choose another target on the Data page, use the sample, or open a chapter that this table can show.",
        )
        with st.container(horizontal=True, gap="small", key="lesson_others"):
            for other in chapters:
                if speaks_of(other.needs, task, n_classes):
                    _link(other)
        return False
    silent = [claim for claim in chapter.claims if not speaks_of(claim.needs, task, n_classes)]
    if silent:
        st.caption(
            f"The target {plain(summary['target'])} has {has}. The experiment trains on it; of the {len(chapter.claims)} claims "
            f"it can show {len(chapter.claims) - len(silent)}. Left out, since it needs {NEEDS[silent[0].needs]}: "
            + " ".join(claim.text for claim in silent)
        )
    return True


def _link(chapter: Chapter) -> None:
    st.button(
        chapter.title,
        key=f"lesson_other_{chapter.name}",
        type="tertiary",
        icon=":material/school:",
        on_click=change_view,
        kwargs={"chapter": chapter.name},
    )
