"""A link for a class: choose what it opens, what is set, locked or left out; copy it, project its QR code, try it."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from pages.state.guide import write_guide
from pages.state.view import current_view
from pages.teach.form import link_form
from pages.teach.link import link_panel

left, right = st.columns([1.1, 1], gap="large")
with left:
    st.subheader("A link for a class", anchor=False)
    st.markdown(
        "Whoever opens it finds the table, the settings and the pages that you choose. What is locked or left out is so in the "
        "visit that the link has opened, and nowhere else. **It is a guide, no security**: anybody can leave it."
    )
    target, made = link_form(current_view())
with right:
    link_panel(replace(target, guide=write_guide(made)))
