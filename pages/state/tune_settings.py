"""The hyperparameters on the sliders: kept in the session, launched as runs, put back from runs."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.state.database import database
from pages.state.queueing import queue_run
from pages.state.rights import held_back
from pages.state.view import change_view, current_view
from tuning_core.errors import UserError
from tuning_core.experiment import EarlyStopping, Hyperparameters
from tuning_core.store import runs

# where a first run reads "healthy" on most tables: docs/curve-doctor.md, "Where the sliders start"
START = Hyperparameters(learning_rate=0.002, batch_size=32, epochs=200, early_stopping=EarlyStopping(patience=20))
START_SEEDS = 5
PREFIX = "set_"  # of the keys of widgets


def settings() -> dict[str, Any]:
    """The session's settings: the fields of Hyperparameters, early stopping spread out, and the number of seeds."""
    if "settings" not in st.session_state:
        run = runs.get_run(database(), current_view().run_id or "")
        st.session_state.settings = flat_from_spec(run.spec) if run and run.kind == "manual" else flat_from_spec(None)
    return st.session_state.settings


def flat_from_spec(spec: dict[str, Any] | None) -> dict[str, Any]:
    """A manual run's spec as flat settings; None gives the starting point."""
    spec = spec or {"hyperparameters": START.to_json(), "seeds": list(range(START_SEEDS))}
    hp = Hyperparameters.from_json(spec["hyperparameters"])
    stop = hp.early_stopping or EarlyStopping()
    flat = hp.to_json()
    flat.pop("early_stopping")
    return flat | stop.to_json() | {"stops_early": hp.early_stopping is not None, "seeds": len(spec["seeds"])}


def spec_from_flat(flat: dict[str, Any]) -> dict[str, Any]:
    """The spec of a manual run with these settings; SettingsError names what is wrong."""
    values = dict(flat)
    seeds = list(range(int(values.pop("seeds"))))
    stops = values.pop("stops_early")
    stop = {name: values.pop(name) for name in EarlyStopping().to_json()}
    values["early_stopping"] = stop if stops else None
    return {"hyperparameters": Hyperparameters.from_json(values).to_json(), "seeds": seeds}


def present_spec() -> dict[str, Any] | None:
    """The spec of a manual run with the settings of the session; None while they are not valid."""
    try:
        return spec_from_flat(settings())
    except UserError:
        return None


def load_settings(spec: dict[str, Any]) -> None:
    """Put a run's settings on the sliders."""
    st.session_state.settings = flat_from_spec(spec)
    _forget_widgets()


def change_settings(**changes: Any) -> None:
    """Put some settings on the sliders and leave the others."""
    settings().update(changes)
    _forget_widgets()


def _forget_widgets() -> None:
    before = st.session_state.setdefault("unsent", {})
    for name in list(st.session_state):
        if str(name).startswith(PREFIX):
            before.setdefault(name, st.session_state[name])
            del st.session_state[name]


def is_stale(key: str, value: Any) -> bool:
    """Whether a browser says only what it had before other settings were loaded: the page run that tells it was ended early."""
    return value == st.session_state.get("unsent", {}).get(key)


def settings_are_sent() -> None:
    """At the end of the page: the browser has what was loaded, and what it says now is what a person did."""
    st.session_state.pop("unsent", None)


def launch(*, automatic: bool = False) -> None:
    """Queue a run of the current settings and show it; what was shown becomes the ghost behind it.

    An automatic one waits, unsaid, for the next change while the class is paused.
    Between quick moves of a slider a run is stopped before it is whole; the ghost then stays the last whole one.
    """
    view = current_view()
    st.session_state.refusal = None
    if view.setup is None or (automatic and held_back(view.dataset_id)):
        return
    try:
        spec = spec_from_flat(settings())
    except UserError as problem:
        st.session_state.refusal = (problem.message, problem.remedy)
        return
    before_id = view.run_id if automatic else None
    run_id = queue_run(view.dataset_id, view.setup, "manual", spec, automatic=automatic, supersedes=before_id)
    if run_id is None:
        return
    before = runs.get_run(database(), view.run_id) if view.run_id else None
    cut_off = automatic and before is not None and not before.whole
    change_view(run_id=run_id, ghost_id=view.ghost_id if cut_off and view.ghost_id else view.run_id)


def settings_in_words(spec: dict[str, Any]) -> str:
    """A run's settings in one line."""
    hp = Hyperparameters.from_json(spec["hyperparameters"])
    layers = " → ".join(f"{u:,}" for u in hp.hidden_units) if hp.hidden_units else "no hidden layer"
    words = [
        f"{hp.optimizer} {hp.learning_rate:g}",
        f"batch {hp.batch_size:,}",
        f"{layers} {hp.activation if hp.hidden_units else ''}".strip(),
    ]
    words.append(f"{hp.epochs:,} epochs")
    if hp.early_stopping:
        words.append(f"patience {hp.early_stopping.patience}")
    if any(hp.dropout_rates):
        words.append(f"dropout {', '.join(f'{r:g}' for r in sorted(set(hp.dropout_rates)))}")
    if hp.l2:
        words.append(f"L2 {hp.l2:g}")
    words.append(f"{len(spec['seeds'])} seed{'s' if len(spec['seeds']) > 1 else ''}")
    return " · ".join(words)
