"""One column of a table at a glance: bars of counts, small enough for a list of columns."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import plotly.graph_objects as go

from tuning_core.charts.style import colours, layout, number, plotly_text, whole

LONGEST_NAME = 28


def histogram(
    counts: Sequence[int], edges: Sequence[float], *, name: str = "", dark: bool = False, height: int = 120
) -> go.Figure:
    """Bars of a numeric column.

    Parameters
    ----------
    counts : rows per bin, length n.
    edges : borders of the bins, length n + 1, ascending.
    name : the column's, shown verbatim.
    """
    if len(edges) != len(counts) + 1:
        raise ValueError(f"{len(counts)} counts need {len(counts) + 1} edges, not {len(edges)}.")
    bins = list(pairwise(edges))
    hover = [
        f"{number(low)} to {number(high)}<br><b>{whole(count)} rows</b>" for (low, high), count in zip(bins, counts, strict=True)
    ]
    middles = [(low + high) / 2 for low, high in bins]
    widths = [high - low for low, high in bins]
    figure = _bars(middles, counts, hover, name, dark, height, width=widths)
    figure.update_xaxes(
        visible=True,
        tickvals=[edges[0], edges[-1]],
        ticktext=[number(edges[0]), number(edges[-1])],
        showgrid=False,
        zeroline=False,
    )
    return figure


def category_bars(
    values: Sequence[tuple[str, int]], *, others: int = 0, name: str = "", dark: bool = False, height: int = 120
) -> go.Figure:
    """Bars of a column of categories: (value, rows), most frequent first; `others` are rows of all other values."""
    shown = [(plotly_text(value, LONGEST_NAME), count) for value, count in values]
    if others:
        shown.append(("all others", others))
    hover = [f"{value}<br><b>{whole(count)} rows</b>" for value, count in shown]
    figure = _bars(list(range(len(shown))), [count for _, count in shown], hover, name, dark, height)
    figure.update_xaxes(
        visible=True, tickvals=list(range(len(shown))), ticktext=[value for value, _ in shown], showgrid=False, zeroline=False
    )
    return figure


def _bars(x, counts, hover, name, dark, height, width=None) -> go.Figure:
    of = colours(dark)
    figure = go.Figure(layout=layout(height, dark, bargap=0.08, margin={"l": 6, "r": 6, "t": 22 if name else 4, "b": 20}))
    figure.add_bar(
        x=x,
        y=list(counts),
        width=width,
        marker={"color": of.training, "line": {"width": 0}},
        hovertext=hover,
        hovertemplate="%{hovertext}<extra></extra>",
    )
    if name:
        figure.update_layout(title={"text": plotly_text(name, 40), "font": {"size": 13}, "x": 0, "y": 0.98, "yanchor": "top"})
    return figure
