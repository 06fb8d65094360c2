"""The split as one bar: training, validation and test rows side by side."""

from __future__ import annotations

from collections.abc import Mapping

import plotly.graph_objects as go

from tuning_core.charts.style import colours, layout, share, whole

PARTS = ("train", "validation", "test")
WORDS = {"train": "training", "validation": "validation", "test": "test"}
WHY = {
    "train": "the model learns from these rows",
    "validation": "settings are compared, and training is stopped, on these rows",
    "test": "locked until the exam: they judge the model that was chosen, once",
}
NARROW = 0.16  # share below which a segment's words stand above it


def split_bar(rows: Mapping[str, int], *, keras: float | None = None, dark: bool = False, height: int = 84) -> go.Figure:
    """One stacked bar with a label in each part.

    Parameters
    ----------
    rows : counts under "train", "validation" and "test"; a part of no rows is left out.
    keras : the share that `fit(validation_split=...)` cuts off at the end, where that makes the validation rows: it is named.
    """
    of = colours(dark)
    ink = {"train": of.training, "validation": of.validation, "test": of.test}
    total = sum(rows.get(part, 0) for part in PARTS)
    figure = go.Figure(layout=layout(height, dark, barmode="stack", bargap=0, margin={"l": 0, "r": 0, "t": 24, "b": 2}))
    figure.update_xaxes(range=[0, max(total, 1)])
    start = 0
    for part in PARTS:
        count = rows.get(part, 0)
        if not count:
            continue
        words = f"{whole(count)} rows, {share(count / total)}"
        figure.add_bar(
            x=[count],
            y=[""],
            orientation="h",
            marker={"color": ink[part], "line": {"color": of.background, "width": 2}, "cornerradius": 4},
            text=words if count / total >= NARROW else whole(count),
            textposition="inside",
            insidetextanchor="middle",
            textangle=0,
            textfont={"color": "#FFFFFF" if not dark and part == "train" else "#11181F", "size": 13},
            hovertemplate=f"<b>{WORDS[part]}</b>  {words}<br>{WHY[part]}<extra></extra>",
        )
        figure.add_annotation(
            x=start,
            y=1,
            yref="paper",
            yanchor="bottom",
            xanchor="left",
            showarrow=False,
            text=_name(part, keras),
            font={
                "color": of.grey if part == "test" else of.validation_ink if part == "validation" else ink[part],
                "size": 13,
                "weight": 600,
            },
        )
        start += count
    return figure


def _name(part: str, keras: float | None) -> str:
    """The words above a part: "training", "validation (validation_split=0.222: the last rows)"."""
    if part == "validation" and keras is not None:
        return f"validation (validation_split={keras:.3g}: the last rows)"
    return WORDS[part]
