"""The board: all validation curves of a search, live, as a Streamlit component that follows the search by itself.

It asks `/api/board/...` (`pages.server.routes`) for news and draws on a canvas, because a thousand curves are too many for
SVG. `index.js` is where its JavaScript begins.
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

INVITATION = "Choose in the sidebar what to try and press Search: every validation curve grows here."


@dataclass(frozen=True)
class BoardEvent:
    """What the browser said in this rerun, None for what it did not.

    `ended` is {"run_id", "status"} after a search was seen to end ("gone": deleted), `picked` the number of a setting that was
    clicked, `progress` how many settings had a score when the table should be drawn anew.
    """

    ended: dict[str, Any] | None
    picked: int | None
    progress: int | None


_component = st.components.v2.component(
    "tunescope_search_board",
    html='<div class="sb-mount"></div>',
    css=joined_styles(SHARED / "base.css", FOLDER / "style.css"),
    js=bundle(FOLDER / "index.js"),
    isolate_styles=False,  # as the live curve; all rules start with .lc or .sb
)


def search_board(
    run_id: str | None,
    *,
    key: str,
    axes: Sequence[str] = (),
    planned: int = 0,
    selected: int | None = None,
    height: int = 380,
    live: bool = True,
    target: str = "",
) -> BoardEvent:
    """Draw a search's validation curves, growing while it is live.

    Parameters
    ----------
    run_id : the search, or None for an invitation.
    key : of the Streamlit element; keep it the same while the search changes, so that nothing flickers.
    axes : names of the axes in words, in the order of the stored values.
    planned : trainings in all, for the progress.
    selected : number of the setting to be drawn strong.
    height : pixels, status line included.
    live : whether the page took the search for unfinished when it was built; see `live_curve`.
    target : name of the target, for the axis.
    """
    data = {
        "run_id": run_id,
        "axes": list(axes),
        "planned": int(planned),
        "selected": selected,
        "live": bool(live and run_id),
        "height": int(height),
        "target": target,
        "invitation": INVITATION,
        "heard": heard_ids(key),
    }
    _component(key=key, data=data, height=int(height), **{f"on_{TRIGGER}_change": lambda: hear(key, {})})
    said = take(key)
    return BoardEvent(said.get("ended"), said.get("picked"), said.get("progress"))
