"""The curve that a question of the quiz is about: first as it was seen, then with what nobody could see."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from tuning_core.charts.curve_panels import CurvePanel, curve_panels
from tuning_core.charts.style import colours, number, plotly_text
from tuning_core.experiment import History
from tuning_core.experiment.score_names import loss_name

HEIGHT = 330


def quiz_curve(
    history: History,
    *,
    unseen: np.ndarray | None = None,
    unseen_words: str = "unseen rows",
    epochs: tuple[int, int] | None = None,
    chosen: int | None = None,
    answer: int | None = None,
    dark: bool = False,
) -> go.Figure:
    """Training and validation loss, named at their ends.

    Parameters
    ----------
    unseen : loss on unseen rows, shape (epochs,), once the answer is told.
    epochs : first and last epoch to shade: where the doctor looks.
    chosen, answer : epochs to mark, counted from 1.
    """
    of = colours(dark)
    figure = curve_panels([CurvePanel("", [history])], loss=loss_name(history.context.get("loss_name")), dark=dark)
    figure.update_layout(height=HEIGHT, margin={"l": 64, "r": 96, "t": 20, "b": 44}, clickmode="event+select")
    lines = [("training", history.train_loss, of.training), ("validation", history.val_loss, of.validation)]
    if unseen is not None and len(unseen):
        lines.append((unseen_words, unseen, of.test))
        figure.add_scatter(
            x=np.arange(1, len(unseen) + 1),
            y=unseen,
            mode="lines",
            name=unseen_words,
            line={"color": of.test, "width": 2.2, "dash": "dashdot"},
            customdata=[number(value) for value in unseen],
            hovertemplate=f"{plotly_text(unseen_words)} %{{customdata}}<extra></extra>",
        )
    for name, words in (("dummy_loss", "constant"), ("linear_loss", "linear model")):
        level = history.context.get(name)
        if level is not None and figure.layout.yaxis.range[0] <= level <= figure.layout.yaxis.range[1]:
            lines.append((words, np.array([level]), of.grey))
    _name_lines(figure, lines)
    if epochs is not None:
        figure.add_vrect(x0=epochs[0] - 0.5, x1=epochs[1] + 0.5, fillcolor=of.grey, opacity=0.12, line_width=0)
    for epoch, words, colour in ((chosen, "yours", of.text), (answer, "lowest", of.best)):
        if epoch is not None:
            figure.add_vline(x=epoch, line={"color": colour, "width": 2, "dash": "dot"}, annotation_text=words)
    return figure


def _name_lines(figure: go.Figure, lines: list[tuple[str, np.ndarray, str]]) -> None:
    """Names at the right, apart from each other."""
    bottom, top = figure.layout.yaxis.range
    ends = [
        (float(np.clip((values[np.isfinite(values)][-1] - bottom) / (top - bottom), 0, 1)), words, colour)
        for words, values, colour in lines
        if np.isfinite(values).any()
    ]
    below = -1.0
    for height, words, colour in sorted(ends):
        height = max(height, below + 0.075)
        below = height
        figure.add_annotation(
            text=plotly_text(words), x=1.01, y=height, xref="paper", yref="paper", xanchor="left", yanchor="middle",
            showarrow=False, font={"color": colour, "size": 13},
        )  # fmt: skip
