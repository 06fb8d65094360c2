"""What to predict, from what, and how the rows are divided; nothing changes until the engine has agreed."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.data.column_grid import pending_roles
from pages.data.column_roles import roles_of
from pages.data.row_choices import form_key, row_choices
from pages.state.checked_setup import setup_answer
from pages.state.classroom import is_setup_locked
from pages.state.view import View, change_view, default_setup
from pages.widgets.errors import show_error
from pages.widgets.setup_summary import say_checking
from tuning_core.store.datasets import StoredDataset, setup_id

LOCKED = (
    "Target, features and split are those of the class, the same for all. To choose your own, take another table, or leave the "
    "class."
)


def choose_setup(dataset: StoredDataset, view: View) -> None:
    """Target, task, features and split; a setup that cannot work says why, and the one before stays in use."""
    assert dataset.profile is not None
    setup = view.setup or default_setup(dataset.id)
    if setup is None:
        return
    columns = dataset.profile["columns"]
    names = [c["name"] for c in columns]
    locked = is_setup_locked(dataset.id)
    key = form_key(dataset.id, setup_id(dataset.id, setup) if locked else "")
    if locked:
        st.info(LOCKED, icon=":material/lock:")
    target = st.selectbox(
        "Target",
        names,
        index=names.index(setup["target"]),
        key=key + "target",
        disabled=locked,
        help="The column that the model learns to predict.",
    )
    tasks = {"": "Decide by the target", "regression": "Regression: a number", "classification": "Classification: a class"}
    task = st.selectbox(
        "Task",
        list(tasks),
        index=list(tasks).index(setup["task"] or ""),
        format_func=lambda t: tasks[t],
        key=key + "task",
        disabled=locked,
        help="Regression predicts an amount; classification picks one of a few classes. Left open, two values "
        "and small whole numbers without a gap count as classes.",
    )
    kind = next(c["kind"] for c in columns if c["name"] == target)
    logarithm = task != "classification" and _logarithm(setup, kind, key, locked)
    rows = row_choices(setup, columns, target, key, locked=locked)
    if rows is None or locked:
        return
    roles = pending_roles(dataset, view) or roles_of(setup)
    offices = {target, rows.get("part"), rows.get("sample_weight")}
    wanted = {
        "target": target,
        "features": roles["features"] and [name for name in roles["features"] if name not in offices],
        "task": task or None,
        "kinds": roles["kinds"],
        **rows,
        **({"target_transform": "log"} if logarithm else {}),
    }
    if wanted == view.setup:
        return
    _take_over(dataset, wanted)


def _logarithm(setup: dict[str, Any], kind: str, key: str, locked: bool) -> bool:
    if kind not in ("integer", "numeric"):
        return False
    return st.toggle(
        "Learn its logarithm",
        value=setup.get("target_transform") == "log",
        key=key + "log",
        disabled=locked,
        help="For amounts above 0 of very different size: errors then count in per cent. Predictions and mean absolute "
        "errors stay in the target's own units; the loss is that of the logarithm.",
    )


def _take_over(dataset: StoredDataset, wanted: dict[str, Any]) -> None:
    """Use this setup once the engine has agreed; a refusal is shown."""
    answer = setup_answer(dataset.id, wanted)
    if answer is None or answer.status == "queued":
        say_checking(dataset.id, wanted)
    elif answer.error is not None:
        show_error(answer.error["message"], answer.error["remedy"])
        st.caption("The setup before is still in use.")
        st.button("Back to it", icon=":material/undo:", on_click=_back, help="Undo the change that cannot be.")
    else:
        change_view(setup=wanted, run_id=None, ghost_id=None)


def _back() -> None:
    """The controls begin anew with what the setup in use says."""
    st.session_state.setup_round = st.session_state.get("setup_round", 0) + 1
    st.session_state.grid = st.session_state.get("grid", 0) + 1
    st.session_state.roles = None
