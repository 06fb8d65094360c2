"""The values of a chapter's panels, open to be changed: a list typed once makes one panel a value."""

from __future__ import annotations

import streamlit as st

from pages.widgets.errors import show_error
from tuning_core.errors import UserError
from tuning_core.experiment.typed_values import MOST_BESIDE, typed_settings
from tuning_core.lessons import Chapter, Panel

WORDS = {"learning_rate": "Learning rates", "batch_size": "Batch sizes", "l2": "L2 penalties", "dropout": "Dropout rates"}


def varied_panels(chapter: Chapter) -> tuple[Panel, ...]:
    """The chapter's panels, or others of the values that somebody typed."""
    name = varied_field(chapter.panels)
    if name is None:
        return chapter.panels
    typed = st.text_input(
        WORDS[name],
        value=", ".join(panel.title for panel in chapter.panels),
        key=f"lesson_values_{chapter.name}",
        help=f"Up to {MOST_BESIDE} values with commas between them. Each is trained, and the curves stand side by side.",
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
    settings = typed_settings(chapter.panels[0].hyperparameters, name, typed)
    found = tuple(Panel(word, hyperparameters) for word, hyperparameters in settings.items())
    return chapter.panels if [panel.title for panel in found] == [panel.title for panel in chapter.panels] else found
