"""The bar under a run or a search: what it is, and what its owner can do with it: stop, continue, name, delete."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from pages.state.database import database
from pages.state.queueing import continue_run
from pages.widgets.deletion import NOUNS, delete_run
from pages.widgets.text import plain
from pages.widgets.train_button import train_button
from tuning_core.store import runs
from tuning_core.store.runs import StoredRun


def run_bar(run: StoredRun, words: str, buttons: Callable[[], None]) -> None:
    """One line: the name and the run in words, then its buttons; below it why it ended, where somebody should know."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        name = f"**{plain(run.name)}** · " if run.name else ""
        st.markdown(f"{name}{plain(words)}", width="stretch")
        buttons()
    if run.note and not run.live:
        st.caption(plain(run.note))


def stop_button(run_ids: Sequence[str], *, width: int | str = "content") -> None:
    """Ends these runs; what is there is kept. It cannot be pressed where there is none."""
    st.button(
        "Stop",
        icon=":material/stop:",
        key="stop",
        on_click=_stop,
        args=(run_ids,),
        disabled=not run_ids,
        width=width,
        help="Stop after this chunk of epochs and keep what is there.",
    )


def continue_button(run: StoredRun, tip: str, *, width: int | str = "content") -> None:
    """Goes on with a run that has ended before its end."""
    train_button(
        "Continue", run.dataset_id, icon=":material/resume:", key="continue", on_click=continue_run, args=(run.id,), width=width,
        help=tip,
    )  # fmt: skip


def name_and_delete(run: StoredRun, shown: str, between: Callable[[], None] | None = None) -> None:
    """A popover; `shown` says where the name can be seen, `between` draws what stands between both."""
    noun = NOUNS[run.kind]
    with st.popover("More", icon=":material/more_horiz:", help=f"Name or delete this {noun}."):
        st.text_input("Name", value=run.name, key=f"name_{run.id}", max_chars=80, on_change=_rename, args=(run.id,), help=shown)
        if between is not None:
            between()
        st.button(
            f"Delete this {noun}",
            icon=":material/delete:",
            key="delete",
            on_click=delete_run,
            args=(run.id,),
            help=f"The {noun} and all its curves. It can be undone.",
        )


def _stop(run_ids: Sequence[str]) -> None:
    for run_id in run_ids:
        runs.request_stop(database(), run_id)


def _rename(run_id: str) -> None:
    runs.rename(database(), run_id, st.session_state[f"name_{run_id}"].strip())
