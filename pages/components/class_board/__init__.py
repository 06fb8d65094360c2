"""A class's board: every setting that a student has tried as a dot, live, as a Streamlit component.

Across stands how many settings the student had tried by then, upwards the score on the validation rows: so one sees what trying
often brings by itself. It follows the class on the server, which tells everybody what they may see.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from pages.components.shared.inbox import TRIGGER, hear, heard_ids
from pages.components.shared.modules import bundle, joined_styles

FOLDER = Path(__file__).parent
SHARED = FOLDER.with_name("shared")

WAITING = "Nobody has trained yet. Every training of a student becomes a dot here."


_component = st.components.v2.component(
    "tunescope_class_board",
    html='<div class="cb-mount"></div>',
    css=joined_styles(SHARED / "base.css", FOLDER / "style.css"),
    js=bundle(FOLDER / "index.js"),
    isolate_styles=False,  # as the live curve; all rules start with .lc or .cb
)


def class_board(
    classroom_id: str,
    *,
    key: str,
    feed: str,
    score: str,
    greater: bool,
    version: int = 0,
    members: int = 0,
    on_pick: Callable[[str], None] | None = None,
    named: bool = True,
    own: str | None = None,
    sight: str = "",
    selected: str | None = None,
    height: int = 460,
    above: int = 215,
    large: bool = False,
) -> None:
    """Draw the dots.

    Parameters
    ----------
    key : of the Streamlit element; keep it the same while the class goes on, so that nothing flickers.
    feed : "classroom" for its teacher, "class_board" for a member.
    score : name of the score, for the axis; `greater`: whether a greater one is better.
    version, members : of the class as this page run has shown it; other ones run its teacher's page again. A member's page hears
        of them by the class line (`class_channel`), and here of the own dots alone.
    on_pick : called before the page runs with "run setting" of the dot that was pressed; None where a press does nothing. It
        comes from the browser: check it.
    named : whether nicknames are shown; that of `own` is in any case.
    own : nickname whose dots stand out.
    sight : what the class lets its members see; all is asked for anew when it changes.
    selected : "run setting" whose dot has a ring.
    height : pixels at least, the line above included; it grows with the window, which has `above` pixels for the rest.
    large : letters for a projector.
    """
    data = {
        "classroom": classroom_id,
        "feed": feed,
        "score": score,
        "greater": greater,
        "version": version,
        "members": members,
        "pickable": on_pick is not None,
        "named": named,
        "own": own,
        "sight": f"{sight} {own}",
        "selected": selected,
        "height": int(height),
        "above": int(above),
        "large": large,
        "invitation": WAITING,
        "heard": heard_ids(key),
    }
    act = {"picked": lambda dot: on_pick(dot) if on_pick is not None and isinstance(dot, str) else None}
    _component(key=key, data=data, height="content", **{f"on_{TRIGGER}_change": lambda: hear(key, act)})
