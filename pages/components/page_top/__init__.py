"""Where a page begins when it shows something else: at its top, wherever one had scrolled to."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from pages.components.shared.modules import bundle

_component = st.components.v2.component(
    "tunescope_page_top",
    html='<div class="page-top"></div>',
    js=bundle(Path(__file__).parent / "index.js"),
    isolate_styles=False,
)


def begin_at_top(shown: str) -> None:
    """Scroll up whenever `shown`, a name of what the page shows, is another one than in the page run before."""
    with st.container(key="page_top"):
        _component(key="page_top_component", data={"shown": shown})
