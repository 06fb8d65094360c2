"""How a prediction moves with one column while the others stay as they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from tuning_core.charts.style import Colours, colours, layout, number, plotly_text, share

LINES_DRAWN = 40
LEVEL_LENGTH = 14


def partial_effect(
    values: Sequence[Any],
    mean: Sequence[float],
    curves: np.ndarray,
    *,
    name: str,
    levels: bool,
    seen: Sequence[Any] = (),
    shares: bool = False,
    span: tuple[float, float] | None = None,
    dark: bool = False,
    height: int = 210,
) -> go.Figure:
    """The mean effect over rows that are known, single rows faint behind, and where the rows are along the bottom.

    Parameters
    ----------
    values : (points,) of the column: numbers or ISO dates, or levels.
    mean : (points,) of the prediction.
    curves : (rows, points) of single rows.
    name : of the column, shown verbatim.
    levels : whether the values are levels, drawn as points beside each other.
    seen : the column's values in these rows.
    span : of the value axis, so that several charts compare.
    """
    of = colours(dark)
    figure = go.Figure(layout=layout(height, dark, margin={"l": 52, "r": 8, "t": 26, "b": 24}, hovermode="closest"))
    at = list(range(len(values))) if levels else list(values)
    for curve in curves[:LINES_DRAWN]:
        figure.add_scatter(
            x=at, y=curve, mode="lines", line={"color": of.grey, "width": 0.8}, opacity=0.18, hoverinfo="skip", name="row"
        )
    _add_mean(figure, at, values, mean, levels, share if shares else number, of)
    if not levels and len(seen):
        _add_rug(figure, seen, of)
    _axes(figure, at, values, levels, shares, of)
    if span is not None:
        figure.update_layout(yaxis_range=list(span))
    figure.update_layout(title={"text": plotly_text(name, 32), "font": {"size": 13}, "x": 0, "y": 0.98, "yanchor": "top"})
    return figure


def _add_mean(
    figure: go.Figure,
    at: list[Any],
    values: Sequence[Any],
    mean: Sequence[float],
    levels: bool,
    form: Callable[[float], str],
    of: Colours,
) -> None:
    words = [plotly_text(v, 40) if levels or isinstance(v, str) else number(float(v)) for v in values]
    figure.add_scatter(
        x=at,
        y=list(mean),
        mode="lines+markers" if levels or len(at) < 8 else "lines",
        line={"color": of.training, "width": 2.4, "dash": "dot" if levels else "solid"},
        marker={"size": 8},
        name="mean",
        customdata=[f"{word}<br><b>{form(m)}</b> on average" for word, m in zip(words, mean, strict=True)],
        hovertemplate="%{customdata}<extra></extra>",
    )


def _add_rug(figure: go.Figure, seen: Sequence[Any], of: Colours) -> None:
    """A tick along the bottom for each row."""
    figure.add_scatter(
        x=list(seen), y=[0.0] * len(seen), yaxis="y2", mode="markers", name="seen", hoverinfo="skip",
        marker={"symbol": "line-ns-open", "color": of.grey, "size": 6}, opacity=0.5,
    )  # fmt: skip


def _axes(figure: go.Figure, at: list[Any], values: Sequence[Any], levels: bool, shares: bool, of: Colours) -> None:
    figure.update_layout(yaxis2={"overlaying": "y", "visible": False, "range": [-0.03, 1], "fixedrange": True})
    ticks: dict[str, Any] = {"nticks": 4}
    if levels:
        ticks = {"tickvals": at, "ticktext": [plotly_text(v, LEVEL_LENGTH) for v in values], "range": [-0.5, len(at) - 0.5]}
    figure.update_xaxes(visible=True, showgrid=False, zeroline=False, **ticks)
    figure.update_yaxes(
        selector={"overlaying": None},
        visible=True,
        gridcolor=of.grid,
        zeroline=False,
        nticks=4,
        tickformat=".0%" if shares else None,
        exponentformat="B",
    )


def class_bars(names: Sequence[str], shares: Sequence[float], *, dark: bool = False) -> go.Figure:
    """The probability of each class as a bar, in the order given."""
    of = colours(dark)
    best = int(np.argmax(shares)) if len(shares) else -1
    figure = go.Figure(layout=layout(30 * len(names) + 16, dark, bargap=0.35, margin={"l": 8, "r": 8, "t": 4, "b": 4}))
    figure.add_bar(
        x=list(shares),
        y=list(range(len(names))),
        orientation="h",
        marker={"color": [of.training if i == best else of.grey for i in range(len(names))], "cornerradius": 3},
        hoverinfo="skip",
        text=[share(float(s)) for s in shares],
        textposition="auto",
        textangle=0,
    )
    figure.update_xaxes(range=[0, 1])
    figure.update_yaxes(
        visible=True,
        autorange="reversed",
        showgrid=False,
        tickvals=list(range(len(names))),
        ticktext=[plotly_text(name, 20) for name in names],
        automargin=True,
    )
    return figure
