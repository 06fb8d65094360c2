"""A rough line drawn on the axes of a learning curve, with a finger, a mouse or keys; later the real curve over it.

Heights are shares of the constant predictor's loss, so that they can be drawn before anything is trained.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from pages.components.shared.inbox import TRIGGER, hear, heard_ids
from pages.components.shared.modules import bundle, joined_styles

FOLDER = Path(__file__).parent

_component = st.components.v2.component(
    "tunescope_sketch",
    html='<div class="sketch-mount"></div>',
    css=joined_styles(FOLDER / "style.css"),
    js=bundle(FOLDER / "index.js"),
    isolate_styles=False,  # all rules start with .sketch
)


def sketch(
    epochs: Sequence[int],
    *,
    top: float,
    part: str,
    key: str,
    drawn: Sequence[float] | None = None,
    real: Sequence[float | None] | None = None,
    on_drawn: Callable[[Any], None] | None = None,
) -> None:
    """Axes to draw on, or a drawn line with the real curve.

    Parameters
    ----------
    epochs : where the line has its points, rising; the last is the end of the axis.
    top : height of the value axis.
    part : "training" or "validation", which gives the colour of the real curve.
    drawn : one height for each of `epochs`.
    real : one height for each epoch from 1 on; None where it is no number. With it nothing can be drawn any more.
    on_drawn : called with the heights after each stroke; they come from the browser, so check them.
    """
    data = {
        "epochs": list(epochs),
        "top": top,
        "part": part,
        "drawn": list(drawn) if drawn is not None else None,
        "real": list(real) if real is not None else None,
        "heard": heard_ids(key),
    }
    act = {"drawn": on_drawn} if on_drawn is not None else {}
    _component(key=key, data=data, height="content", **{f"on_{TRIGGER}_change": lambda: hear(key, act)})
