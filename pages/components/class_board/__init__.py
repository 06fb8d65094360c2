"""A class's board: every setting that a student has tried as a dot, live, as a Streamlit component.

Across stands how many settings the student had tried by then, upwards the score on the validation rows: so one sees what trying
often brings by itself. Of the class's teacher it follows `/api/classroom/...`; students see what the page gives.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from pages.components.shared.inbox import TRIGGER, hear, heard_ids, take
from pages.components.shared.modules import bundle, joined_styles

FOLDER = Path(__file__).parent
SHARED = FOLDER.with_name("shared")

WAITING = "Nobody has trained yet. Every training of a student becomes a dot here."


@dataclass(frozen=True)
class Dots:
    """What is drawn.

    Attributes
    ----------
    rows : {"run_id", "setting", "nickname", "number", "score", "at", "status"} each: the nth setting (from 1) that a student
        has tried, its score (None without one), and when (seconds).
    score : name of the score, for the axis.
    greater : whether a greater score is better.
    cursor : up to which the rows are known; what is newer is asked for.
    """

    rows: Sequence[dict[str, Any]]
    score: str
    greater: bool
    cursor: int = 0


@dataclass(frozen=True)
class ClassBoardEvent:
    """`picked`: id of a run whose dot was pressed in this rerun, else None."""

    picked: str | None


_component = st.components.v2.component(
    "tunescope_class_board",
    html='<div class="cb-mount"></div>',
    css=joined_styles(SHARED / "base.css", FOLDER / "style.css"),
    js=bundle(FOLDER / "index.js"),
    isolate_styles=False,  # as the live curve; all rules start with .lc or .cb
)


def class_board(
    classroom_id: str,
    dots: Dots,
    *,
    key: str,
    version: int = 0,
    live: bool = False,
    pickable: bool = False,
    own: str | None = None,
    selected: str | None = None,
    height: int = 460,
    large: bool = False,
) -> ClassBoardEvent:
    """Draw the dots.

    Parameters
    ----------
    key : of the Streamlit element; keep it the same while the class goes on, so that nothing flickers.
    version : of the class that this page run has shown; another one runs the page again.
    live : whether to follow the class on the server: its teacher's right.
    pickable : whether a press on a dot opens its curve.
    own : nickname whose dots stand out.
    selected : run whose dot has a ring.
    height : pixels, the line above included.
    large : letters for a projector.
    """
    data = {
        "classroom": classroom_id,
        "rows": list(dots.rows),
        "score": dots.score,
        "greater": dots.greater,
        "cursor": dots.cursor,
        "version": version,
        "live": live,
        "pickable": pickable,
        "own": own,
        "selected": selected,
        "height": int(height),
        "large": large,
        "invitation": WAITING,
        "heard": heard_ids(key),
    }
    _component(key=key, data=data, height=int(height), **{f"on_{TRIGGER}_change": lambda: hear(key, {})})
    picked = take(key).get("picked")
    return ClassBoardEvent(picked if isinstance(picked, str) else None)
