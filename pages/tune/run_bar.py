"""Under the curve: what the run on screen is, and what can be done with it."""

from __future__ import annotations

import json
from functools import lru_cache, partial

import pyarrow as pa
import streamlit as st

from pages.state.contenders import entries_of, mark_of
from pages.state.database import database
from pages.state.tune_settings import load_settings, settings_in_words
from pages.tune.insides import insides_button
from pages.tune.what_if import what_if
from pages.widgets import run_actions
from pages.widgets.contender_labels import score_words
from pages.widgets.model_actions import model_menu
from tuning_core.store import runs
from tuning_core.store.runs import StoredRun

SHOWN = "Shown in the history and beside the overlaid curve."


def run_bar(run: StoredRun, workspace_id: str) -> None:
    """One line: the settings in words, then what if, put back, pin, name, delete."""
    buttons = partial(_buttons, run, own=run.workspace == workspace_id)
    run_actions.run_bar(run, _result_first(run), buttons)


def _buttons(run: StoredRun, own: bool) -> None:
    what_if(run)
    insides_button(run)
    st.button(
        "Load settings",
        icon=":material/undo:",
        key="put_back",
        on_click=load_settings,
        args=(run.spec,),
        help="Put all settings of this run back on the sliders.",
    )
    model_menu(run, mark_of(run))
    if own:
        st.button(
            "Unpin" if run.pinned else "Pin",
            icon=":material/keep:",
            key="pin",
            on_click=_pin,
            args=(run.id, not run.pinned),
            help="Pinned runs stay first in the history and are drawn behind every other curve.",
        )
        run_actions.name_and_delete(run, SHOWN, partial(_all_settings, run.spec))


def _result_first(run: StoredRun) -> str:
    """The one number of a run that has ended, then its settings."""
    entry = None if run.live else next(iter(entries_of(run)), None)
    words = settings_in_words(run.spec)
    return f"{score_words(entry)} · {words}" if entry is not None else words


def _all_settings(spec: dict) -> None:
    st.dataframe(_settings_table(json.dumps(spec)), hide_index=True, height=240)


@lru_cache(maxsize=256)
def _settings_table(spec_json: str) -> pa.Table:
    """As Arrow, so that page runs do not go the way by pandas each time; kept by settings."""
    spec = json.loads(spec_json)
    hp = dict(spec["hyperparameters"])
    stop = hp.pop("early_stopping")
    flat = hp | ({f"early_stopping.{k}": v for k, v in stop.items()} if stop else {"early_stopping": "off"})
    flat["seeds"] = spec["seeds"]
    return pa.table({"setting": list(flat), "value": [str(value) for value in flat.values()]})


def _pin(run_id: str, pinned: bool) -> None:
    runs.set_pinned(database(), run_id, pinned)
