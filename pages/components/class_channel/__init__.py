"""The channel to a class: a component without a picture that runs the page again when the teacher has done something."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from pages.components.shared.inbox import TRIGGER, hear, heard_ids
from pages.components.shared.modules import bundle

_component = st.components.v2.component(
    "tunescope_class_channel",
    html='<div class="class-channel"></div>',
    js=bundle(Path(__file__).parent / "index.js"),
    isolate_styles=False,
)


def class_channel(classroom_id: str, version: int, members: int | None = None) -> None:
    """Follow `/api/classroom/...` while the page is open.

    Parameters
    ----------
    version, members : of the class as this page run has shown it; other ones run the page again. Only its teacher hears of
        members.
    """
    key = "class_channel_component"
    data = {"classroom": classroom_id, "version": version, "members": members, "heard": heard_ids(key)}
    with st.container(key="class_channel"):
        _component(key=key, data=data, **{f"on_{TRIGGER}_change": lambda: hear(key, {})})
