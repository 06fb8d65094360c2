"""Many models, each judged on validation rows and on test rows: who is off the line has chosen by luck."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from tuning_core.charts.class_charts import diagonal
from tuning_core.charts.point_names import point_names
from tuning_core.charts.style import colours, layout, number, plotly_text, whole

ROOM = 0.08  # of the range, around the outermost points
LETTERS = 18  # of a name
SIDE, NARROW = 560, 290  # pixels across that the names are placed for; where there are more, they have more room


def validation_and_test(
    models: Sequence[tuple[str, float, float, int]], *, score: str, dark: bool = False, height: int = 360, narrow: bool = False
) -> go.Figure:
    """A point a model (name, validation score, test score, settings tried before it); on the dashed line both scores agree.

    Parameters
    ----------
    score : the name of both scores, with its unit. Larger points have tried more settings. Names that have no room are left out;
        models in one place share theirs.
    narrow : names are placed as a phone has room for them.
    """
    of = colours(dark)
    figure = go.Figure(layout=layout(height, dark, margin={"l": 64, "r": 12, "t": 10, "b": 48}, hovermode="closest"))
    values = [value for _, validation, test, _ in models for value in (validation, test)]
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    room = ROOM * ((high - low) or abs(high) or 1.0)
    ends = [low - room, high + room]
    for update, title in ((figure.update_xaxes, f"validation {score}"), (figure.update_yaxes, f"test {score}")):
        update(visible=True, range=ends, nticks=6, gridcolor=of.grid, zeroline=False, title={"text": plotly_text(title, 44)})
    diagonal(figure, "equally good", dark, ends)
    span = ends[1] - ends[0]
    at = [(plotly_text(name, LETTERS), (x - ends[0]) / span, (y - ends[0]) / span) for name, x, y, _ in models]
    names = point_names(at, (NARROW if narrow else SIDE, height - 58))
    most = max((tried for *_, tried in models), default=1)
    figure.add_scatter(
        x=[validation for _, validation, _, _ in models],
        y=[test for _, _, test, _ in models],
        mode="markers+text",
        text=[text for text, _ in names],
        textposition=[place for _, place in names],
        cliponaxis=False,
        name="models",
        marker={
            "color": of.training,
            "size": [8 + 12 * (tried / most) ** 0.5 for *_, tried in models],
            "opacity": 0.75,
            "line": {"color": of.background, "width": 1},
        },
        customdata=[
            [plotly_text(name), number(validation), number(test), whole(tried)] for name, validation, test, tried in models
        ],
        hovertemplate="<b>%{customdata[0]}</b><br>validation %{customdata[1]}, test %{customdata[2]}<br>"
        "%{customdata[3]} settings tried<extra></extra>",
    )
    return figure
