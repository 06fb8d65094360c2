"""Recorded learning curves as panels on common axes, titled by what differs; of a run in the store they grow in a component."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from tuning_core.charts.compared_curves import value_range
from tuning_core.charts.style import Colours, colours, layout, number, plotly_text
from tuning_core.experiment import History
from tuning_core.experiment.band import Band, band_of

PER_ROW = 3  # of up to three and of five and six; four stand two by two
ROW_PIXELS = 300
PARTS = (("training", "train_loss", 1.6), ("validation", "val_loss", 2.2))


@dataclass(frozen=True, eq=False)
class CurvePanel:
    """One panel: a setting's trainings under a title.

    Attributes
    ----------
    title : shown verbatim.
    histories : one for each seed, of the same loss as those of the other panels.
    """

    title: str
    histories: Sequence[History]

    @property
    def training(self) -> Band:
        """Median over seeds of the training loss."""
        return band_of([history.train_loss for history in self.histories])

    @property
    def validation(self) -> Band:
        """Median over seeds of the validation loss."""
        return band_of([history.val_loss for history in self.histories])


def curve_panels(
    panels: Sequence[CurvePanel], *, loss: str = "loss", dark: bool = False, per_row: int | None = None
) -> go.Figure:
    """A Plotly figure with one panel a setting; every panel has the same axes, so heights compare.

    Parameters
    ----------
    panels : one to six.
    loss : title of the value axis.
    per_row : panels in a row; by default three, and two of four.
    """
    of = colours(dark)
    columns = min(len(panels), per_row or (2 if len(panels) == 4 else PER_ROW))
    rows = math.ceil(len(panels) / columns)
    figure = make_subplots(rows, columns, shared_xaxes="all", shared_yaxes="all", horizontal_spacing=0.03, vertical_spacing=0.16)
    figure.update_layout(layout(rows * ROW_PIXELS, dark, hovermode="x", margin={"l": 64, "r": 12, "t": 44, "b": 44}))
    bottom, top = value_range(panels, False, False)
    last = max((len(panel.validation) for panel in panels), default=1)
    for place, panel in enumerate(panels):
        at = {"row": place // columns + 1, "col": place % columns + 1}
        _add_baselines(figure, panel, last, of, at)
        for part, series, width in PARTS:
            _add_part(figure, panel, part, series, width, of, at)
        _add_title(figure, panel, top, of, place)
    axis: dict[str, Any] = {"visible": True, "gridcolor": of.grid, "zeroline": False, "linecolor": of.grid}
    figure.update_xaxes(**axis, range=[0, last * 1.01], showgrid=False, tickformat=",d")
    figure.update_yaxes(**axis, range=[bottom, top], tickformat="~s" if abs(top) >= 1e5 else ",", exponentformat="B")
    for column in range(1, columns + 1):
        figure.update_xaxes(title={"text": "epoch", "standoff": 4}, row=rows, col=column)
    for row in range(1, rows + 1):
        figure.update_yaxes(title={"text": plotly_text(loss, 40), "standoff": 4}, row=row, col=1)
    return figure


def _add_part(
    figure: go.Figure, panel: CurvePanel, part: str, series: str, width: float, of: Colours, at: dict[str, int]
) -> None:
    """Each seed as a thin line, since a median hides swinging; the median on top of several. Validation is dashed nowhere
    and marked by squares, so that it can be told from training without colour."""
    colour = getattr(of, part)
    seeds = [getattr(history, series) for history in panel.histories]
    for values in seeds if len(seeds) > 1 else ():
        figure.add_scatter(
            x=np.arange(1, len(values) + 1),
            y=values,
            mode="lines",
            opacity=0.35,
            hoverinfo="skip",
            line={"color": colour, "width": 0.9},
            **at,
        )
    middle = (panel.training if part == "training" else panel.validation).middle
    step = max(1, len(middle) // 8)
    sizes = [7 if part == "validation" and i % step == step // 2 else 0 for i in range(len(middle))]
    figure.add_scatter(
        x=np.arange(1, len(middle) + 1),
        y=middle,
        mode="lines+markers",
        name=part,
        line={"color": colour, "width": width},
        marker={"symbol": "square", "size": sizes},
        customdata=[number(value) for value in middle],
        hovertemplate=f"{part} %{{customdata}}<extra></extra>",
        **at,
    )


def _add_baselines(figure: go.Figure, panel: CurvePanel, last: int, of: Colours, at: dict[str, int]) -> None:
    context = panel.histories[0].context if panel.histories else {}
    for name, dash in (("dummy_loss", "dash"), ("linear_loss", "dot")):
        value = context.get(name)
        if value is not None and math.isfinite(value):
            words = "constant predictor" if name == "dummy_loss" else "linear model"
            figure.add_scatter(
                x=[0, last * 1.01],
                y=[value, value],
                mode="lines",
                name=words,
                line={"color": of.grey, "width": 1.2, "dash": dash},
                customdata=[number(value)] * 2,
                hovertemplate=f"{words} %{{customdata}}<extra></extra>",
                **at,
            )


def _add_title(figure: go.Figure, panel: CurvePanel, top: float, of: Colours, place: int) -> None:
    """The title above the panel; what leaves the panel at its top is said, and how far it goes."""
    axis = "" if place == 0 else str(place + 1)
    peak = max((float(np.nanmax(values)) for values in _finite(panel)), default=-math.inf)
    beyond = f" <span style='font-size:11px'>↑ goes to {number(peak)}</span>" if peak > top else ""
    figure.add_annotation(
        text=f"<b>{plotly_text(panel.title, 60)}</b>{beyond}", x=0, y=1, xref=f"x{axis} domain", yref=f"y{axis} domain",
        xanchor="left", yanchor="bottom", yshift=3, showarrow=False, font={"color": of.text, "size": 14},
    )  # fmt: skip


def _finite(panel: CurvePanel) -> list[np.ndarray]:
    found = [
        getattr(history, series)[np.isfinite(getattr(history, series))] for history in panel.histories for _, series, _ in PARTS
    ]
    return [values for values in found if len(values)]
