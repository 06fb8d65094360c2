"""What a teacher's link says, on every page of the visit that it opened, and the way out of it."""

from __future__ import annotations

import streamlit as st

from pages.state.guide import guide, leave_guide
from pages.state.view import current_view
from pages.widgets.text import plain

SAYS = "A link has set this page up; some controls may be locked or left out. It is a guide, no security."


def guide_line() -> None:
    """Nothing without a guide."""
    if not current_view().guide:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="guide_line"):
        note = plain(guide().note)
        st.markdown(f":material/school: **{note}**" if note else f":material/school: {SAYS}", width="stretch", help=SAYS)
        st.button(
            "Leave the guide",
            icon=":material/lock_open:",
            type="tertiary",
            key="leave_guide",
            on_click=leave_guide,
            help=f"{SAYS} Leaving opens all controls and pages; nothing that was trained is lost.",
        )
