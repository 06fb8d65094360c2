"""The prediction that is drawn: a rough line before anything is trained, and the real curve over it afterwards."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from pages.components.sketch import sketch
from pages.state.given_answers import give_answer, last_answer
from tuning_core.experiment import Trial
from tuning_core.lessons import Chapter, Drawing, Panel
from tuning_core.lessons.drawn_curve import TOP, drawn_curve, drawn_epochs, is_line


def draw_first(chapter: Chapter, panels: tuple[Panel, ...]) -> None:
    """The axes to draw on, where the chapter asks for it; the line stays in the visit until Train keeps it."""
    drawing = _asked(chapter, panels)
    if drawing is None:
        return
    epochs, key = _epochs(drawing, panels), _key(chapter)
    st.markdown(f"**{drawing.question}** Press and draw, or move its points by the arrow keys; then press Train.")

    def drawn(heights: Any) -> None:
        if is_line(heights, epochs):
            st.session_state[key] = heights

    sketch(
        drawn_epochs(epochs).tolist(),
        top=TOP,
        part=drawing.part,
        drawn=st.session_state.get(key),
        on_drawn=drawn,
        key=f"sketch_{chapter.name}",
    )


def keep_line(chapter: Chapter, panels: tuple[Panel, ...], run_id: str) -> None:
    """What was drawn becomes the answer that belongs to a run."""
    if _asked(chapter, panels) is not None and (line := st.session_state.pop(_key(chapter), None)) is not None:
        give_answer("lesson", f"line {run_id}", line)


def show_drawn(chapter: Chapter, panels: tuple[Panel, ...], trained: tuple[tuple[Trial, ...], ...], run_id: str) -> None:
    """The line that was drawn before this run, under the real curve; nothing where none was drawn."""
    drawing = _asked(chapter, panels)
    line = last_answer("lesson", f"line {run_id}") if drawing is not None else None
    if drawing is None or line is None:
        return
    trials = trained[[panel.title for panel in panels].index(drawing.panel)]
    if not trials or not trials[0].history.context.get("dummy_loss"):
        return
    found = drawn_curve(line, [trial.history for trial in trials], drawing.part, _epochs(drawing, panels))
    st.markdown(f"**Your line and the {drawing.part} loss of “{drawing.panel}”.** {found.sentence}")
    real = [float(value) if np.isfinite(value) else None for value in found.real]
    sketch(found.epochs.tolist(), top=TOP, part=drawing.part, drawn=line, real=real, key=f"drawn_{run_id}")


def _asked(chapter: Chapter, panels: tuple[Panel, ...]) -> Drawing | None:
    """What the chapter asks to draw; nothing where somebody has typed other values."""
    return chapter.drawing if panels == chapter.panels else None


def _epochs(drawing: Drawing, panels: tuple[Panel, ...]) -> int:
    return next(panel.hyperparameters.epochs for panel in panels if panel.title == drawing.panel)


def _key(chapter: Chapter) -> str:
    return f"line_{chapter.name}"
