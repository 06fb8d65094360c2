"""A classifier on rows with known classes: what it confuses, how it ranks, and whether its probabilities can be believed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from tuning_core.charts.style import colours, hue_of, layout, number, plotly_text, share, whole

NAME_LENGTH = 18
MOST_NUMBERS = 15  # classes up to which the counts are written into the cells


def confusion_matrix(
    counts: Sequence[Sequence[float]], classes: Sequence[str], *, weighted: bool = False, dark: bool = False, height: int = 340
) -> go.Figure:
    """Rows are the actual classes, columns the guessed ones; the colour is the share of the row.

    Parameters
    ----------
    counts : shape (classes, classes), of rows or sums of their weights.
    weighted : they are sums of weights.
    classes : names, shown verbatim.
    """
    of = colours(dark)
    table = np.asarray(counts, float)
    rows = table.sum(axis=1, keepdims=True)
    shares = np.divide(table, rows, out=np.zeros_like(table), where=rows > 0)
    names = [plotly_text(name, NAME_LENGTH) for name in classes]
    rows_of_cells = zip(names, table.tolist(), shares.tolist(), strict=True)
    few = len(classes) <= MOST_NUMBERS
    figure = go.Figure(layout=layout(height, dark, margin={"l": 10, "r": 10, "t": 34, "b": 10}, hovermode="closest"))
    figure.add_heatmap(
        z=shares,
        zmin=0,
        zmax=1,
        colorscale=[[0, of.background], [1, of.training]],
        showscale=False,
        xgap=2,
        ygap=2,
        customdata=[[_cell(actual, weighted, *cell) for cell in zip(names, *row, strict=True)] for actual, *row in rows_of_cells],
        hovertemplate="%{customdata}<extra></extra>",
    )
    for (row, column), count in np.ndenumerate(table) if few else ():
        dark_cell = shares[row, column] > 0.55
        figure.add_annotation(
            x=column, y=row, text=number(float(count)) if weighted else whole(float(count)), showarrow=False,
            font={"size": 14, "color": of.background if dark_cell else of.text, "weight": 600 if row == column else 400},
        )  # fmt: skip
    places = list(range(len(names)))
    common = {"visible": True, "showgrid": False, "zeroline": False, "tickvals": places, "ticktext": names}
    figure.update_xaxes(**common, side="top", title={"text": "guessed", "standoff": 4}, automargin=True)
    figure.update_yaxes(**common, autorange="reversed", title={"text": "actual", "standoff": 4}, automargin=True)
    return figure


def _cell(actual: str, weighted: bool, guessed: str, count: float, part: float) -> str:
    counted = f"a weight of {number(count)}" if weighted else f"{whole(count)} rows"
    return f"actual {actual}, guessed {guessed}<br><b>{counted}</b>, {share(part)} of {actual}"


def roc_chart(
    curves: Sequence[tuple[str, Sequence[float], Sequence[float], float]], *, dark: bool = False, height: int = 340
) -> go.Figure:
    """ROC curves (name, shares of false positives, shares of true positives, area); the dashed line is guessing."""
    figure = _square("false positives", "true positives", dark, height)
    diagonal(figure, "guessing", dark)
    for i, (name, false, true, area) in enumerate(curves):
        shown = plotly_text(name, NAME_LENGTH)
        figure.add_scatter(
            x=list(false),
            y=list(true),
            mode="lines",
            name=name,
            line={"color": hue_of(i, dark), "width": 2.2},
            hovertemplate=f"{shown}<br>%{{y:.1%}} found at %{{x:.1%}} false alarms<extra></extra>",
        )
        figure.add_annotation(
            x=0.98, y=0.04 + 0.075 * (len(curves) - 1 - i), xanchor="right", yanchor="bottom", showarrow=False,
            text=f"<b>{shown}</b>  area {area:.3f}", font={"color": hue_of(i, dark)},
        )  # fmt: skip
    return figure


def calibration_chart(
    bins: Sequence[tuple[float, float, float, float, int]], *, of_what: str, dark: bool = False, height: int = 340
) -> go.Figure:
    """Observed shares over stated probabilities (stated, observed, low, high, rows); on the dashed line both agree.

    Parameters
    ----------
    of_what : what the probability is of, shown verbatim.
    """
    figure = _square(f"stated probability of {of_what}", "came true", dark, height)
    diagonal(figure, "honest", dark)
    of = colours(dark)
    stated, observed, low, high, counts = (list(column) for column in zip(*bins, strict=True)) if bins else ([], [], [], [], [])
    figure.add_scatter(
        x=stated,
        y=observed,
        mode="lines+markers",
        name="model",
        line={"color": of.training, "width": 1.4},
        marker={"color": of.training, "size": 9},
        error_y={
            "type": "data",
            "symmetric": False,
            "array": [b - a for a, b in zip(observed, high, strict=True)],
            "arrayminus": [a - b for a, b in zip(observed, low, strict=True)],
            "color": of.training,
            "thickness": 1.2,
            "width": 4,
        },
        customdata=[whole(n) for n in counts],
        hovertemplate="stated %{x:.1%}<br>came true <b>%{y:.1%}</b> of %{customdata} rows<extra></extra>",
    )
    return figure


def _square(x_title: str, y_title: str, dark: bool, height: int) -> go.Figure:
    of = colours(dark)
    figure = go.Figure(layout=layout(height, dark, margin={"l": 58, "r": 12, "t": 10, "b": 44}, hovermode="closest"))
    for update, title in ((figure.update_xaxes, x_title), (figure.update_yaxes, y_title)):
        update(
            visible=True,
            range=[-0.02, 1.02],
            tickformat=".0%",
            nticks=6,
            gridcolor=of.grid,
            zeroline=False,
            title={"text": plotly_text(title, 44), "standoff": 6},
        )
    return figure


def diagonal(figure: go.Figure, name: str, dark: bool, ends: Sequence[float] = (0, 1)) -> None:
    """The dashed line on which both axes have one value, from end to end."""
    line = {"color": colours(dark).grey, "dash": "6px,4px", "width": 1.3}
    figure.add_scatter(x=list(ends), y=list(ends), mode="lines", name=name, line=line, hoverinfo="skip")
