"""Learning curves of several settings in one plot: a hue and a letter for each, dashes for training."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go

from tuning_core.charts.style import BAND_OPACITY, colours, hue_of, layout, number, plotly_text, share
from tuning_core.experiment.band import Band

LABEL_PIXELS = 17
LABEL_LETTERS = 24
LETTER_PIXELS = 6.4
TAGS = len("<b></b>")
MOST_ROOM = 250  # pixels for the words at the ends
REACH = 3.0  # a value so many times the 20-80 % spread away does not set the scale

Form = Callable[[float], str]


@dataclass(frozen=True, eq=False)
class Line:
    """One setting's curve: `letter` is its mark everywhere on the page, `name` its words; `hue` None draws it in grey behind.

    `label` stands at its end: in few letters what sets it apart.
    """

    letter: str
    name: str
    validation: Band
    training: Band | None = None
    best_epoch: int | None = None
    hue: int | None = 0
    label: str = ""


def compared_curves(
    lines: Sequence[Line],
    *,
    title: str,
    log: bool = False,
    shares: bool = False,
    bands: bool = True,
    dark: bool = False,
    height: int = 400,
) -> go.Figure:
    """Validation curves (solid) and, where given, training curves (dashed), with a letter and the last value at each end.

    Parameters
    ----------
    title : of the value axis, shown verbatim.
    shares : whether the values are shares, as accuracies are.
    bands : draw the spread over seeds behind the median; left out for lines in grey.
    """
    form = share if shares else number
    room = max((len(_end_words(line, form, "")) - TAGS for line in lines if line.hue is not None), default=0) * LETTER_PIXELS
    margin = {"l": 64, "r": min(max(92, room + 20), MOST_ROOM), "t": 30, "b": 40}
    figure = go.Figure(layout=layout(height, dark, hovermode="closest", margin=margin))
    bottom, top = value_range(lines, log, shares)
    for line in sorted(lines, key=lambda line: line.hue is not None):  # the grey ones first, behind the others
        _add_line(figure, line, form, bands, dark)
    _axes(figure, title, (bottom, top), log, shares, dark)
    figure.update_xaxes(range=[0, max((len(line.validation) for line in lines), default=1) * 1.005])
    _end_labels(figure, [line for line in lines if line.hue is not None], (bottom, top), log, form, dark, height - 70)
    return figure


def _add_line(figure: go.Figure, line: Line, form: Form, bands: bool, dark: bool) -> None:
    colour, faint = hue_of(line.hue, dark), line.hue is None
    if bands and not faint and line.validation.count.max(initial=0) > 1:
        _add_band(figure, line.validation, colour)
    words = f"<b>{line.letter}</b> {plotly_text(line.name, 60)}"
    for part, band, dash in (("training", line.training, "dash"), ("validation", line.validation, "solid")):
        if band is not None:
            style = {"color": colour, "width": 1.0 if faint else 2.2 if part == "validation" else 1.4, "dash": dash}
            _add_median(figure, band, f"{line.letter} {part}", style, 0.45 if faint else 1.0, f"{words}<br>{part}", form)
    if line.best_epoch is not None and line.best_epoch <= len(line.validation) and not faint:
        figure.add_scatter(
            x=[line.best_epoch],
            y=[line.validation.middle[line.best_epoch - 1]],
            mode="markers",
            name=f"{line.letter} best epoch",
            marker={"color": colour, "size": 9, "line": {"color": colours(dark).background, "width": 1.5}},
            hovertemplate=f"{words}<br>best epoch {line.best_epoch:,}<extra></extra>",
        )


def _add_median(figure: go.Figure, band: Band, name: str, style: dict, opacity: float, words: str, form: Form) -> None:
    """The median; where fewer than half of the seeds still train it is of a changing crowd, and drawn thin and dotted."""
    texts = [
        f"<b>{form(m)}</b>" + (f" ({form(a)} to {form(b)})" if n > 1 else "") if n else ""
        for m, a, b, n in zip(band.middle, band.low, band.high, band.count, strict=True)
    ]
    whole = _whole(band)
    thin = style | {"width": 0.6 * style["width"], "dash": "2px,3px"}
    parts = [(0, whole, style)] + ([(whole - 1, len(band), thin)] if whole < len(band) else [])
    for start, end, line in parts:
        figure.add_scatter(
            x=np.arange(start + 1, end + 1),
            y=band.middle[start:end],
            mode="lines" if end - start > 1 else "markers",
            name=name,
            line=line,
            marker={"color": style["color"]},
            opacity=opacity,
            customdata=texts[start:end],
            hovertemplate=f"{words}, epoch %{{x}}: %{{customdata}}<extra></extra>",
        )


def _whole(band: Band) -> int:
    """Epochs that at least half of the seeds reached."""
    return int(np.sum(2 * band.count >= band.count.max(initial=0)))


def _add_band(figure: go.Figure, band: Band, colour: str) -> None:
    epochs = np.arange(1, len(band) + 1)
    there = np.isfinite(band.low)
    figure.add_scatter(
        x=np.concatenate([epochs[there], epochs[there][::-1]]),
        y=np.concatenate([band.low[there], band.high[there][::-1]]),
        mode="lines",
        line={"width": 0},
        fill="toself",
        fillcolor=_rgba(colour, BAND_OPACITY),
        hoverinfo="skip",
    )


def _rgba(colour: str, opacity: float) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"


def _axes(figure: go.Figure, title: str, ends: tuple[float, float], log: bool, shares: bool, dark: bool) -> None:
    of = colours(dark)
    common = {"visible": True, "fixedrange": False, "gridcolor": of.grid, "zeroline": False, "linecolor": of.grid}
    figure.update_xaxes(**common, title={"text": "epoch", "standoff": 6}, tickformat=",d", showgrid=False)
    figure.update_yaxes(
        **common,
        type="log" if log else "linear",
        range=[math.log10(end) for end in ends] if log else list(ends),
        tickformat=".0%" if shares else None if max(abs(end) for end in ends) >= 1e5 else ",",
        exponentformat="B",  # 2B, as everywhere in the app
        dtick=None,
        minor={"ticks": ""},
    )
    figure.update_layout(dragmode="zoom")
    figure.add_annotation(
        text=plotly_text(title, 90), x=0, y=1, xref="paper", yref="paper", xanchor="left", yanchor="bottom", yshift=6,
        showarrow=False, font={"color": of.grey},
    )  # fmt: skip


def value_range(lines: Sequence[Any], log: bool, shares: bool) -> tuple[float, float]:
    """What the bulk of each line needs, so that wild first epochs or one bad setting do not press all the rest flat."""
    lows, highs = [], []
    for line in lines:
        for band in (line.validation, line.training):
            values = band.middle[np.isfinite(band.middle)] if band is not None else np.zeros(0)
            values = np.log10(values[values > 0]) if log else values
            if not len(values):
                continue
            q20, q80 = np.quantile(values, (0.2, 0.8))
            reach = (4 if log else 1) * REACH * max(q80 - q20, abs(q80) * 0.02, 1e-12)
            lows.append(max(values.min(), q20 - reach))
            highs.append(min(values.max(), q80 + reach))
    if not lows:
        return (1.0, 10.0) if log else (0.0, 1.0)
    low, middle = min(lows), float(np.median(highs))
    high = min(max(highs), low + 4 * max(middle - low, abs(middle) * 0.02))
    pad = 0.06 * max(high - low, abs(high) * 0.02, 1e-12)
    if log:
        return 10 ** (low - pad), 10 ** (high + pad)
    low = 0.0 if 0 <= low < 0.45 * high and not shares else low - pad
    return (max(low, 0.0), min(high + pad, 1.004)) if shares else (low, high + pad)


def _end_labels(figure, lines: Sequence[Line], ends: tuple[float, float], log: bool, form: Form, dark: bool, room: int) -> None:
    """Letter and last value at the end of each line, moved apart where they would overlap; an arrow where it is out of view."""
    last = max((len(line.validation) for line in lines), default=1)
    scale = (lambda v: math.log10(v) if v > 0 else -math.inf) if log else float
    bottom, top = scale(ends[0]), scale(ends[1])
    labels: list[tuple[float, int, str, str]] = []  # height (0 is the bottom of the plot, 1 the top), epoch, text, colour
    for line in lines:
        finite = np.flatnonzero(np.isfinite(line.validation.middle))
        if len(finite):
            value = float(line.validation.middle[finite[-1]])
            at = (scale(value) - bottom) / (top - bottom)
            arrow = "↑ " if at > 1 else "↓ " if at < 0 else ""
            text = _end_words(line, form, arrow)
            labels.append((min(max(at, 0.0), 1.0), int(finite[-1]) + 1, text, hue_of(line.hue, dark)))
    labels.sort()
    for label, at in zip(labels, _moved_apart(labels, LABEL_PIXELS / room, last * 0.14), strict=True):
        _, epoch, text, colour = label
        figure.add_annotation(
            x=epoch,
            y=at,
            yref="paper",
            xanchor="left",
            yanchor="middle",
            xshift=6,
            showarrow=False,
            text=text,
            font={"color": colour},
            bgcolor=_rgba(colours(dark).background, 0.7),
            borderpad=1,
        )


def _end_words(line: Line, form: Form, arrow: str) -> str:
    """The letter, what sets the line apart, and its last value; a median of the last few seeds is not the result."""
    finite = line.validation.middle[np.isfinite(line.validation.middle)]
    few = len(line.validation) > _whole(line.validation)
    value = "" if few or not len(finite) else form(float(finite[-1]))
    words = plotly_text(line.label, LABEL_LETTERS) if line.label else ""
    return " ".join(part for part in (f"<b>{line.letter}</b>", words, f"{arrow}{value}".strip()) if part)


def _moved_apart(labels: list[tuple[float, int, str, str]], gap: float, near: float) -> list[float]:
    """Heights at least `gap` apart for ascending labels whose epochs are `near` each other, none above 1 where there is room."""
    heights = [label[0] for label in labels]
    close = lambda i, j: abs(labels[i][1] - labels[j][1]) < near  # noqa: E731
    for i in range(len(heights)):
        heights[i] = max([heights[i], *(heights[j] + gap for j in range(i) if close(i, j))])
    for i in reversed(range(len(heights))):
        heights[i] = min([heights[i], 1.0, *(heights[j] - gap for j in range(i + 1, len(heights)) if close(i, j))])
    return heights
