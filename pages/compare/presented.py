"""Compare in the presenter's view: panels side by side, then all curves on one pair of axes; arrow keys go to and fro."""

from __future__ import annotations

import streamlit as st

from pages.compare.controls import panels_of_all
from pages.compare.plots import beside_panels, curves_alone
from pages.state.contenders import Entry
from pages.state.view import change_view, current_view
from pages.widgets.presenting import leave_button
from pages.widgets.text import plain
from tuning_core.experiment.typed_values import MOST_BESIDE

STEPS = 2


def presented_comparison(shown: dict[str, Entry], step_shown: int) -> None:
    """These settings by letter, by the value that was chosen, without controls and tables."""
    first = next(iter(shown.values()))
    with st.container(horizontal=True, vertical_alignment="center", key="presented_title"):
        st.subheader(f"Compare · {plain(first.run.setup['target'])}", anchor=False, width="stretch")
        leave_button()
    panels = panels_of_all(shown)
    panel = st.session_state.get("compare_panel")
    if step_shown == 0 and 1 < len(shown) <= MOST_BESIDE:
        beside_panels([entry.mark for entry in shown.values()], first, large=True)
    else:
        curves_alone(shown, panel if panel in panels else panels[0])


def step(by: int) -> None:
    """To the other of the two; at the ends nothing happens."""
    at = (current_view().presented or 0) + by
    if 0 <= at < STEPS:
        change_view(presented=at)
