"""A regression on rows with known answers: predicted against actual, and what is left over."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from tuning_core.charts.style import colours, layout, number, plotly_text


def predicted_actual(
    actual: Sequence[float], predicted: Sequence[float], *, target: str = "", dark: bool = False, height: int = 340
) -> go.Figure:
    """One point a row; on the dashed line the prediction is right.

    Parameters
    ----------
    actual, predicted : shape (rows,), in the target's units.
    target : its name, shown verbatim.
    """
    figure = _cloud(actual, predicted, actual, predicted, f"actual {target}", f"predicted {target}", dark, height)
    both = np.concatenate([np.asarray(actual, float), np.asarray(predicted, float)])
    if len(both):
        ends = [float(both.min()), float(both.max())]
        line = {"color": colours(dark).grey, "dash": "6px,4px", "width": 1.3}
        figure.add_scatter(x=ends, y=ends, mode="lines", name="right", line=line, hoverinfo="skip")
    return figure


def residuals(
    actual: Sequence[float], predicted: Sequence[float], *, target: str = "", dark: bool = False, height: int = 340
) -> go.Figure:
    """Actual minus predicted over the predictions: a bow or a funnel is something that the model has not learned."""
    left = np.asarray(actual, float) - np.asarray(predicted, float)
    figure = _cloud(predicted, left, actual, predicted, f"predicted {target}", "actual − predicted", dark, height)
    figure.add_hline(y=0, line={"color": colours(dark).grey, "dash": "6px,4px", "width": 1.3})
    return figure


def _cloud(x, y, actual, predicted, x_title: str, y_title: str, dark: bool, height: int) -> go.Figure:
    of = colours(dark)
    figure = go.Figure(layout=layout(height, dark, margin={"l": 70, "r": 12, "t": 10, "b": 44}, hovermode="closest"))
    figure.add_scatter(
        x=np.asarray(x, float),
        y=np.asarray(y, float),
        mode="markers",
        name="rows",
        marker={"color": of.training, "size": 7, "opacity": 0.55, "line": {"width": 0}},
        customdata=[f"actual {number(a)}<br>predicted <b>{number(p)}</b>" for a, p in zip(actual, predicted, strict=True)],
        hovertemplate="%{customdata}<extra></extra>",
    )
    for update, title in ((figure.update_xaxes, x_title), (figure.update_yaxes, y_title)):
        update(
            visible=True,
            gridcolor=of.grid,
            zeroline=False,
            nticks=6,
            exponentformat="B",
            title={"text": plotly_text(title, 40), "standoff": 6},
        )
    return figure
