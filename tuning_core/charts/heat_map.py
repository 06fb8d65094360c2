"""Two axes of a search at once: one cell for each pair of values, coloured by the loss."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from tuning_core.charts.style import colours, layout, number, plotly_text, whole

NEARLY = 0.02  # share of a value: less is no difference to a colour
MOST_WORDS = 100  # cells; with more of them the numbers are left to the hover text


@dataclass(frozen=True)
class Cells:
    """What a heat map draws.

    Attributes
    ----------
    x_name, y_name : of the axes, in words.
    x_labels, y_labels : of the columns and of the rows, from the bottom up.
    values : (rows, columns) float, a loss; NaN where there is none.
    count, diverged : (rows, columns) int, settings tried in the cell and those of them without a loss.
    """

    x_name: str
    y_name: str
    x_labels: Sequence[str]
    y_labels: Sequence[str]
    values: np.ndarray
    count: np.ndarray
    diverged: np.ndarray


def heat_map_figure(cells: Cells, *, loss: str = "loss", dark: bool = False, height: int = 420) -> go.Figure:
    """Cells from the lowest loss (dark green) up; untried cells stay empty, cells where all diverged have a cross."""
    of = colours(dark)
    columns, rows = list(range(len(cells.x_labels))), list(range(len(cells.y_labels)))
    figure = go.Figure(layout=layout(height, dark, margin={"l": 8, "r": 8, "t": 26, "b": 8}))
    finite = cells.values[np.isfinite(cells.values)]
    figure.add_heatmap(
        x=columns,
        y=rows,
        z=[[None if not math.isfinite(v) else _rank(finite, v) for v in row] for row in cells.values.tolist()],
        customdata=[[_hover(cells, loss, r, c) for c in columns] for r in rows],
        hovertemplate="%{customdata}<extra></extra>",
        colorscale=scale(dark),
        zmin=0,
        zmax=1,
        xgap=2,
        ygap=2,
        showscale=False,
    )
    figure.add_annotation(
        x=1, y=1, xref="paper", yref="paper", xanchor="right", yanchor="bottom", showarrow=False,
        text=f"{plotly_text(loss)}: the greener, the lower", font={"color": of.grey, "size": 12},
    )  # fmt: skip
    for axis, name, labels in (("xaxis", cells.x_name, cells.x_labels), ("yaxis", cells.y_name, cells.y_labels)):
        places, words = list(range(len(labels))), [plotly_text(label, 24) for label in labels]
        title = {"text": plotly_text(name), "font": {"color": of.grey, "size": 13}, "standoff": 8}
        look = {"visible": True, "showgrid": False, "zeroline": False, "automargin": True, "fixedrange": True, "type": "linear"}
        figure.update_layout({axis: {**look, "tickvals": places, "ticktext": words, "title": title}})
        figure.update_layout({axis: {"range": [-0.5, len(words) - 0.5]}})
    _write_in_cells(figure, cells, finite, dark)
    return figure


def scale(dark: bool) -> list[list[float | str]]:
    """Best to worst: the green of the best epoch to a quiet grey, in steps that a colour-blind eye tells apart."""
    if dark:
        return [[0.0, "#00C490"], [0.5, "#2C6F63"], [1.0, "#26313A"]]
    return [[0.0, "#007A58"], [0.5, "#8CCBB5"], [1.0, "#EEF1F3"]]


def _rank(finite: np.ndarray, value: float) -> float:
    """Place among the values, 0 for the lowest: a few terrible cells do not make all others look alike.

    A value that is lower by less than `NEARLY` counts in part, so that near-equal cells have near-equal colours.
    """
    return float(np.mean(np.clip((value - finite) / (NEARLY * max(abs(value), 1e-12)), 0, 1))) if len(finite) > 1 else 0.0


def _hover(cells: Cells, loss: str, row: int, column: int) -> str:
    count, diverged = int(cells.count[row, column]), int(cells.diverged[row, column])
    lines = [f"{cells.x_name} {cells.x_labels[column]}", f"{cells.y_name} {cells.y_labels[row]}"]
    value = cells.values[row, column]
    if not count:
        lines.append("nothing tried here")
    else:
        lines.append(f"{loss} {number(value)}" if math.isfinite(value) else "none has a loss")
        lost = f", {whole(diverged)} of them diverged or failed" if diverged else ""
        lines.append(f"{whole(count)} setting{'' if count == 1 else 's'}{lost}")
    return "<br>".join(plotly_text(line) for line in lines)


def _write_in_cells(figure: go.Figure, cells: Cells, finite: np.ndarray, dark: bool) -> None:
    of = colours(dark)
    best = float(finite.min()) if len(finite) else math.nan
    words = cells.values.size <= MOST_WORDS
    for (row, column), value in np.ndenumerate(cells.values):
        lost = cells.count[row, column] > 0 and not math.isfinite(value)
        if lost or (words and math.isfinite(value)):
            strong = math.isfinite(value) and _rank(finite, value) < 0.35
            ink = of.grey if lost else ("#06130F" if dark else "#FFFFFF") if strong else of.text
            text = "×" if lost else number(value)
            figure.add_annotation(x=column, y=row, text=text, showarrow=False, font={"color": ink, "size": 12})
        if value == best:
            corners = {"x0": column - 0.48, "x1": column + 0.48, "y0": row - 0.47, "y1": row + 0.47}
            figure.add_shape(type="rect", **corners, line={"color": of.text, "width": 2})
