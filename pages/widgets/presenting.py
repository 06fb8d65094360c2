"""The presenter's view: large and without a sidebar, for a class that looks at one curve. It is kept in the address."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from pages.components.presenter import presenter_keys
from pages.state.view import change_view, current_view

CSS = Path(__file__).with_name("presenting.css")


def present_button() -> None:
    """Into the view; the browser fills the screen at the same press."""
    st.button(
        "Presenter view",
        icon=":material/present_to_all:",
        key="present",
        on_click=change_view,
        kwargs={"presented": 0},
        help="Presenter view: large, without the sidebar. Key P; arrow keys go on, Esc leaves.",
    )


def listen(on_step: Callable[[int], None]) -> bool:
    """At the end of a page that can be presented: its keys, and in the view its look. `on_step` is called with 1 or -1."""
    presented = current_view().presented is not None
    if presented:
        st.html(CSS)
    presenter_keys(presented=presented, on_present=_present, on_step=on_step, key="presenter")
    return presented


def leave_button() -> None:
    """Out of the view, for those without a keyboard."""
    st.button(
        "", icon=":material/close:", key="leave_presenter", type="tertiary", on_click=_present, args=(False,),
        help="Leave the presenter view (Esc).",
    )  # fmt: skip


def _present(wanted: bool) -> None:
    change_view(presented=0 if wanted else None)
