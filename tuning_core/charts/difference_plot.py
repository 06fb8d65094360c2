"""Paired differences as points with intervals around the reference: what crosses the line may be luck."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from tuning_core.charts.style import Colours, colours, hue_of, layout, plotly_text

ROW_PIXELS = 34


@dataclass(frozen=True)
class Gain:
    """How much better one setting is than the reference; `low` and `high` are NaN where the interval cannot be known.

    `sure` fills the point; `words` stand beside it.
    """

    letter: str
    name: str
    mean: float
    low: float
    high: float
    sure: bool
    words: str
    hue: int | None = 0


def difference_plot(
    gains: Sequence[Gain], *, reference: str, unit: str, form: Callable[[float], str], dark: bool = False
) -> go.Figure:
    """One row for each setting; right of the line is better than the reference.

    Parameters
    ----------
    reference : letter of the setting that the others are compared with.
    unit : what the axis measures, shown verbatim.
    form : writes a value with its unit.
    """
    of = colours(dark)
    height = 64 + ROW_PIXELS * max(1, len(gains))
    figure = go.Figure(layout=layout(height, dark, margin={"l": 26, "r": 10, "t": 26, "b": 36}, hovermode="closest"))
    figure.add_vline(x=0, line={"color": of.grey, "width": 1.3, "dash": "6px,4px"})
    figure.add_annotation(
        x=0,
        y=1,
        yref="paper",
        yanchor="bottom",
        showarrow=False,
        text=f"<b>{plotly_text(reference)}</b>",
        font={"color": of.grey},
    )
    for row, gain in enumerate(gains):
        if math.isfinite(gain.mean):
            _add_point(figure, row, gain, hue_of(gain.hue, dark), form, of.background)
        figure.add_annotation(
            x=1,
            xref="paper",
            y=row,
            yshift=11,
            xanchor="right",
            showarrow=False,
            text=plotly_text(gain.words),
            font={"color": of.grey, "size": 12},
        )
    _axes(figure, gains, unit, of)
    return figure


def _axes(figure: go.Figure, gains: Sequence[Gain], unit: str, of: Colours) -> None:
    """Zero in the middle, so that both directions are as long."""
    shown = [gain for gain in gains if math.isfinite(gain.mean)]
    reach = 1.15 * max((abs(v) for g in shown for v in (g.mean, g.low, g.high) if math.isfinite(v)), default=1.0) or 1.0
    figure.update_xaxes(
        visible=True,
        range=[-reach, reach],
        gridcolor=of.grid,
        zeroline=False,
        nticks=5,
        tickformat=None if reach >= 1e5 else ",~r",
        exponentformat="B",
        title={"text": f"worse  ←  {plotly_text(unit, 50)}  →  better", "standoff": 4, "font": {"color": of.grey}},
    )
    figure.update_yaxes(
        visible=True,
        showgrid=False,
        range=[len(gains) - 0.4, -0.7],
        tickvals=list(range(len(gains))),
        ticktext=[f"<b>{gain.letter}</b>" for gain in gains],
    )


def _add_point(figure: go.Figure, row: int, gain: Gain, colour: str, form: Callable[[float], str], background: str) -> None:
    known = math.isfinite(gain.low)
    size = f"{'better' if gain.mean > 0 else 'worse'} by {form(abs(gain.mean))}"
    interval = f"<br>95 % interval {form(gain.low)} to {form(gain.high)}" if known else ""
    figure.add_scatter(
        x=[gain.mean],
        y=[row],
        mode="markers",
        name=gain.letter,
        marker={"color": colour if gain.sure else background, "size": 11, "line": {"color": colour, "width": 2.2}},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [gain.high - gain.mean],
            "arrayminus": [gain.mean - gain.low],
            "color": colour,
            "thickness": 2.2,
            "width": 5,
        }
        if known
        else None,
        hovertemplate=f"<b>{gain.letter}</b> {plotly_text(gain.name, 60)}<br><b>{size}</b>{interval}<extra></extra>",
    )
