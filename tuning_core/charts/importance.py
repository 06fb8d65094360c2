"""How much each axis of a search matters: bars with the uncertainty of their measure."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from tuning_core.charts.style import colours, layout, plotly_text, share

ROW = 40  # pixels of a bar with its room


def importance_bars(
    names: Sequence[str], shares: Sequence[float], errors: Sequence[float], *, trusted: bool = True, dark: bool = False
) -> go.Figure:
    """Horizontal bars, the most important axis on top.

    Parameters
    ----------
    names : of the axes, in words.
    shares, errors : of all importance, and their standard deviations.
    trusted : False draws the bars pale.
    """
    of = colours(dark)
    order = sorted(range(len(names)), key=lambda i: shares[i])
    figure = go.Figure(layout=layout(ROW * len(names) + 40, dark, bargap=0.45, margin={"l": 8, "r": 60, "t": 8, "b": 8}))
    figure.add_bar(
        x=[shares[i] for i in order],
        y=[plotly_text(names[i]) for i in order],
        orientation="h",
        marker={"color": of.training, "opacity": 1 if trusted else 0.4, "cornerradius": 3, "line": {"width": 0}},
        error_x={"type": "data", "array": [errors[i] for i in order], "color": of.grey, "thickness": 1.2, "width": 4},
        hovertemplate="%{customdata}<extra></extra>",
        customdata=[f"<b>{plotly_text(names[i])}</b>  {share(shares[i])} ± {share(errors[i])} of the importance" for i in order],
    )
    for row, i in enumerate(order):
        figure.add_annotation(
            x=shares[i] + errors[i], y=row, text=share(shares[i]), showarrow=False, xanchor="left", xshift=8,
            font={"color": of.text},
        )  # fmt: skip
    figure.update_xaxes(range=[0, max([0.2, *(s + e for s, e in zip(shares, errors, strict=True))]) * 1.12])
    figure.update_yaxes(visible=True, automargin=True, showgrid=False, zeroline=False, ticks="", ticklabelstandoff=8)
    return figure
