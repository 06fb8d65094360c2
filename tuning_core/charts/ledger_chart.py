"""The ledger of an exam: from the constant to the test rows, each step with the name of what it costs."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from tuning_core.charts.style import Colours, colours, layout, plotly_text

PARTS = {"baseline": "constant", "train": "training rows", "validation": "validation rows", "test": "test rows"}


GAPS = 0.8  # of the height: values below, the words between them above, so that no word ever covers a value
BESIDE = 0.3  # of a column: where trees stand beside the value


@dataclass(frozen=True)
class LedgerStep:
    """A value on some rows.

    Attributes
    ----------
    part : a key of `PARTS`.
    gap : words for the way from the step before, such as "variance: 120 worse"; "" for the first.
    is_better : than the step before; None where that is luck or there is none. It gives the words their colour.
    trees : what untuned trees reach on the same rows; NaN where that is not known.
    """

    part: str
    value: float
    gap: str = ""
    is_better: bool | None = None
    trees: float = math.nan


def ledger_chart(
    steps: Sequence[LedgerStep], *, title: str, form: Callable[[float], str], dark: bool = False, height: int = 300
) -> go.Figure:
    """Points from left to right, joined; the gap stands above each join, trees are hollow marks beside the points.

    Parameters
    ----------
    title : of the value axis, shown verbatim.
    form : writes a value with its unit.
    """
    of = colours(dark)
    figure = go.Figure(layout=layout(height, dark, margin={"l": 12, "r": 12, "t": 30, "b": 46}, hovermode="closest"))
    figure.add_scatter(
        x=list(range(len(steps))),
        y=[step.value for step in steps],
        mode="lines",
        line={"color": of.grid, "width": 3},
        hoverinfo="skip",
    )
    for at, step in enumerate(steps):
        _add_step(figure, at, step, form, of)
        if step.gap:
            _add_gap(figure, at, step, of)
    _add_trees(figure, steps, form, of)
    _axes(figure, steps, form)
    figure.add_annotation(
        text=plotly_text(title, 90), x=0, y=1, xref="paper", yref="paper", xanchor="left", yanchor="bottom", yshift=8,
        showarrow=False, font={"color": of.grey},
    )  # fmt: skip
    return figure


def _add_step(figure: go.Figure, at: int, step: LedgerStep, form: Callable[[float], str], of: Colours) -> None:
    """A point with its value above it, on a ground of its own, so that no line runs through it."""
    ink = {"baseline": of.grey, "train": of.training, "validation": of.validation, "test": of.text}[step.part]
    figure.add_scatter(
        x=[at],
        y=[step.value],
        mode="markers",
        name=step.part,
        marker={"color": ink, "size": 15 if step.part == "test" else 11},
        hovertemplate=f"{PARTS[step.part]}: <b>{form(step.value)}</b><extra></extra>",
        cliponaxis=False,
    )
    if math.isfinite(step.value):
        figure.add_annotation(
            x=at, y=step.value, text=f"<b>{form(step.value)}</b>", yanchor="bottom", yshift=9, showarrow=False,
            bgcolor=of.background, borderpad=1, font={"color": ink, "size": 14},
        )  # fmt: skip


def _add_gap(figure: go.Figure, at: int, step: LedgerStep, of: Colours) -> None:
    """The words for the way from the step before, in the strip above all values."""
    ink = of.grey if step.is_better is None else of.better if step.is_better else of.worse
    words = plotly_text(step.gap).replace(": ", ":<br>", 1)
    figure.add_annotation(
        x=at - 0.5, y=1, yref="paper", yanchor="top", text=words, showarrow=False, font={"color": ink}, align="center"
    )


def _add_trees(figure: go.Figure, steps: Sequence[LedgerStep], form: Callable[[float], str], of: Colours) -> None:
    known = [(at + BESIDE, step) for at, step in enumerate(steps) if math.isfinite(step.trees)]
    if known:
        figure.add_scatter(
            x=[x for x, _ in known],
            y=[step.trees for _, step in known],
            mode="markers",
            name="trees",
            marker={"color": of.grey, "size": 10, "symbol": "diamond-open"},
            customdata=[[PARTS[step.part], form(step.trees)] for _, step in known],
            hovertemplate="trees without tuning, %{customdata[0]}: <b>%{customdata[1]}</b><extra></extra>",
            cliponaxis=False,
        )


def _axes(figure: go.Figure, steps: Sequence[LedgerStep], form: Callable[[float], str]) -> None:
    known = [value for step in steps for value in (step.value, step.trees) if math.isfinite(value)]
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    reach = max(high - low, abs(high) * 0.05, 1e-12)
    trees = [f"<br>◇ trees {form(step.trees)}" if math.isfinite(step.trees) else "" for step in steps]
    figure.update_xaxes(
        visible=True,
        showgrid=False,
        zeroline=False,
        range=[-0.4, len(steps) - 0.6],
        tickvals=list(range(len(steps))),
        ticktext=[PARTS[step.part] + beside for step, beside in zip(steps, trees, strict=True)],
    )
    figure.update_yaxes(range=[low - 0.2 * reach, high + 0.35 * reach], domain=[0, GAPS])
