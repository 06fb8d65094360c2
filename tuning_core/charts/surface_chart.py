"""A prediction over two columns as colours, with the rows that it rests on as dots."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from tuning_core.charts.style import Colours, colours, layout, number, plotly_text, share

LEVEL_LENGTH = 16


def surface_chart(
    names: tuple[str, str],
    values: tuple[Sequence[Any], Sequence[Any]],
    mean: np.ndarray,
    seen: tuple[Sequence[Any], Sequence[Any]],
    levels: tuple[bool, bool],
    *,
    title: str,
    shares: bool = False,
    dark: bool = False,
    height: int = 420,
) -> go.Figure:
    """Colours over (across, up).

    Parameters
    ----------
    names, values : of the columns, across and up.
    mean : (up, across) predictions.
    seen : values of rows in both columns, drawn as dots.
    levels : whether the values of a column are levels, which are put beside each other.
    title : of the prediction, shown verbatim.
    """
    of = colours(dark)
    form = share if shares else number
    places = [list(range(len(v))) if is_level else list(v) for v, is_level in zip(values, levels, strict=True)]
    words = [[plotly_text(v if isinstance(v, (str, bool)) else number(v), 30) for v in some] for some in values]
    texts = [
        [f"{plotly_text(names[0], 30)} {x}<br>{plotly_text(names[1], 30)} {y}<br><b>{form(m)}</b> on average" for x, m in
         zip(words[0], row, strict=True)]
        for y, row in zip(words[1], mean.tolist(), strict=True)
    ]  # fmt: skip
    figure = go.Figure(layout=layout(height, dark, margin={"l": 8, "r": 8, "t": 30, "b": 8}, hovermode="closest"))
    figure.add_heatmap(
        x=places[0],
        y=places[1],
        z=mean.tolist(),
        customdata=texts,
        hovertemplate="%{customdata}<extra></extra>",
        colorscale=[[0, of.background], [1, of.training]],
        zsmooth=False if any(levels) else "best",
        colorbar={"thickness": 12, "tickformat": ".0%" if shares else "~s", "outlinewidth": 0},
    )
    _dots(figure, seen, values, levels, of)
    for axis, name, value, place, is_level in zip(("xaxis", "yaxis"), names, values, places, levels, strict=True):
        look: dict[str, Any] = {"visible": True, "showgrid": False, "zeroline": False, "automargin": True}
        look["title"] = {"text": plotly_text(name, 40), "font": {"color": of.grey}, "standoff": 6}
        if is_level:
            look |= {"tickvals": place, "ticktext": [plotly_text(v, LEVEL_LENGTH) for v in value]}
        figure.update_layout({axis: look})
    figure.update_layout(title={"text": plotly_text(title, 60), "font": {"size": 13}, "x": 0, "y": 0.99, "yanchor": "top"})
    return figure


def _dots(figure: go.Figure, seen: Any, values: Any, levels: tuple[bool, bool], of: Colours) -> None:
    """Rows of levels lie on each other, so they are moved apart by a fixed small shift."""
    spots = []
    for some, known, is_level in zip(seen, values, levels, strict=True):
        if is_level:
            place = {value: i for i, value in enumerate(known)}
            shift = [0.5 * ((i * 0.6180339887) % 1) - 0.25 for i in range(len(some))]  # golden ratio: evenly spread
            spots.append([place[v] + s if v in place else None for v, s in zip(some, shift, strict=True)])
        else:
            spots.append(list(some))
    marker = {"size": 6, "color": of.text, "opacity": 0.55, "line": {"width": 1, "color": of.background}}
    figure.add_scatter(x=spots[0], y=spots[1], mode="markers", marker=marker, name="rows", hoverinfo="skip", cliponaxis=True)
