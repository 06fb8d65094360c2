"""How lucky the winner of a search was: what it scored, and what to expect of it on new rows."""

from __future__ import annotations

import plotly.graph_objects as go

from tuning_core.charts.style import colours, layout, number, plotly_text


def luck_bar(
    reported: float, corrected: float, low: float, high: float, *, loss: str = "loss", dark: bool = False, height: int = 150
) -> go.Figure:
    """The reported loss as a point, the corrected one as a point with its 90 % interval, on one scale.

    Parameters
    ----------
    reported : mean loss of the winner on the rows that chose it.
    corrected, low, high : expected on new rows, with its interval.
    """
    of = colours(dark)
    figure = go.Figure(layout=layout(height, dark, margin={"l": 8, "r": 40, "t": 8, "b": 8}))
    figure.add_scatter(
        x=[reported, corrected],
        y=["what the winner scored", "to expect on new rows"],
        mode="markers",
        marker={"size": 13, "color": [of.best, of.validation]},
        error_x={
            "type": "data", "symmetric": False, "color": of.validation, "thickness": 2, "width": 6,
            "array": [0, max(0.0, high - corrected)], "arrayminus": [0, max(0.0, corrected - low)],
        },
        hovertemplate="%{y}: %{customdata}<extra></extra>",
        customdata=[number(reported), f"{number(corrected)}, 90 % between {number(low)} and {number(high)}"],
    )  # fmt: skip
    figure.update_yaxes(visible=True, automargin=True, showgrid=False, zeroline=False, range=[1.6, -0.6], ticklabelstandoff=8)
    ends = (min(low, reported, corrected), max(high, reported, corrected))
    room = 0.08 * (ends[1] - ends[0]) or 1.0
    title = {"text": plotly_text(loss), "font": {"color": of.grey, "size": 12}}
    figure.update_xaxes(
        visible=True, range=[ends[0] - room, ends[1] + room], gridcolor=of.grid, zeroline=False, title=title, nticks=6,
        exponentformat="B", automargin=True,
    )  # fmt: skip
    return figure
