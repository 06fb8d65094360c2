"""What to predict, from what, and how the rows are divided; nothing changes until the engine has agreed."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.data.column_grid import pending_roles
from pages.data.column_roles import roles_of
from pages.state.checked_setup import setup_answer
from pages.state.database import database
from pages.state.view import View, change_view, default_setup
from pages.state.waiting import rerun_when
from pages.widgets.errors import show_error
from tuning_core.errors import UserError
from tuning_core.experiment import Split
from tuning_core.store import datasets
from tuning_core.store.datasets import StoredDataset

METHODS = {
    "random": "At random",
    "stratified": "At random, same shares of classes",
    "ordered": "In file order",
    "grouped": "Keep groups together",
}


def choose_setup(dataset: StoredDataset, view: View) -> None:
    """Target, task, features and split; a setup that cannot work says why, and the one before stays in use."""
    assert dataset.profile is not None
    setup = view.setup or default_setup(dataset.id)
    if setup is None:
        return
    names = [c["name"] for c in dataset.profile["columns"]]
    key = f"{dataset.id}_{st.session_state.get('setup_round', 0)}_"
    target = st.selectbox(
        "Target",
        names,
        index=names.index(setup["target"]),
        key=key + "target",
        help="The column that the model learns to predict.",
    )
    tasks = {"": "Decide by the target", "regression": "Regression: a number", "classification": "Classification: a class"}
    task = st.selectbox(
        "Task",
        list(tasks),
        index=list(tasks).index(setup["task"] or ""),
        format_func=lambda t: tasks[t],
        key=key + "task",
        help="Regression predicts an amount; classification picks one of a few classes. Left open, two values "
        "and small whole numbers without a gap count as classes.",
    )
    roles = pending_roles(dataset, view) or roles_of(setup)
    features = roles["features"] and [name for name in roles["features"] if name != target]
    split = _split(setup["split"], names, key)
    if split is None:
        return
    wanted = {"target": target, "features": features, "split": split, "task": task or None, "kinds": roles["kinds"]}
    if wanted == view.setup:
        return
    answer = setup_answer(dataset.id, wanted)
    if answer.error is not None:
        show_error(answer.error["message"], answer.error["remedy"])
        st.caption("The setup before is still in use.")
        st.button("Back to it", icon=":material/undo:", on_click=_back, help="Undo the change that cannot be.")
    elif answer.summary is None:
        st.caption(":material/hourglass_top: Checking the setup.")
        rerun_when(lambda: getattr(datasets.get_setup(database(), answer.id), "status", "") != "queued")
    else:
        change_view(setup=wanted, run_id=None, ghost_id=None)


def _back() -> None:
    """The controls begin anew with what the setup in use says."""
    st.session_state.setup_round = st.session_state.get("setup_round", 0) + 1
    st.session_state.grid = st.session_state.get("grid", 0) + 1
    st.session_state.roles = None


def _split(split: dict[str, Any], names: list[str], key: str) -> dict[str, Any] | None:
    train_end, validation_end = st.slider(
        "Training | validation | test, %",
        0,
        100,
        (round(100 * split["train"]), round(100 * (split["train"] + split["validation"]))),
        key=key + "fractions",
        help="Rows left of the first handle train the model, those between the handles choose the hyperparameters, and those "
        "on the right are locked away until the exam.",
    )
    parts = (train_end, validation_end - train_end, 100 - validation_end)
    st.caption("{} % training · {} % validation · {} % test".format(*parts))
    method = st.selectbox(
        "Draw rows",
        list(METHODS),
        index=list(METHODS).index(split["method"]),
        format_func=METHODS.__getitem__,
        key=key + "method",
        help="In file order suits tables sorted by time. Groups keep, say, all rows of one patient on one side.",
    )
    group = None
    if method == "grouped":
        group = st.selectbox(
            "Group column", names, index=names.index(split["group"]) if split["group"] in names else 0, key=key + "group"
        )
    left, right = st.columns([1, 1.4], vertical_alignment="bottom")
    seed = left.number_input("Split seed", 0, 2**31 - 1, split["seed"], key=key + "seed", help="Another seed draws other rows.")
    keras = right.toggle(
        "Keras's way",
        value=split["keras_validation_split"],
        key=key + "keras",
        help="Take the last part of the training rows for validation, unshuffled, as fit(validation_split=...) does.",
    )
    try:
        return Split(
            train=parts[0] / 100,
            validation=parts[1] / 100,
            test=parts[2] / 100,
            seed=int(seed),
            method=method,
            group=group,
            keras_validation_split=keras,
        ).to_json()
    except UserError as problem:
        show_error(problem.message, problem.remedy)
        st.caption("The split before is still in use.")
        return None
