"""The partial effect of every column, the strongest first, on one scale."""

from __future__ import annotations

from functools import partial

import numpy as np
import streamlit as st

from pages.predict.model_loader import effect
from pages.state.database import is_dark
from pages.widgets.chart_table import chart_table
from tuning_core.charts.partial_effect import partial_effect
from tuning_core.charts.style import number, share
from tuning_core.prediction import Model, PartialDependence

PER_ROW = 3
AT_FIRST = 9
MOST_SORTED = 40  # columns; of more, the order of the table is kept


def effects(identity: str, model: Model) -> None:
    """Small charts beside each other."""
    st.caption(
        "How the prediction moves with one column while all others stay as they are in training rows: the mean (line), single "
        "rows (grey) and where rows are (ticks below). It is what the model does, not what causes what; columns that belong "
        "together are torn apart here."
    )
    shown = st.session_state.get("effects_shown", AT_FIRST)
    columns = list(model.columns) if len(model.columns) <= MOST_SORTED else list(model.columns[:shown])
    found = [effect(identity, column) for column in columns]
    output = _choose_output(found[0].outputs) if found else 0
    show_effects(found, shown, output, shares=model.task == "classification")
    if len(model.columns) > shown:
        st.button("More columns", icon=":material/expand_more:", type="tertiary", on_click=_more)


def show_effects(found: list[PartialDependence], shown: int, output: int, *, shares: bool) -> None:
    """The strongest of them as small charts beside each other, on one scale."""
    ranked = sorted(found, key=lambda pd: -float(np.ptp(pd.mean[:, output])) if len(pd.mean) else 0.0)
    span = _span(ranked, output)
    for start in range(0, min(shown, len(ranked)), PER_ROW):
        for place, dependence in zip(st.columns(PER_ROW), ranked[start : start + PER_ROW], strict=False):
            with place:
                _chart(dependence, output, span, shares)


def _choose_output(outputs: tuple[str, ...]) -> int:
    if len(outputs) == 1:
        return 0
    return st.selectbox(
        "Probability of", range(len(outputs)), format_func=outputs.__getitem__, key="effects_output", width=260,
        help="Each class has effects of its own.",
    )  # fmt: skip


def _span(found: list[PartialDependence], output: int) -> tuple[float, float]:
    """Of all means, and most of the single rows."""
    parts = [np.quantile(pd.curves[:, :, output], (0.05, 0.95)) for pd in found] + [pd.mean[:, output] for pd in found]
    values = np.concatenate(parts) if parts else np.zeros(1)
    low, high = float(values.min()), float(values.max())
    pad = 0.06 * max(high - low, abs(high) * 0.02, 1e-12)
    return low - pad, high + pad


def _chart(dependence: PartialDependence, output: int, span: tuple[float, float], shares: bool) -> None:
    figure = partial_effect(
        dependence.values,
        dependence.mean[:, output].tolist(),
        dependence.curves[:, :, output],
        name=dependence.column,
        levels=dependence.kind in ("category", "boolean"),
        seen=dependence.seen,
        shares=shares,
        span=span,
        dark=is_dark(),
    )
    st.plotly_chart(figure, width="stretch", config={"displayModeBar": False}, key=f"effect_{dependence.column}")
    chart_table(
        f"the effect of {dependence.column}", f"effect_{dependence.column}", partial(_columns, dependence, output, shares)
    )


def _columns(dependence: PartialDependence, output: int, shares: bool) -> dict[str, list[str]]:
    name = f"mean probability of {dependence.outputs[output]}" if shares else "mean prediction"
    return {
        dependence.column: [number(value) if isinstance(value, float) else str(value) for value in dependence.values],
        name: [(share if shares else number)(float(value)) for value in dependence.mean[:, output]],
    }


def _more() -> None:
    st.session_state.effects_shown = st.session_state.get("effects_shown", AT_FIRST) + AT_FIRST
