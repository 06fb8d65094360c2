"""What the browser does for a whole page and Streamlit does not: keys. Draws nothing."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from pages.components.shared.modules import bundle

_component = st.components.v2.component(
    "tunescope_page_frame",
    html='<div class="page-frame"></div>',
    js=bundle(Path(__file__).parent / "index.js"),
    isolate_styles=False,
)


def page_keys() -> None:
    """Marks of help are no stops between controls; the key ? (F1 where one types) on a control shows its help instead."""
    with st.container(key="page_keys"):
        _component(key="page_keys_component")
