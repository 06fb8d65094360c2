"""Under the curve: what the run on screen is, and what can be done with it."""

from __future__ import annotations

import streamlit as st

from pages.state.contenders import mark_of
from pages.state.database import database
from pages.state.tune_settings import load_settings, settings_in_words
from pages.tune.what_if import what_if
from pages.widgets.deletion import delete_run
from pages.widgets.model_actions import model_menu
from pages.widgets.text import plain
from tuning_core.store import runs
from tuning_core.store.runs import StoredRun


def run_bar(run: StoredRun, workspace_id: str) -> None:
    """One line: the settings in words, then what if, put back, pin, name, delete."""
    own = run.workspace == workspace_id
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        name = f"**{plain(run.name)}** · " if run.name else ""
        st.markdown(f"{name}{plain(settings_in_words(run.spec))}", width="stretch")
        what_if(run)
        st.button(
            "To sliders",
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
            _more(run)
    if run.note and not run.live:
        st.caption(plain(run.note))


def _more(run: StoredRun) -> None:
    with st.popover("More", icon=":material/more_horiz:"):
        st.text_input(
            "Name",
            value=run.name,
            key=f"name_{run.id}",
            max_chars=80,
            on_change=_rename,
            args=(run.id,),
            help="Shown in the history and beside the overlaid curve.",
        )
        st.dataframe(_all_settings(run.spec), hide_index=True, height=240)
        st.button(
            "Delete this run",
            icon=":material/delete:",
            key="delete",
            on_click=delete_run,
            args=(run.id,),
            help="The run and its curves. It can be undone.",
        )


def _all_settings(spec: dict) -> dict[str, list[str]]:
    hp = dict(spec["hyperparameters"])
    stop = hp.pop("early_stopping")
    flat = hp | ({f"early_stopping.{k}": v for k, v in stop.items()} if stop else {"early_stopping": "off"})
    flat["seeds"] = spec["seeds"]
    return {"setting": list(flat), "value": [str(v) for v in flat.values()]}


def _pin(run_id: str, pinned: bool) -> None:
    runs.set_pinned(database(), run_id, pinned)


def _rename(run_id: str) -> None:
    runs.rename(database(), run_id, st.session_state[f"name_{run_id}"].strip())
