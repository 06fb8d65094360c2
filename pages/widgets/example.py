"""What a page is for, while there is nothing of one's own to show: a sentence, the button that begins, a recorded example."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from pages.state.recorded import SAMPLE
from pages.state.tune_settings import launch
from pages.state.view import current_view
from pages.widgets.train_button import train_button


@contextmanager
def recorded_example(page: str, of: str, table: str = SAMPLE.file) -> Iterator[None]:
    """What is drawn inside is dimmed and named an example; `of` says of what, `page` gives the place its key."""
    with st.container(border=True):
        st.caption(f":material/history_edu: **A recorded example**: {of}, on the sample {table}. Nothing of it counts as yours.")
        with st.container(key=f"example_{page}"):
            yield


def begin_on_tune(label: str, ready: bool, *, key: str = "begin") -> None:
    """The button that trains what is on Tune's sliders and goes there."""
    clicked = train_button(
        label,
        current_view().dataset_id,
        type="primary",
        icon=":material/play_arrow:",
        key=key,
        disabled=not ready,
        help="Trains the settings that are on Tune's sliders on your table, and goes there to watch the curve grow.",
    )
    if clicked:
        launch()
        st.switch_page("tune/page.py")
