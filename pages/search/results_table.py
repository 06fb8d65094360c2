"""The ranked table of a search, with filters that the charts beside it follow."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import streamlit as st

from pages.search.labels import axis_words, values_on
from pages.search.results import SearchResults, choose
from tuning_core.charts.style import number
from tuning_core.diagnosis import paired_difference
from tuning_core.experiment.axes import Choice
from tuning_core.search_analysis.points import Point, is_numeric, label

FILTER = "filter_"  # prefix of the keys of the filters
LARGE = 1000.0
LOOKED_AT = 50  # from the top of the ranking, for those that cannot be told from the first


def filtered(results: SearchResults) -> SearchResults:
    """The search with the points that pass the filters; draws the filters in a popover."""
    active = sum(bool(st.session_state.get(FILTER + name)) for name in ("status", *results.space.axes))
    words = f"Filter ({active})" if active else "Filter"
    with st.popover(words, icon=":material/filter_list:"):
        statuses = sorted({point.status for point in results.points})
        tip = "Keep settings that ended in one of these ways; nothing marked keeps all."
        wanted = st.pills("Ended", statuses, selection_mode="multi", key=f"{FILTER}status", help=tip)
        tests = [lambda point: not wanted or point.status in wanted]
        tests += [_axis_filter(results, name) for name in results.space.axes]
    return results.among([point for point in results.points if all(test(point) for test in tests)])


def _axis_filter(results: SearchResults, name: str) -> Any:
    axis, words = results.space.axes[name], axis_words(name)
    tip = f"Keep settings with these values of {words}; nothing marked keeps all."
    if isinstance(axis, Choice) or not is_numeric(axis):
        wanted = st.pills(words, [label(v) for v in axis.probes()], selection_mode="multi", key=FILTER + name, help=tip)
        return lambda point: not wanted or (name in point.values and label(point.values[name]) in wanted)
    low, high = axis.probes()
    marks = [axis.ppf(i / 20) for i in range(20)] + [high]
    by_label = {label(mark): mark for mark in sorted({*marks, low}, reverse=True)}  # the browser sends labels back
    marks = sorted((by_label | {label(high): high}).values())
    kept = st.select_slider(
        words, marks, (marks[0], marks[-1]), format_func=label, help=f"Keep settings in this range of {words}."
    )
    if kept == (marks[0], marks[-1]):
        return lambda point: True
    return lambda point: name in point.values and kept[0] <= point.values[name] <= kept[1]


def ranked_table(results: SearchResults, height: int = 340) -> None:
    """Settings from the best down; a click on a row chooses the setting."""
    if not results.points:
        st.caption("No setting has ended yet." if results.run.live else "No setting passes the filters.")
        return
    words = luck_words(results)
    if words:
        st.caption(f":material/casino: {words}")
    st.session_state.search_rows = [point.number for point in results.points]
    st.dataframe(
        table_columns(results),
        hide_index=True,
        height=height,
        key=f"table_{results.run.id}",
        on_select=lambda: _row_chosen(results.run.id),
        selection_mode="single-row",
        column_config=_formats(results),
    )


def luck_words(results: SearchResults) -> str:
    """What stands over a ranking that luck decides; "" where it does not, or while the search goes on."""
    by_number = {setting.number: setting for setting in results.settings}
    top = [by_number[point.number].scores for point in results.points[:LOOKED_AT] if point.has_score]
    if results.run.live or len(top) < 2:
        return ""
    if all(len(scores) == 1 for scores in top):
        return "Each setting was trained once: at the top luck decides the order. The view Luck says how much."
    first, *others = [[math.nan if s is None else results.score.as_loss(s) for s in scores] for scores in top]
    level = sum(paired_difference(first, other).verdict in ("luck", "one_seed") for other in others)
    if not level:
        return ""
    others_words = f"{level} other{'' if level == 1 else 's'}"
    return f"**The first and {others_words} cannot be told apart**: other seeds or folds could turn their order round."


def table_columns(results: SearchResults) -> dict[str, list[Any]]:
    """Columns of the table, ranked; numbers stay numbers, so that the table sorts them."""
    by_number = {setting.number: setting for setting in results.settings}
    rows = [by_number[point.number] for point in results.points]
    values = [values_on(results.space, setting) for setting in rows]
    columns: dict[str, list[Any]] = {
        "rank": [results.ranks.get(point.number) for point in results.points],
        results.score_words: [setting.mean for setting in rows],
    }
    if any(setting.spread is not None for setting in rows):
        columns["± spread"] = [setting.spread for setting in rows]
    if results.metric != results.score.words:
        columns[results.metric] = [setting.metric_mean for setting in rows]
    for name, axis in results.space.axes.items():
        columns[axis_words(name)] = [_cell(v.get(name), is_numeric(axis)) for v in values]
    columns["ended"] = [f"{setting.status}: {setting.error}" if setting.error else setting.status for setting in rows]
    columns["setting"] = [setting.number + 1 for setting in rows]
    return columns


def _cell(value: Any, numeric: bool) -> Any:
    return value if numeric or value is None else label(value)


def _formats(results: SearchResults) -> dict[str, Any]:
    formats: dict[str, Any] = {
        "rank": st.column_config.NumberColumn(width=52),
        "setting": st.column_config.NumberColumn(width=62),
    }
    for name, of in ((results.score_words, "mean"), ("± spread", "spread"), (results.metric, "metric_mean")):
        formats[name] = _number_column([getattr(setting, of) for setting in results.settings])
    for name, axis in results.space.axes.items():
        if is_numeric(axis):
            formats[axis_words(name)] = st.column_config.NumberColumn(format="%.4g")
    return formats


def _number_column(values: Sequence[float | None]) -> Any:
    """Thousands separated, small numbers with significant digits."""
    known = [abs(v) for v in values if v is not None]
    return st.column_config.NumberColumn(format="%,.0f" if known and min(known) >= LARGE else "%.4g")


def _row_chosen(run_id: str) -> None:
    rows = st.session_state[f"table_{run_id}"].selection.rows
    numbers: list[int] = st.session_state.search_rows
    choose(numbers[rows[0]] if rows and rows[0] < len(numbers) else None)


def score_words(results: SearchResults, point: Point) -> str:
    """A score with its spread."""
    spread = f" ± {number(point.spread)}" if point.spread == point.spread else ""
    return f"{number(results.score.as_loss(point.score))}{spread}" if point.has_score else point.status
