"""A tour as a Streamlit component: cards that stand beside real controls, one after the other. `index.js` begins it.

Any press elsewhere, Esc or Skip ends it; a tab shows each tour once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import streamlit as st

from pages.components.shared.inbox import TRIGGER, hear, heard_ids
from pages.components.shared.modules import bundle, joined_styles

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class TourStep:
    """What a card says. `targets` are CSS selectors: it stands beside the first that is on the screen."""

    title: str
    text: str
    targets: Sequence[str]


_component = st.components.v2.component(
    "tunescope_tour",
    html='<div class="tour-mount"></div>',
    css=joined_styles(FOLDER / "style.css"),
    js=bundle(FOLDER / "index.js"),
    isolate_styles=False,  # its cards hang at the end of the document; all rules start with .tour
)


def tour(steps: Sequence[TourStep], turn: str, *, key: str, on_over: Callable[[], None]) -> None:
    """Show the steps, once for each `turn` (any word); `on_over` is called when somebody has seen or skipped them."""
    data = {"turn": turn, "steps": [asdict(step) for step in steps], "heard": heard_ids(key)}
    act = {"over": lambda said: on_over() if said == turn else None}
    _component(key=key, data=data, height="content", **{f"on_{TRIGGER}_change": lambda: hear(key, act)})
