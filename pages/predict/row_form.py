"""One row, slider by slider: what the model says, and how that moves."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from pages.state.database import is_dark
from pages.widgets.chart_table import chart_table
from pages.widgets.errors import show_error
from pages.widgets.text import plain
from tuning_core.charts.partial_effect import class_bars
from tuning_core.charts.style import number, share
from tuning_core.errors import UserError
from tuning_core.prediction import Field, Model, predict

PER_ROW = 3
HEIGHT = 430
STEPS = 100  # of a slider over a column without whole numbers


def one_row(identity: str, model: Model) -> None:
    """A form of all columns, and the prediction beside it, at once."""
    left, right = st.columns([2, 1], gap="large")
    with left, st.container(height=HEIGHT, border=False):
        columns = st.columns(PER_ROW, gap="medium")
        row = {}
        for i, field in enumerate(model.fields):
            with columns[i % PER_ROW]:
                row[field.column] = _widget(f"predict_{identity}_{i}", field)
    with right:
        _outcome(model, row)
        st.button(
            "Back to a typical row",
            icon=":material/undo:",
            on_click=_reset,
            args=(f"predict_{identity}_",),
            help="Medians and commonest values of the training rows.",
        )


def _widget(key: str, field: Field) -> Any:
    """A control that stays within what the training rows held."""
    name = plain(field.column)
    if field.kind == "boolean":
        return st.toggle(name, bool(field.typical), key=key, help="Yes or no.")
    if field.kind == "category":
        levels = list(field.levels) or [field.typical or ""]
        start = levels.index(field.typical) if field.typical in levels else 0
        return st.selectbox(name, levels, start, key=key, help="The values that the training rows had.")
    if field.kind == "date":
        low, high, typical = (date.fromisoformat(str(v)[:10]) for v in (field.low, field.high, field.typical))
        return st.date_input(name, typical, low, high, key=key, help=f"Training rows reach from {low} to {high}.").isoformat()
    return _number(key, name, field)


def _number(key: str, name: str, field: Field) -> float:
    low, high, typical = float(field.low), float(field.high), float(field.typical if field.typical is not None else field.low)
    help_text = f"Training rows reach from {number(low)} to {number(high)}; beyond that the model would only guess."
    if not low < high:
        st.number_input(name, value=low, disabled=True, key=key, help="The training rows had this one value.")
        return low
    if field.whole and abs(low) < 2**52 and abs(high) < 2**52:
        step = max(1, round((high - low) / 1000))
        return st.slider(name, int(low), int(high), round(typical), step, key=key, help=help_text)
    step = float(f"{(high - low) / STEPS:.1g}")
    places = f"%.{max(0, -int(f'{step:e}'.split('e')[1]))}f" if 1e-6 < step < 1e9 else "%.3g"
    return st.slider(name, low, high, typical, step, places, key=key, help=help_text)


def _outcome(model: Model, row: dict[str, Any]) -> None:
    try:
        found = predict(model, pd.DataFrame([row]))
        usual = predict(model, pd.DataFrame([{field.column: field.typical for field in model.fields}]))
    except UserError as problem:
        show_error(problem.message, problem.remedy)
        return
    name = plain(model.target)
    if model.task == "regression":
        value, typical = float(found.values[0]), float(usual.values[0])
        step = value - typical
        delta = f"{number(abs(step))} {'more' if step > 0 else 'less'} than for a typical row"
        st.metric(
            f"Predicted {name}",
            f"{number(value)} {name}",
            delta=delta if abs(step) > 1e-9 * max(1.0, abs(typical)) else "as for a typical row",
            delta_color="off",
            delta_arrow="up" if step > 0 else "down" if step < 0 else "off",
            border=True,
            help="What this model says of the row on the left. It was off by its validation error on rows that it did not know.",
        )
    else:
        shares = found.values[0]
        likely = model.classes[int(shares.argmax())]
        st.metric(
            f"Predicted {name}",
            likely,
            delta=f"{share(float(shares.max()))} sure",
            delta_color="off",
            delta_arrow="off",
            border=True,
            help="The class with the largest probability. The exam's calibration tells whether it can be believed.",
        )
        figure = class_bars(model.classes, shares.tolist(), dark=is_dark())
        st.plotly_chart(figure, width="stretch", config={"displayModeBar": False}, key="predict_shares")
        words = {"class": list(model.classes), "probability": [share(float(value)) for value in shares]}
        chart_table("the probabilities", "predict_shares", lambda: words)


def _reset(prefix: str) -> None:
    for key in [key for key in st.session_state if str(key).startswith(prefix)]:
        del st.session_state[key]
