"""Side by side on Tune: a list of values typed once is one press away from as many panels; so are pinned runs."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.state.database import database
from pages.state.queueing import queue_run
from pages.state.tune_settings import settings, spec_from_flat
from pages.state.view import View, change_view, current_view
from pages.state.workspace import workspace
from pages.widgets.price import price
from pages.widgets.train_button import train_button
from tuning_core.errors import UserError
from tuning_core.experiment import Hyperparameters
from tuning_core.experiment.typed_values import MOST_BESIDE, typed_settings
from tuning_core.store import runs

FIELDS = {
    "learning_rate": ("learning rate", "1, 0.01, 1e-7"),
    "batch_size": ("batch size", "1, 2, 10, 16"),
    "units": ("units", "4, 32, 256"),
    "layers": ("hidden layers", "0, 1, 3"),
    "epochs": ("epochs", "10, 50, 200"),
    "patience": ("patience", "2, 10, 40"),
    "dropout": ("dropout", "0, 0.2, 0.5"),
    "l2": ("L2 penalty", "0, 0.001, 0.1"),
    "optimizer": ("optimizer", "sgd, adam, rmsprop"),
    "activation": ("activation", "relu, tanh, linear"),
}
"""What may differ: its words, and a list that shows something."""

KEY = "beside_menu"
HELP = f"Two to {MOST_BESIDE} curves as panels on common axes, from a list of values or from the pinned runs."


def beside_menu(view: View, *, ready: bool) -> None:
    """The button with what it opens."""
    with st.popover("Side by side", icon=":material/view_column:", key=KEY, on_change="rerun", help=HELP):
        name = st.selectbox(
            "What differs",
            list(FIELDS),
            format_func=lambda n: FIELDS[n][0],
            key="beside_field",
            help="Everything else is as set.",
        )
        key = f"beside_values_{name}"
        typed = st.text_input(
            "Values", FIELDS[name][1], key=key, help=f"Two to {MOST_BESIDE}, with commas between them. Each becomes a panel."
        )
        train_button(
            "Train side by side",
            view.dataset_id,
            type="primary",
            icon=":material/play_arrow:",
            key="beside_train",
            on_click=_train,
            args=(name, key),
            disabled=not ready,
            help="One run for each value, with the other settings and the seeds as they are set.",
        )
        if ready:
            _price(view, name, typed)
        pinned = _pinned(view)
        st.button(
            f"Show the {len(pinned)} pinned runs" if len(pinned) > 1 else "Show the pinned runs",
            icon=":material/keep:",
            key="beside_pinned",
            type="tertiary",
            on_click=_show,
            args=(pinned,),
            disabled=len(pinned) < 2,
            help="Pinned runs of this table and target." if len(pinned) > 1 else "Pin two runs or more first.",
        )


def _pinned(view: View) -> tuple[str, ...]:
    """Of this table and target, the oldest first, as they were tried."""
    found = [
        run.id
        for run in runs.list_runs(database(), workspace(), kind="manual")
        if run.pinned and run.dataset_id == view.dataset_id and view.setup and run.setup["target"] == view.setup["target"]
    ]
    return tuple(reversed(found[:MOST_BESIDE]))


def _show(marks: tuple[str, ...]) -> None:
    st.session_state[KEY] = False
    change_view(beside=marks)


def _train(name: str, key: str) -> None:
    """Queue a run for each value and show them; a value that will not do is said, and nothing is trained."""
    view = current_view()
    st.session_state.refusal = None
    try:
        specs = _specs(name, st.session_state[key])
    except UserError as problem:
        st.session_state.refusal = (problem.message, problem.remedy)
        return
    marks = [queue_run(view.dataset_id, view.setup, "manual", one) for one in specs]
    if any(marks):
        _show(tuple(filter(None, marks)))


def _specs(name: str, typed: str) -> list[dict[str, Any]]:
    """The spec of a run for each typed value; UserError where one will not do."""
    spec = spec_from_flat(settings())
    wanted = typed_settings(Hyperparameters.from_json(spec["hyperparameters"]), name, typed)
    return [spec | {"hyperparameters": hp.to_json()} for hp in wanted.values()]


def _price(view: View, name: str, typed: str) -> None:
    """What the panels take, one after the other; nothing where it is seconds, or while the values will not do."""
    try:
        spec = spec_from_flat(settings()) | {"settings": [one["hyperparameters"] for one in _specs(name, typed)]}
    except UserError:
        return
    words = price(view.dataset_id, view.setup, "manual", spec)
    if words:
        st.caption(f":material/schedule: {words}")
