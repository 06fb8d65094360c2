"""The ledger of an exam: from the constant to the test rows, each step with the name of what it costs."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from tuning_core.charts.style import Colours, colours, layout, plotly_text

PARTS = {"baseline": "constant", "train": "training rows", "validation": "validation rows", "test": "test rows"}


@dataclass(frozen=True)
class LedgerStep:
    """A value on some rows, and the words for the gap to the step before ("" for the first)."""

    part: str
    value: float
    gap: str = ""


def ledger_chart(
    steps: Sequence[LedgerStep], *, title: str, form: Callable[[float], str], dark: bool = False, height: int = 300
) -> go.Figure:
    """Points from left to right, joined; the gap stands on each join.

    Parameters
    ----------
    title : of the value axis, shown verbatim.
    form : writes a value with its unit.
    """
    of = colours(dark)
    figure = go.Figure(layout=layout(height, dark, margin={"l": 12, "r": 12, "t": 30, "b": 30}, hovermode="closest"))
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
            _add_gap(figure, at, (step.value + steps[at - 1].value) / 2, step.gap, of)
    _axes(figure, steps)
    figure.add_annotation(
        text=plotly_text(title, 90), x=0, y=1, xref="paper", yref="paper", xanchor="left", yanchor="bottom", yshift=8,
        showarrow=False, font={"color": of.grey},
    )  # fmt: skip
    return figure


def _add_step(figure: go.Figure, at: int, step: LedgerStep, form: Callable[[float], str], of: Colours) -> None:
    ink = {"baseline": of.grey, "train": of.training, "validation": of.validation, "test": of.text}[step.part]
    figure.add_scatter(
        x=[at],
        y=[step.value],
        mode="markers+text",
        name=step.part,
        marker={"color": ink, "size": 15 if step.part == "test" else 11},
        text=f"<b>{form(step.value)}</b>",
        textposition="top center",
        textfont={"color": ink, "size": 14},
        hovertemplate=f"{PARTS[step.part]}: <b>{form(step.value)}</b><extra></extra>",
        cliponaxis=False,
    )


def _add_gap(figure: go.Figure, at: int, middle: float, words: str, of: Colours) -> None:
    """The words on the join to the step before."""
    figure.add_annotation(
        x=at - 0.5,
        y=middle,
        text=plotly_text(words),
        showarrow=False,
        bgcolor=of.background,
        borderpad=2,
        font={"color": of.grey},
    )


def _axes(figure: go.Figure, steps: Sequence[LedgerStep]) -> None:
    known = [step.value for step in steps if math.isfinite(step.value)]
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    reach = max(high - low, abs(high) * 0.05, 1e-12)
    figure.update_xaxes(
        visible=True,
        showgrid=False,
        zeroline=False,
        range=[-0.4, len(steps) - 0.6],
        tickvals=list(range(len(steps))),
        ticktext=[PARTS[step.part] for step in steps],
    )
    figure.update_yaxes(range=[low - 0.2 * reach, high + 0.3 * reach])
