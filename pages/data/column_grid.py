"""The grid of columns: what each is, how it looks, and what it is used as, which can be changed here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from pages.data.column_roles import USELESS, USES, Roles, column_role, roles_of, with_role, without_columns
from pages.state.classroom import is_setup_locked
from pages.state.database import is_dark
from pages.state.view import View, default_setup
from tuning_core.charts.style import colours, number, whole
from tuning_core.store.datasets import StoredDataset

ROW = 35  # pixels


def pending_roles(dataset: StoredDataset, view: View) -> Roles | None:
    """What the grid asks for at the moment; None when that is what the setup in use says."""
    pending = st.session_state.get("roles")
    if pending is None or pending[0] != dataset.id:
        return None
    setup = view.setup or default_setup(dataset.id)
    return None if setup is None or roles_of(setup) == pending[1] else pending[1]


def set_roles(dataset: StoredDataset, roles: Roles) -> None:
    """Ask for other roles from outside the grid, which begins anew then."""
    st.session_state.roles = (dataset.id, roles)
    st.session_state.grid = st.session_state.get("grid", 0) + 1


def set_left_out(dataset: StoredDataset, names: list[str], roles: Roles) -> None:
    assert dataset.profile is not None
    set_roles(dataset, without_columns(names, dataset.profile["columns"], roles))


def columns_grid(dataset: StoredDataset, view: View, summary: dict[str, Any] | None) -> None:
    """One row a column of the table; `Used as` can be changed."""
    assert dataset.profile is not None
    setup = view.setup or default_setup(dataset.id)
    if setup is None:
        return
    locked = is_setup_locked(dataset.id)
    roles = (None if locked else pending_roles(dataset, view)) or roles_of(setup)
    columns = dataset.profile["columns"]
    reasons = summary["left_out"] if summary else {}
    rows = [_row(column, roles, setup["target"], reasons) for column in columns]
    key = f"grid_{dataset.id}_{st.session_state.get('grid', 0)}{'_locked' if locked else ''}"
    st.data_editor(
        rows,
        hide_index=True,
        width="stretch",
        height=min(455, ROW * len(rows) + ROW + 3),
        disabled=[name for name in rows[0] if name != "used as" or locked],
        column_config=_config(),
        key=key,
        on_change=_take,
        args=(dataset, key, roles),
    )
    if locked:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Use all that can serve",
            icon=":material/done_all:",
            on_click=set_roles,
            disabled=roles == _all(),
            args=(dataset, _all()),
            help="Undo all choices: ids, free text and constants are left out, the others used.",
        )
        names = [column["name"] for column in columns]
        st.button(
            "Leave all out",
            icon=":material/remove_done:",
            on_click=set_left_out,
            args=(dataset, names, roles),
            help="Then choose the few you want in the column ‘used as’.",
        )
        st.caption("Double-click a cell of ‘used as’ to change what a column is used as.")


def _all() -> Roles:
    return {"features": None, "kinds": {}}


def _take(dataset: StoredDataset, key: str, roles: Roles) -> None:
    """The grid's edits into roles; an edit that is applied twice changes nothing more."""
    assert dataset.profile is not None
    for place, cells in st.session_state[key]["edited_rows"].items():
        if cells.get("used as"):
            roles = with_role(dataset.profile["columns"][int(place)], cells["used as"], roles)
    st.session_state.roles = (dataset.id, roles)


def _row(column: Mapping[str, Any], roles: Roles, target: str, reasons: Mapping[str, str]) -> dict[str, Any]:
    name, use_word = column["name"], column_role(column, roles)
    why = column["reason"] if column["kind"] in USELESS else reasons.get(name, "")
    return {
        "column": name,
        "used as": use_word,
        "missing": 100 * column["missing_share"],
        "range or most frequent": value_range(column),
        "shape": column.get("histogram", {}).get("counts", []),
        "note": "the target" if name == target else why,
        "found": column["kind"],
        "different": whole(column["distinct"]),
    }


def _config() -> dict[str, Any]:
    config = st.column_config
    return {
        "column": config.TextColumn(pinned=True, width=115),
        "used as": config.SelectboxColumn(
            options=list(USES),
            required=True,
            width=90,
            help="What the model gets: a number is scaled, a category becomes a 0/1 column for each level, a date its parts.",
        ),
        "missing": config.NumberColumn(format="%.1f %%", width=65, help="Share of cells without a value."),
        "shape": config.BarChartColumn(
            y_min=0, width=90, color=colours(is_dark()).training, help="Rows per range, or per level."
        ),
        "note": config.TextColumn(width="medium", help="Why a column is left out."),
        "found": config.TextColumn(width=80, help="The kind that the reader found."),
        "different": config.TextColumn(width=70, alignment="right", help="Different values."),
    }


def value_range(column: Mapping[str, Any]) -> str:
    """'18 to 64' of numbers and dates, the commonest levels of others."""
    if column.get("min") is not None:
        return f"{_short(column['min'])} to {_short(column['max'])}"
    return ", ".join(str(value) for value, _ in column.get("top", [])[:4])


def _short(value: Any) -> str:
    if not isinstance(value, (int, float)):
        return str(value)
    return whole(int(value)) if float(value).is_integer() and abs(value) < 1e6 else number(value)
