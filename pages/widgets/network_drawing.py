"""The weights of a small network as a drawing, with a sentence on how to read it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from pages.state.database import is_dark
from tuning_core.charts.network import network_svg
from tuning_core.charts.sparkline import picture_html


def network_drawing(kernels: Sequence[np.ndarray], inputs: Sequence[str], outputs: Sequence[str]) -> None:
    """`kernels` (in, out) one after the other; names of the features and of what comes out."""
    st.html(picture_html(network_svg(kernels, inputs, outputs, dark=is_dark()), None))
    st.caption(
        "Thick lines are large weights, compared within their layer. Solid lines push the next unit up, dashed ones down. Of a "
        "large layer the units with the most weight are drawn; biases are not."
    )
