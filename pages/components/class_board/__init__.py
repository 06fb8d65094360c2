"""A class's board: every setting that a student has tried as a dot, live, as a Streamlit component.

Across stands how many settings the student had tried by then, upwards the score on the validation rows: so one sees what trying
often brings by itself. Of the class's teacher it follows `/api/classroom/...`; students see what the page gives.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from pages.components.shared.inbox import TRIGGER, hear, heard_ids
from pages.components.shared.modules import bundle, joined_styles

FOLDER = Path(__file__).parent
SHARED = FOLDER.with_name("shared")

WAITING = "Nobody has trained yet. Every training of a student becomes a dot here."


@dataclass(frozen=True)
class Dots:
    """What is drawn.

    Attributes
    ----------
    rows : as `tuning_core.store.class_board.BoardRow`, with its fields; none where the class is followed, which gives them.
    score : name of the score, for the axis.
    greater : whether a greater score is better.
    """

    rows: Sequence[dict[str, Any]]
    score: str
    greater: bool


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
    members: int = 0,
    live: bool = False,
    on_pick: Callable[[str], None] | None = None,
    named: bool = True,
    own: str | None = None,
    selected: str | None = None,
    height: int = 460,
    large: bool = False,
) -> None:
    """Draw the dots.

    Parameters
    ----------
    key : of the Streamlit element; keep it the same while the class goes on, so that nothing flickers.
    version, members : of the class as this page run has shown it; other ones run the page again.
    live : whether to follow the class on the server: its teacher's right.
    on_pick : called before the page runs with "run setting" of the dot that was pressed; None where a press does nothing. It
        comes from the browser: check it.
    named : whether nicknames are shown; that of `own` is in any case.
    own : nickname whose dots stand out.
    selected : "run setting" whose dot has a ring.
    height : pixels at least, the line above included; it grows with the window.
    large : letters for a projector.
    """
    data = {
        "classroom": classroom_id,
        "rows": list(dots.rows),
        "score": dots.score,
        "greater": dots.greater,
        "version": version,
        "members": members,
        "live": live,
        "pickable": on_pick is not None,
        "named": named,
        "own": own,
        "selected": selected,
        "height": int(height),
        "large": large,
        "invitation": WAITING,
        "heard": heard_ids(key),
    }
    act = {"picked": lambda dot: on_pick(dot) if on_pick is not None and isinstance(dot, str) else None}
    _component(key=key, data=data, height="content", **{f"on_{TRIGGER}_change": lambda: hear(key, act)})
