"""The Compare page's main part: curves in one plot, paired differences beside it, tables below."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import streamlit as st

from pages.compare.controls import choose_how, panels_of_all
from pages.compare.tables import differing_table, results_table
from pages.components.side_by_side import side_by_side
from pages.state.contenders import Entry
from pages.state.database import is_dark
from pages.state.view import BETWEEN_MARKS, View
from pages.widgets.beside import Beside, find_beside, panels_of
from pages.widgets.chart_table import chart_table, epoch_columns
from pages.widgets.contender_labels import WHAT, end_labels, gain_form, panel_words, short_names, value_form, verdict_words
from pages.widgets.file_names import file_name
from pages.widgets.model_actions import model_menu
from pages.widgets.share_link import CURVES, share_runs
from tuning_core.charts.compared_curves import Line, compared_curves
from tuning_core.charts.difference_plot import Gain, difference_plot
from tuning_core.charts.style import HUES
from tuning_core.diagnosis.comparison import apart, difference, level_with
from tuning_core.experiment.typed_values import MOST_BESIDE

HEIGHT = 400
PRESENTED_HEIGHT = 580
PLOT = {"displayModeBar": False, "doubleClick": "reset"}
FULL = {  # with the buttons for the full screen and for a picture file, and no others
    "displaylogo": False,
    "doubleClick": "reset",
    "modeBarButtonsToRemove": ["zoom2d", "pan2d", "select2d", "lasso2d", "zoomIn2d", "zoomOut2d", "autoScale2d", "resetScale2d"],
}


def compare(view: View, shown: dict[str, Entry], marks: dict[str, str]) -> None:
    """Everything about these settings; `shown` by letter, `marks` the mark of each letter."""
    panel, log, training, bands, reference = choose_how(view, shown, marks)
    groups = _groups(shown, panel, reference)
    _yardstick_notice(shown, groups, panel)
    _luck_notice(shown, groups[0], panel)
    hues = _hues(list(shown), groups, reference)
    names = dict(zip(shown, short_names(list(shown.values())), strict=True))
    if st.session_state.compare_beside and 1 < len(shown) <= MOST_BESIDE:
        _beside([entry.mark for entry in shown.values()], next(iter(shown.values())))
        _tables(shown, groups, reference, panel, hues)
        return
    with st.container(border=True):
        left, right = st.columns([2.1, 1], gap="medium") if len(shown) > 1 else (st.container(), None)
        with left:
            _curves(_same_unit(shown, reference, panel), names, hues, panel, log, training, bands)
        if right is not None:
            with right:
                _differences(shown, names, hues, groups[0], reference, panel)
    _tables(shown, groups, reference, panel, hues)


def _beside(marks: list[str], first: Entry) -> None:
    """Panels on common axes, in the place of the one chart, and the link that opens them."""
    curves = beside_panels(marks, first)
    with st.popover("Link", icon=":material/link:", help="One link that opens the same panels."):
        share_runs("tune", f"beside={BETWEEN_MARKS.join(marks)}", CURVES, [curve.run for curve in curves])


def beside_panels(marks: list[str], first: Entry, *, large: bool = False) -> list[Beside]:
    """The panels alone; the curves that they show."""
    curves = find_beside(marks)
    side_by_side(
        panels_of(curves),
        key="compare_panels",
        live=False,
        target=first.run.setup["target"],
        file=file_name(first.run, "side-by-side"),
        large=large,
    )
    return curves


def curves_alone(shown: dict[str, Entry], panel: str) -> None:
    """All curves on one pair of axes, large, the first as the reference."""
    first = next(iter(shown))
    names = dict(zip(shown, short_names(list(shown.values())), strict=True))
    hues = _hues(list(shown), _groups(shown, panel, first), first)
    _curves(_same_unit(shown, first, panel), names, hues, panel, log=False, training=False, bands=True, height=PRESENTED_HEIGHT)


def _tables(shown: dict[str, Entry], groups: list[list[str]], reference: str, panel: str, hues: dict[str, int | None]) -> None:
    st.markdown("#### What differs")
    differing_table(shown, hues)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown("#### What they reached, at what cost", width="content")
        _go_on(shown)
    results_table(shown, groups, reference, panel, hues)


def compare_at_a_glance(shown: dict[str, Entry]) -> None:
    """Curves and differences alone, the first as the reference, without controls."""
    letters = list(shown)
    panel = panels_of_all(shown)[0]
    groups, names = _groups(shown, panel, letters[0]), dict(zip(letters, short_names(list(shown.values())), strict=True))
    hues = _hues(letters, groups, letters[0])
    left, right = st.columns([2.1, 1], gap="medium")
    with left:
        _curves(shown, names, hues, panel, log=False, training=False, bands=True)
    with right:
        _differences(shown, names, hues, groups[0], letters[0], panel)


def _go_on(shown: dict[str, Entry]) -> None:
    """One of them into the exam, to new rows, or to the disk."""
    with st.container(horizontal=True, vertical_alignment="center", width="content"):
        letter = st.selectbox(
            "Export & share",
            list(shown),
            key="compare_go_on",
            width=90,
            label_visibility="collapsed",
            help="Which of them to export or share.",
        )
        model_menu(shown[letter].run, shown[letter].mark)


def _groups(shown: dict[str, Entry], panel: str, reference: str) -> list[list[str]]:
    """Letters whose numbers may be ranked together, the reference's group first, each from the best to the worst."""
    found: dict[tuple, list[str]] = {shown[reference].contender.yardstick(panel): []}
    for letter, entry in shown.items():
        found.setdefault(entry.contender.yardstick(panel), []).append(letter)

    def rank(letter: str) -> tuple[bool, float]:
        contender = shown[letter].contender
        value = contender.score(panel)
        return not np.isfinite(value), value if contender.lower_is_better(panel) else -value

    return [sorted(group, key=rank) for group in found.values()]


def _yardstick_notice(shown: dict[str, Entry], groups: list[list[str]], panel: str) -> None:
    if len(groups) == 1:
        return
    first = shown[groups[0][0]].contender
    parts = []
    for group in groups[1:]:
        why = apart(first, shown[group[0]].contender, panel)
        parts.append(f"{', '.join(sorted(group, key=_order))}: {' and '.join(WHAT[name] for name in why)}")
    them = ", ".join(sorted(groups[0], key=_order))
    st.info(
        f"Not everything here was measured alike, so it is not ranked together. Compared with {them}: {'; '.join(parts)}.",
        icon=":material/balance:",
    )


def _luck_notice(shown: dict[str, Entry], ranked: list[str], panel: str) -> None:
    """Over everything, where the first places of the ranking are luck's."""
    best, others = ranked[0], ranked[1:]
    level = [others[i] for i in level_with(shown[best].contender, [shown[letter].contender for letter in others], panel)]
    if not level:
        return
    them = sorted([best, *level], key=_order)
    names = f"{', '.join(them[:-1])} and {them[-1]}"
    once = all(len(shown[letter].contender.trainings) == 1 for letter in them)
    why = "Each was trained once; train several seeds." if once else "Other seeds or other rows could turn their order round."
    st.info(f"**{names} cannot be told apart.** {why}", icon=":material/casino:")


def _order(letter: str) -> tuple[int, str]:
    return len(letter), letter


def _hues(letters: list[str], groups: list[list[str]], reference: str) -> dict[str, int | None]:
    """A hue for each of up to eight; of more, for the reference and the best ones, and the rest stay grey."""
    if len(letters) <= len(HUES):
        return {letter: i for i, letter in enumerate(letters)}
    best = [reference, *(letter for group in groups for letter in group if letter != reference)][: len(HUES)]
    return {letter: best.index(letter) if letter in best else None for letter in letters}


def _same_unit(shown: dict[str, Entry], reference: str, panel: str) -> dict[str, Entry]:
    """Those that may share the reference's axis; says which may not."""
    unit = shown[reference].contender.unit(panel)
    fitting = {letter: entry for letter, entry in shown.items() if entry.contender.unit(panel) == unit}
    others = [letter for letter in shown if letter not in fitting]
    if others:
        st.caption(f"Not drawn, as measured in another unit: {', '.join(others)}. Choose one of them as the reference to see it.")
    return fitting


def _curves(shown, names, hues, panel: str, log: bool, training: bool, bands: bool, height: int = HEIGHT) -> None:
    lines, labels = [], dict(zip(shown, end_labels(list(shown.values())), strict=True))
    for letter, entry in shown.items():
        contender = entry.contender
        epochs = [t.best_epoch for t in contender.trainings if t.best_epoch]
        lines.append(
            Line(
                letter,
                names[letter],
                contender.band(panel),
                contender.band(panel, validation=False) if training and hues[letter] is not None else None,
                round(float(np.median(epochs))) if epochs else None,
                hues[letter],
                labels.get(letter, ""),
            )
        )
    first = next(iter(shown.values()))
    solid = "solid: validation, dashes: training" if training else "validation"
    figure = compared_curves(
        lines,
        title=f"{panel_words(first, panel)} of {first.run.setup['target']}, {solid}",
        log=log,
        shares=panel == "metric" and first.contender.classifies,
        bands=bands,
        dark=is_dark(),
        height=height,
    )
    told = "; ".join(f"{letter}: {names[letter]}" for letter in shown)
    st.plotly_chart(
        figure, width="stretch", config=FULL, key="compare_curves", alt=f"{panel_words(first, panel)} by epoch. {told}"
    )
    chart_table("the curves", "compare_curves", partial(_curve_columns, lines, value_form(first, panel)))
    if any(hue is None for hue in hues.values()):
        st.caption(f"Hues: the reference and the best {len(HUES) - 1}. The others are grey; point at a line to read its name.")


def _curve_columns(lines: Sequence[Line], form: Callable[[float], str]) -> dict[str, list[str]]:
    """The medians epoch by epoch."""
    return epoch_columns(
        {
            f"{line.letter} {line.name}, {words}": band.middle
            for line in lines
            for words, band in (("validation", line.validation), ("training", line.training))
            if band is not None
        },
        form,
    )


def _differences(shown, names, hues, group: list[str], reference: str, panel: str) -> None:
    base = shown[reference]
    others = sorted((letter for letter in group if letter != reference), key=_order)
    st.markdown(f"**Better than {reference}, seed by seed?**")
    if not others:
        st.caption("Nothing here was measured on the same rows by the same loss as the reference.")
        return
    gains = []
    for letter in others:
        d = difference(base.contender, shown[letter].contender, panel)
        sure = d.verdict in ("better", "worse")
        gains.append(Gain(letter, names[letter], d.mean, d.low, d.high, sure, verdict_words(d), hues[letter]))
    figure = difference_plot(
        gains, reference=reference, unit=panel_words(base, panel), form=gain_form(base, panel), dark=is_dark()
    )
    with st.container(height=HEIGHT - 44, border=False):
        told = "; ".join(f"{gain.letter}: {gain.words}" for gain in gains)
        st.plotly_chart(
            figure, width="stretch", config=PLOT, key="compare_differences", alt=f"Better than {reference}, seed by seed. {told}"
        )
        chart_table("the differences", "compare_differences", partial(_gain_columns, gains, gain_form(base, panel)))


def _gain_columns(gains: Sequence[Gain], form: Callable[[float], str]) -> dict[str, list[str]]:
    def words(value: float) -> str:
        return form(value) if np.isfinite(value) else "–"

    return {
        "setting": [f"{gain.letter} {gain.name}" for gain in gains],
        "better by": [words(gain.mean) for gain in gains],
        "95 % from": [words(gain.low) for gain in gains],
        "to": [words(gain.high) for gain in gains],
        "in words": [gain.words for gain in gains],
    }
