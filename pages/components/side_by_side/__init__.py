"""Two to six learning curves as panels on common axes: a Streamlit component that follows their runs by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from pages.components.shared.inbox import TRIGGER, hear, heard_ids, take
from pages.components.shared.modules import bundle, joined_styles
from pages.components.shared.plotly import plotly_version

FOLDER = Path(__file__).parent
SHARED = FOLDER.with_name("shared")


@dataclass(frozen=True)
class LivePanel:
    """One panel: trainings of a run under a title. `numbers` are the run's trials that count, None for all."""

    run_id: str
    title: str
    numbers: tuple[int, ...] | None = None


_component = st.components.v2.component(
    "tunescope_side_by_side",
    html='<div class="sbs-mount"></div>',
    css=joined_styles(SHARED / "base.css", FOLDER / "style.css"),
    js=bundle(FOLDER / "index.js"),
    isolate_styles=False,
)


def side_by_side(
    panels: Sequence[LivePanel],
    *,
    key: str,
    live: bool,
    target: str = "",
    file: str = "curves",
    height: int = 520,
    large: bool = False,
) -> bool:
    """Draw the panels, growing while their runs are live; every panel has the same axes, so heights compare.

    Parameters
    ----------
    live : whether a run was unfinished when this page run read it.
    file : name of the pictures to take home, without the ending.
    height : pixels at least; the drawing grows with the window.
    large : letters and lines for a projector.

    Returns
    -------
    True in the one page run after all have been seen to end.
    """
    data = {
        "panels": [[panel.run_id, panel.title, list(panel.numbers) if panel.numbers is not None else None] for panel in panels],
        "live": live,
        "target": target,
        "file": file,
        "height": int(height),
        "large": large,
        "plotly": plotly_version(),
        "heard": heard_ids(key),
    }
    _component(key=key, data=data, height="content", **{f"on_{TRIGGER}_change": lambda: hear(key, {})})
    return "ended" in take(key)
