"""The presenter's keys, and the sheet of settings on a phone: a component without a picture of its own.

P shows the presenter's view (and the whole screen), Esc leaves it, arrow keys go from step to step. On a narrow window the button
Settings opens the sidebar as a sheet, and Train closes it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from pages.components.shared.inbox import TRIGGER, hear, heard_ids
from pages.components.shared.modules import bundle

_component = st.components.v2.component(
    "tunescope_presenter",
    html='<div class="presenter-mount"></div>',
    js=bundle(Path(__file__).parent / "index.js"),
    isolate_styles=False,
)


def presenter_keys(*, presented: bool, on_present: Callable[[bool], None], on_step: Callable[[int], None], key: str) -> None:
    """Listen while the page is open.

    Parameters
    ----------
    presented : whether the presenter's view is on screen.
    on_present : called before the page runs with whether the view is wanted.
    on_step : likewise with 1 or -1, only in the presenter's view.
    """
    act: dict[str, Callable[[Any], None]] = {
        "present": lambda wanted: on_present(wanted is True),
        "step": lambda by: on_step(by) if by in (1, -1) else None,
    }
    data = {"presented": presented, "heard": heard_ids(key)}
    _component(key=key, data=data, height="content", **{f"on_{TRIGGER}_change": lambda: hear(key, act)})
