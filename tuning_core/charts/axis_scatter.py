"""One axis of a search: the loss of every setting over its value there, and where settings diverged."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from tuning_core.charts.style import colours, layout, plotly_text, share, tick
from tuning_core.charts.ticks import Scale, log_ticks

JITTER = 0.12  # of the distance between two names or listed values, so that points do not hide each other


def axis_scatter(
    axis: Scale,
    losses: Sequence[float],
    words: Sequence[str],
    *,
    loss: str = "loss",
    edge: str | None = None,
    dark: bool = False,
    height: int = 240,
) -> go.Figure:
    """A point a setting; the best one green; settings without a loss as crosses along the top.

    Parameters
    ----------
    losses : lower is better; NaN where a setting has none.
    words : what a point says under the pointer.
    edge : "low" or "high" when the best lies at that end of what was tried: that end is shaded.
    """
    of = colours(dark)
    scores = np.asarray(losses, float)
    there = np.isfinite(axis.places)
    good, bad = there & np.isfinite(scores), there & ~np.isfinite(scores)
    places = axis.places + _jitter(axis.places)
    figure = go.Figure(layout=layout(height, dark, margin={"l": 8, "r": 10, "t": 26, "b": 8}))
    log, (low, high) = _span(scores[good])
    top = high + 0.07 * (high - low)
    heights = np.where(np.isfinite(scores), scores, np.nan)
    shown = np.clip(np.log10(heights, where=heights > 0, out=np.full_like(heights, np.nan)) if log else heights, None, high)
    _points(figure, places[good], shown[good], [words[int(i)] for i in np.flatnonzero(good)], of.validation)
    crosses = {"symbol": "x-thin", "size": 7, "color": of.grey, "line": {"width": 1.6, "color": of.grey}}
    _points(figure, places[bad], np.full(bad.sum(), top), [words[int(i)] for i in np.flatnonzero(bad)], of.grey, crosses)
    if good.any():
        best = int(np.nanargmin(np.where(good, scores, np.nan)))
        ring = {"size": 12, "color": of.best, "line": {"width": 1.5, "color": of.background}}
        _points(figure, places[[best]], shown[[best]], [words[best]], of.best, ring)
    _title(figure, axis.name, int(bad.sum()), int(there.sum()), of)
    _place_axis(figure, axis, edge, of)
    _loss_axis(figure, log, low, top, loss, of)
    return figure


def _points(figure: go.Figure, x, y, words: list[str], colour: str, marker: dict | None = None) -> None:
    figure.add_scatter(
        x=list(x), y=list(y), mode="markers", marker=marker or {"size": 6, "color": colour, "opacity": 0.6}, customdata=words,
        hovertemplate="%{customdata}<extra></extra>", cliponaxis=False,
    )  # fmt: skip


def _jitter(places: np.ndarray) -> np.ndarray:
    """A fixed small shift of each point where few different values hold many points."""
    values = np.unique(places[np.isfinite(places)])
    if len(values) < 2 or len(values) > 12 or len(values) > len(places) / 2:
        return np.zeros(len(places))
    step = float(np.diff(values).min())
    return JITTER * step * (2 * ((np.arange(len(places)) * 0.6180339887) % 1) - 1)  # golden ratio: evenly spread


def _span(scores: np.ndarray) -> tuple[bool, tuple[float, float]]:
    """Whether the losses want a logarithm, and the range to show in those units: nine tenths of them, at the least."""
    if not len(scores):
        return False, (0.0, 1.0)
    low, high = float(scores.min()), float(np.quantile(scores, 0.95))
    log = low > 0 and high > 8 * low
    if log:
        low, high = math.log10(low), math.log10(high)
    room = (high - low) or abs(high) * 0.1 or 1.0
    return log, (low - 0.06 * room, high + 0.04 * room)


def _title(figure: go.Figure, name: str, bad: int, tried: int, of) -> None:
    lost = f"  <span style='color:{of.grey}'>{share(bad / tried)} diverged or failed</span>" if bad else ""
    text = f"<b>{plotly_text(name)}</b>{lost}"
    figure.update_layout(title={"text": text, "x": 0, "y": 0.99, "yanchor": "top", "font": {"size": 13}})


def _place_axis(figure: go.Figure, axis: Scale, edge: str | None, of) -> None:
    low, high = axis.span
    room = (0.15 if len(np.unique(axis.there)) <= 3 else 0.06) * (high - low) or 0.5
    values, texts = axis.ticks()
    ticks: dict = {"tickvals": values, "ticktext": [plotly_text(t, 14) for t in texts]} if values else {"nticks": 6}
    figure.update_xaxes(
        visible=True,
        range=[low - room, high + room],
        showgrid=False,
        zeroline=False,
        showline=True,
        linecolor=of.grid,
        automargin=True,
        **ticks,
    )
    if edge:
        x0, x1 = (low - room, low + room) if edge == "low" else (high - room, high + room)
        figure.add_shape(
            type="rect", x0=x0, x1=x1, y0=0, y1=1, yref="paper", fillcolor=of.best, opacity=0.13, line={"width": 0}, layer="below"
        )


def _loss_axis(figure: go.Figure, log: bool, low: float, top: float, loss: str, of) -> None:
    ticks: dict = {"nticks": 5, "exponentformat": "B"}
    if log:
        values, texts = log_ticks(low, top, tick)
        ticks = {"tickvals": values, "ticktext": texts}
    title = {"text": plotly_text(loss), "font": {"size": 12, "color": of.grey}, "standoff": 4}
    figure.update_yaxes(
        visible=True, range=[low, top + 0.04 * (top - low)], gridcolor=of.grid, zeroline=False, automargin=True, title=title,
        tickfont={"color": of.grey, "size": 11}, **ticks,
    )  # fmt: skip
