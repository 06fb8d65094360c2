"""What a search tells, one view at a time: table, heat map, parallel coordinates, single axes, importance, luck."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from pages.search.form import form_of
from pages.search.labels import axis_words
from pages.search.launch import extend, may_extend
from pages.search.results import SearchResults
from pages.search.results_table import filtered, ranked_table, score_words
from pages.search.sidebar import load_form
from pages.state.database import is_dark
from pages.state.view import View
from pages.widgets.chart_table import chart_table
from pages.widgets.engine_answer import answer_to
from pages.widgets.text import plain
from pages.widgets.train_button import train_button
from tuning_core.charts.style import number, share
from tuning_core.search_analysis.divergence import diverged_share
from tuning_core.search_analysis.heat_map import heat_map
from tuning_core.search_analysis.points import Point, label
from tuning_core.search_analysis.range_edges import Edge, edges
from tuning_core.store.runs import StoredRun

if TYPE_CHECKING:
    from tuning_core.charts.heat_map import Cells

STILL = {"displayModeBar": False}
PER_ROW = 3


def result_views(results: SearchResults, view: View) -> None:
    """The chosen view. While the search goes on the table follows; a chart shows what was there when it was opened."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        names = list(VIEWS)
        name = st.segmented_control(
            "View", names, default=names[0], required=True, key="search_view", label_visibility="collapsed",
            help="Different pictures of the same settings.",
        )  # fmt: skip
        kept = filtered(_steady(results, name))
    if name != names[0] and len(kept.points) < 2:
        st.caption("Charts begin with two settings that have ended." if results.run.live else "Fewer than two settings to show.")
        return
    VIEWS[name](kept, view)


def _steady(results: SearchResults, name: str) -> SearchResults:
    """A chart would flicker with every score: while the search goes on, it keeps what it has until another view is opened."""
    held: tuple[str, str, SearchResults] | None = st.session_state.get("search_held")
    if not results.run.live or name == "Table":
        st.session_state.search_held = None
        return results
    if held is None or held[:2] != (results.run.id, name):
        st.session_state.search_held = held = (results.run.id, name, results)
    return held[2]


def _table(results: SearchResults, view: View) -> None:
    ranked_table(results)


def _heat_map(results: SearchResults, view: View) -> None:
    from tuning_core.charts.heat_map import Cells, heat_map_figure

    names = list(results.space.axes)
    if len(names) < 2:
        st.caption("A heat map needs two axes.")
        return
    left, middle, right = st.columns([2, 2, 2], vertical_alignment="bottom")
    with left:
        x = st.selectbox("Across", names, format_func=axis_words, key="heat_x", help="The axis from left to right.")
    with middle:
        others = [name for name in names if name != x]
        y = st.selectbox("Up", others, format_func=axis_words, key="heat_y", help="The axis from bottom to top.")
    with right:
        tip = "The best setting of a cell shows what is possible there, the mean what is usual."
        of = st.segmented_control("Of each cell", ("best", "mean"), default="best", required=True, key="heat_of", help=tip)
    bins = min(max(round(math.sqrt(len(results.points))), 4), 10)  # so that most cells hold something
    found = heat_map(results.points, results.space, x, y, bins)
    values = found.best if of == "best" else found.mean
    words = axis_words(x), axis_words(y)
    cells = Cells(*words, found.x_labels, found.y_labels, values, found.count, found.diverged)
    st.plotly_chart(heat_map_figure(cells, loss=f"{of} {results.loss}", dark=is_dark()), config=STILL, key="heat", theme=None)
    chart_table("the cells", "heat", partial(_cell_columns, cells))


def _cell_columns(cells: Cells) -> dict[str, list[str]]:
    """Those that were tried, row by row."""
    tried = [(i, j) for i in range(len(cells.y_labels)) for j in range(len(cells.x_labels)) if cells.count[i][j]]
    return {
        cells.y_name: [cells.y_labels[i] for i, _ in tried],
        cells.x_name: [cells.x_labels[j] for _, j in tried],
        "loss": [number(float(cells.values[i][j])) if math.isfinite(cells.values[i][j]) else "–" for i, j in tried],
        "settings": [f"{cells.count[i][j]:,}" for i, j in tried],
        "diverged": [f"{cells.diverged[i][j]:,}" for i, j in tried],
    }


def _parallel(results: SearchResults, view: View) -> None:
    from tuning_core.charts.parallel import parallel_coordinates

    figure = parallel_coordinates(results.scales(), results.scores, loss=results.loss, dark=is_dark())
    st.plotly_chart(figure, config=STILL, key="parallel", theme=None)
    chart_table("the settings", "parallel", partial(_setting_columns, results))
    st.caption("Each line is a setting, the greener the better. Drag along an axis to keep the lines that pass there.")


def _axes(results: SearchResults, view: View) -> None:
    from tuning_core.charts.axis_scatter import axis_scatter

    found = {edge.name: edge for edge in edges(results.points, results.space)}
    lost = diverged_share(results.points)
    if lost:
        st.caption(f"{share(lost)} of the settings diverged: the loss became infinite or not a number. They are the crosses.")
    words = [_point_words(results, point) for point in results.points]
    names = list(results.space.axes)
    for start in range(0, len(names), PER_ROW):
        for column, name in zip(st.columns(PER_ROW), names[start : start + PER_ROW], strict=False):
            with column:
                edge = found.get(name)
                side = edge.side if edge else None
                figure = axis_scatter(results.scale(name), results.scores, words, loss=results.loss, edge=side, dark=is_dark())
                st.plotly_chart(figure, config=STILL, key=f"axis_{name}", theme=None)
                if edge is not None:
                    _widen(results, view, edge)
    chart_table("the settings", "axes", partial(_setting_columns, results))


def _setting_columns(results: SearchResults) -> dict[str, list[str]]:
    """Every setting with its place on each axis, the best first."""
    names = list(results.space.axes)
    return {
        "setting": [f"{point.number + 1:,}" for point in results.points],
        **{axis_words(n): [label(p.values[n]) if n in p.values else "–" for p in results.points] for n in names},
        results.loss: [score_words(results, point) for point in results.points],
    }


def _point_words(results: SearchResults, point: Point) -> str:
    from tuning_core.charts.style import plotly_text

    values = [f"{axis_words(name)} {label(value)}" for name, value in point.values.items()]
    return "<br>".join(plotly_text(line) for line in (f"setting {point.number + 1}: {score_words(results, point)}", *values))


def _widen(results: SearchResults, view: View, edge: Edge) -> None:
    """The best is at the edge: say so, and go on beyond it."""
    end = label(edge.wider.probes()[0 if edge.side == "low" else -1])
    st.caption(f"The best is at the {'lower' if edge.side == 'low' else 'upper'} edge, {label(edge.value)}.")
    wider = replace(results.space, axes={**results.space.axes, edge.name: edge.wider})
    train_button(
        f"Widen to {end}",
        results.run.dataset_id,
        icon=":material/open_in_full:",
        key=f"widen_{edge.name}",
        disabled=not may_extend(results.run, view),
        on_click=_go_beyond,
        args=(results.run, wider.to_json()),
        help="Go on with this search beyond the edge. What was tried is kept.",
    )


def _go_beyond(run: StoredRun, space_json: dict[str, Any]) -> None:
    """The wider axis is put on the form too, so that Extend goes on from there."""
    extend(run.id, space_json)
    load_form(form_of(run.spec | {"space": space_json}))


def analysis(run: StoredRun, n: int) -> dict[str, Any] | None:
    """The engine's analysis of what has ended so far; None while it is being worked out."""
    question = answer_to("search_analysis", {"run_id": run.id, "settings": n, "finished": run.finished})
    if question is None:
        st.caption(":material/hourglass_top: Working it out.")
        return None
    return question.answer


def _importance(results: SearchResults, view: View) -> None:
    from tuning_core.charts.importance import importance_bars

    answer = analysis(results.run, len(results.points))
    found = answer and answer.get("importances")
    if not found:
        if answer is not None:
            _why_not(answer, "importances", "There are too few settings to say which axis matters. 30 are a fair number.")
        return
    names = [axis_words(axis["name"]) for axis in found["axes"]]
    trusted = found["explained"] > 0.25
    shares, errors = ([axis[of] for axis in found["axes"]] for of in ("share", "error"))
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.plotly_chart(
            importance_bars(names, shares, errors, trusted=trusted, dark=is_dark()), config=STILL, key="bars", theme=None
        )
        chart_table(
            "the importances",
            "importance",
            lambda: {
                "axis": names,
                "importance": [share(value) for value in shares],
                "give or take": [share(value) for value in errors],
            },
        )
    with right:
        trust = "These numbers can be relied on." if trusted else "That is little: take the order of the axes for a guess."
        st.markdown(
            f"**How it is measured.** {plain(found['method'].capitalize())}, learned from {found['n']:,} settings.\n\n"
            f"**How far to trust it.** The forest predicts {share(found['explained'])} of how settings rank that it has not "
            f"seen. {trust}\n\nImportance is about the ranges that were tried: an axis that was varied little matters little."
        )


def _luck(results: SearchResults, view: View) -> None:
    from tuning_core.charts.luck import luck_bar

    answer = analysis(results.run, len(results.points))
    found = answer and answer.get("winners_curse")
    if not found:
        if answer is not None:
            _why_not(answer, "winners_curse", "It takes two settings and ten rows to say how lucky the best one is.")
        return
    left, right = st.columns([3, 2], gap="large")
    with left:
        bounds = [found[name] for name in ("reported", "corrected", "low", "high")]
        st.plotly_chart(luck_bar(*bounds, loss=results.loss, dark=is_dark()), config=STILL, key="luck", theme=None)
        chart_table(
            "the winner's luck",
            "luck",
            lambda: {
                "what": ["what the winner scored", "to expect on new rows", "with 90 % from", "to"],
                results.loss: [number(value) for value in bounds],
            },
        )
    with right:
        more = (found["corrected"] - found["reported"]) / abs(found["reported"]) if found["reported"] else math.nan
        st.markdown(
            f"The best of **{found['n_settings']:,} settings** on **{found['n_rows']:,} rows** was chosen by the score that it "
            f"reports, {number(found['reported'])}: part of that is luck. On new rows expect about "
            f"**{number(found['corrected'])}** ({share(more)} more), with 90 % between {number(found['low'])} and "
            f"{number(found['high'])}.\n\nHad other rows decided, the same setting would have won in "
            f"{share(found['same_winner'])} of the cases. The test set, on the Exam page, has the last word."
        )
        st.caption(
            "Bootstrap bias correction (Tsamardinos and others, 2018): the winner is chosen on drawn rows and scored on the rest."
        )


def _why_not(answer: dict[str, Any], part: str, otherwise: str) -> None:
    error = (answer.get("errors") or {}).get(part) or {}
    st.caption(plain(f"{error.get('message', otherwise)} {error.get('remedy', '')}".strip()))


VIEWS: dict[str, Callable[[SearchResults, View], None]] = {
    "Table": _table,
    "Heat map": _heat_map,
    "Parallel": _parallel,
    "Axes": _axes,
    "Importance": _importance,
    "Luck": _luck,
}
