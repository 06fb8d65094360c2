"""The values of a chapter's panels, open to be changed: a list typed once makes one panel a value."""

from __future__ import annotations

import streamlit as st

from pages.widgets.errors import show_error
from tuning_core.errors import UserError
from tuning_core.lessons import Chapter, Panel
from tuning_core.lessons.chapter_file import MOST_PANELS

WORDS = {"learning_rate": "Learning rates", "batch_size": "Batch sizes", "l2": "L2 penalties", "dropout": "Dropout rates"}


def varied_panels(chapter: Chapter) -> tuple[Panel, ...]:
    """The chapter's panels, or others of the values that somebody typed."""
    name = varied_field(chapter.panels)
    if name is None:
        return chapter.panels
    key = f"lesson_values_{chapter.name}"
    typed = st.text_input(
        WORDS[name],
        value=", ".join(panel.title for panel in chapter.panels),
        key=key,
        help=f"Up to {MOST_PANELS} values with commas between them. Each is trained, and the curves stand side by side.",
    )
    if not typed.strip():
        return chapter.panels
    try:
        return panels_of(chapter, name, typed)
    except UserError as problem:
        show_error(problem.message, problem.remedy)
        return chapter.panels


def varied_field(panels: tuple[Panel, ...]) -> str | None:
    """The one hyperparameter that all panels differ in and that titles name; None where it is not so simple."""
    for name in WORDS:
        values = [getattr(panel.hyperparameters, name) for panel in panels]
        same = {panel.hyperparameters.replace(**{name: values[0]}) for panel in panels}
        try:
            named = [float(panel.title) for panel in panels] == values
        except ValueError:
            named = False
        if len(panels) > 1 and len(same) == 1 and named:
            return name
    return None


def panels_of(chapter: Chapter, name: str, typed: str) -> tuple[Panel, ...]:
    """One panel a value; UserError names a value that will not do."""
    words = [word.strip() for word in typed.replace(";", ",").split(",") if word.strip()]
    if len(words) > MOST_PANELS:
        raise UserError(
            f"There are {len(words)} values, but at most {MOST_PANELS} stand side by side.",
            kind="too_many",
            remedy="Take some away.",
        )
    panels: dict[str, Panel] = {}
    for word in words:
        try:
            value = float(word)
        except ValueError:
            raise UserError(f"{word!r} is not a number.", kind="not_a_number", remedy="Write 1, 0.01, 1e-7.") from None
        panels[word] = Panel(word, chapter.panels[0].hyperparameters.replace(**{name: value}))
    own = {panel.title: panel for panel in chapter.panels}
    found = tuple(panels.values())
    return chapter.panels if [p.title for p in found] == list(own) else found
