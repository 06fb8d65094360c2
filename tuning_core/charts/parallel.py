"""Parallel coordinates: every setting of a search as one line across its axes, coloured by its rank."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import plotly.graph_objects as go

from tuning_core.charts.heat_map import scale
from tuning_core.charts.style import colours, layout, plotly_text, tick
from tuning_core.charts.ticks import Scale


def parallel_coordinates(
    scales: Sequence[Scale], losses: Sequence[float], *, loss: str = "loss", dark: bool = False, height: int = 420
) -> go.Figure:
    """Lines from axis to axis, the last of which is the loss; drag along an axis to keep the lines that pass there.

    Settings without a loss are left out.
    """
    of = colours(dark)
    scores = np.asarray(losses, float)
    good = np.isfinite(scores)
    order = np.argsort(-scores[good])  # the best are drawn last, on top
    kept = scores[good][order]
    positive = len(kept) > 0 and bool(kept.min() > 0) and float(kept.max()) > 8 * float(kept.min())
    last = Scale(loss, np.log10(kept) if positive else kept, positive)
    dimensions = [_dimension(Scale(s.name, s.places[good][order], s.log, s.names)) for s in scales]
    rank = np.linspace(1, 0, len(kept)) if len(kept) > 1 else np.zeros(len(kept))
    figure = go.Figure(layout=layout(height, dark, margin={"l": 64, "r": 64, "t": 48, "b": 24}))
    figure.add_parcoords(
        dimensions=[*dimensions, _dimension(last, tick)],
        line={"color": rank, "colorscale": scale(dark), "cmin": 0, "cmax": 1},
        labelfont={"color": of.text, "size": 13},
        tickfont={"color": of.text, "size": 12},
        rangefont={"color": of.grey, "size": 1},
        unselected={"line": {"color": of.grid, "opacity": 0.4}},
    )
    return figure


def _dimension(axis: Scale, words: Callable[[float], str] = "{:.4g}".format) -> dict:
    places, off = axis.places.copy(), np.isnan(axis.places)
    values, texts = axis.ticks(words)
    low, high = axis.span
    room = (high - low) or 1.0
    if off.any():  # below the axis, at a place of its own
        low -= 0.15 * room
        places[off] = low
        values, texts = [low, *values], ["off", *texts]
    label, ends = plotly_text(axis.name), [low - 0.02 * room, high + 0.02 * room]
    ticks = {"tickvals": values, "ticktext": [plotly_text(t, 20) for t in texts]} if values else {}
    return {"label": label, "values": places.tolist(), "range": ends, **ticks}
