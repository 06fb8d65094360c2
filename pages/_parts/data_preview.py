"""What was read: notices in plain words, columns with their ranges and shapes, the first rows, the split as a bar."""

from __future__ import annotations

from itertools import groupby
from typing import Any

import streamlit as st

from pages._parts.shared import is_dark, plain
from tuning_core.charts.split_bar import split_bar
from tuning_core.charts.style import number, whole
from tuning_core.store.datasets import StoredDataset


def preview(dataset: StoredDataset, summary: dict[str, Any] | None) -> None:
    """The main part of the Data page."""
    assert dataset.profile is not None
    profile = dataset.profile
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.subheader(plain(dataset.name), anchor=False, width="content")
        st.caption(f"{profile['rows']:,} rows · {len(profile['columns']):,} columns", width="content")
        if st.button("On to Tune", icon=":material/arrow_forward:", disabled=summary is None):
            st.switch_page("tune.py")
    if summary is not None:
        st.plotly_chart(
            split_bar(summary["rows"], dark=is_dark()), width="stretch", config={"displayModeBar": False}, key="split_bar"
        )
    notices = (summary or profile)["notices"] or profile["notices"]
    all_notices = {(n["kind"], n["message"]): n for n in [*profile["notices"], *notices]}
    columns, rows, said = st.tabs(
        [
            f":material/view_column: Columns ({len(profile['columns']):,})",
            ":material/table_rows: First rows",
            f":material/info: What was noticed ({len(all_notices):,})",
        ]
    )
    with columns:
        _columns(profile, summary)
    with rows:
        _rows(profile)
    with said:
        _notices(list(all_notices.values()))


def _columns(profile: dict[str, Any], summary: dict[str, Any] | None) -> None:
    used = set(summary["features"]) if summary else set()
    target = summary["target"] if summary else None
    out = summary["left_out"] if summary else {}
    rows = []
    for column in profile["columns"]:
        name = column["name"]
        use = "target" if name == target else "feature" if name in used else "left out"
        rows.append(
            {
                "column": name,
                "used as": use,
                "type": column["kind"],
                "missing": 100 * column["missing_share"],
                "values": whole(column["distinct"]),
                "range or most frequent": _range(column),
                "shape": column.get("histogram", {}).get("counts", []),
                "why left out": out.get(name, column["reason"]),
            }
        )
    if not any(row["why left out"] for row in rows):
        rows = [{name: value for name, value in row.items() if name != "why left out"} for row in rows]
    st.dataframe(
        rows,
        hide_index=True,
        width="stretch",
        height=min(560, 35 * len(rows) + 38),
        column_config={
            "missing": st.column_config.NumberColumn(format="%.1f %%"),
            "shape": st.column_config.BarChartColumn(y_min=0, color="#0072B2"),
        },
    )


def _range(column: dict[str, Any]) -> str:
    if "min" in column and column["min"] is not None:
        return f"{_short(column['min'])} to {_short(column['max'])}"
    return ", ".join(str(value) for value, _ in column.get("top", [])[:4])


def _short(value: Any) -> str:
    if not isinstance(value, (int, float)):
        return str(value)
    return whole(int(value)) if float(value).is_integer() and abs(value) < 1e6 else number(value)


def _rows(profile: dict[str, Any]) -> None:
    shown = profile["preview"]
    names = [c["name"] for c in profile["columns"]]
    st.dataframe([dict(zip(names, row, strict=True)) for row in shown], hide_index=True, width="stretch", height=480)


def _notices(notices: list[dict[str, Any]]) -> None:
    if not notices:
        st.caption("Nothing had to be repaired.")
    for kind, group in groupby(sorted(notices, key=lambda n: n["kind"]), key=lambda n: n["kind"]):
        with st.container(border=True, gap=None):
            st.markdown(f"**{plain(kind.replace('_', ' ').capitalize())}**")
            for notice in group:
                st.markdown(plain(notice["message"]))
