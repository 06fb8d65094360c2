"""What the model has learned: its prediction over two columns, and its weights as a drawing."""

from __future__ import annotations

from functools import lru_cache, partial

import streamlit as st

from pages.predict.model_loader import loaded_model
from pages.state.database import is_dark
from pages.widgets.chart_table import chart_table
from pages.widgets.network_drawing import network_drawing
from tuning_core.charts.style import number, share
from tuning_core.charts.surface_chart import surface_chart
from tuning_core.prediction import Model, Surface, surface

LEVELS = ("category", "boolean")


def insides(identity: str, model: Model) -> None:
    """The surface on the left, the network on the right."""
    left, right = st.columns(2, gap="large")
    with left:
        _surface(identity, model)
    with right:
        _network(model)


def _surface(identity: str, model: Model) -> None:
    st.markdown("**The prediction over two columns**")
    names = list(model.columns)
    if len(names) < 2:
        st.caption("The model uses one column only; its effect is in the tab before.")
        return
    first, second = st.columns(2)
    with first:
        x = st.selectbox("Across", names, key="surface_x", help="The column from left to right.")
    with second:
        y = st.selectbox("Up", [name for name in names if name != x], key="surface_y", help="The column from bottom to top.")
    found = _kept_surface(identity, x, y)
    output = 0
    if len(found.outputs) > 1:
        output = st.selectbox(
            "Share of", range(len(found.outputs)), format_func=found.outputs.__getitem__, key="surface_output",
            help="Each class has a surface of its own.",
        )  # fmt: skip
    figure = surface_chart(
        found.columns,
        found.values,
        found.mean[:, :, output],
        found.seen,
        (found.kinds[0] in LEVELS, found.kinds[1] in LEVELS),
        title=found.outputs[output],
        shares=model.task == "classification",
        dark=is_dark(),
    )
    st.plotly_chart(figure, width="stretch", config={"displayModeBar": False}, key="surface", theme=None)
    chart_table("the surface", "surface", partial(_surface_columns, found, output, model.task == "classification"))
    st.caption(
        "The mean prediction when training rows are given these two values and keep all their others. Dots are rows as they are: "
        "far from them the model only guesses."
    )


@lru_cache(maxsize=64)
def _kept_surface(identity: str, x: str, y: str) -> Surface:
    return surface(loaded_model(identity), x, y)


def _network(model: Model) -> None:
    st.markdown("**Its weights**")
    outputs = [model.target] if model.weights[-1].shape == (1,) else list(model.classes)
    network_drawing(model.weights[::2], model.preparation.feature_names, outputs)


def _surface_columns(found: Surface, output: int, shares: bool) -> dict[str, list[str]]:
    """A row for each pair of values, the first column's changing fastest."""
    form = share if shares else number
    across, up = found.values
    pairs = [(i, j) for i in range(len(up)) for j in range(len(across))]
    return {
        found.columns[0]: [str(across[j]) for _, j in pairs],
        found.columns[1]: [str(up[i]) for i, _ in pairs],
        found.outputs[output]: [form(float(found.mean[i, j, output])) for i, j in pairs],
    }
