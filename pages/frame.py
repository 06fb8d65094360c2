"""What every page has around it: a tight layout, and a word about the engine while it is not ready."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import streamlit as st

from pages.components.page_frame import page_keys
from pages.state.database import database, is_dark
from pages.state.guide import begin_guide
from pages.state.remembered import restore_remembered, save_remembered
from pages.state.view import current_view
from pages.state.waiting import forget_waits, poll_waits, rerun_when
from pages.widgets.class_line import class_line
from pages.widgets.errors import show_error
from pages.widgets.guide_line import guide_line
from pages.widgets.help_menu import help_menu
from pages.widgets.text import plain
from tuning_core.store import datasets, engine_status
from tuning_core.store.backups import last_recovery
from tuning_core.store.free_space import DiskFull, is_full

FOLDER = Path(__file__).parent
LOGO = str(FOLDER / "assets" / "logo.svg")
ENGINE_WORDS = {
    "starting": "The training engine is starting.",
    "warming": "The training engine is warming up: its workers load TensorFlow. You can set things up meanwhile.",
}
AWAY = "The machines that train cannot be reached. Runs are queued until they can; the server's log says why."
RECOVERY_SHOWN = 86400.0  # seconds
STYLES = [
    "\n".join((FOLDER / name).read_text(encoding="utf-8") for name in ("frame.css", theme))
    for theme in ("frame_light.css", "frame_dark.css")
]


def tab_title(page: str) -> str:
    """Of the browser's tab: which page of which table."""
    dataset = datasets.get_dataset(database(), current_view().dataset_id)
    return " · ".join([page, *([dataset.name] if dataset else []), "Tunescope"])


def _say_store() -> None:
    """What befell the store: its disk is full, or a backup is in its place."""
    home = database().home
    if is_full(home):
        st.warning(f"{plain(DiskFull().message)} {plain(DiskFull().remedy)}", icon=":material/hard_disk:")
    recovery = last_recovery(home)
    if recovery is None or not 0 <= time.time() - recovery.at < RECOVERY_SHOWN:
        return
    lost = "No backup was there: the store begins anew."
    if recovery.backup is not None:
        lost = f"A backup of {_moment(recovery.backup)} is in its place; what was done later is lost."
    said = f"The database was damaged when the server started ({_moment(recovery.at)}). {lost} The damaged file is kept."
    st.warning(plain(said), icon=":material/settings_backup_restore:")


def _moment(seconds: float) -> str:
    return time.strftime("%Y-%m-%d, %H:%M", time.localtime(seconds))


@contextmanager
def frame() -> Iterator[None]:
    """Around every page."""
    forget_waits()
    problem = begin_guide()
    restore_remembered()
    st.html(f"<style>{STYLES[is_dark()]}</style>")
    page_keys()
    st.logo(LOGO, size="medium")
    current_view()
    for said in ("lost_link", "not_queued"):
        if refusal := st.session_state.pop(said, None):
            show_error(*refusal)
    if problem is not None:
        show_error(problem.message, problem.remedy)
    if not class_line():
        guide_line()
    state = engine_status.get_engine(database())
    if state.status != "ready":
        words = AWAY if state.detail else ENGINE_WORDS.get(state.status)
        text = words or "The training engine is not running yet. Runs are queued until it is."
        st.caption(f":material/hourglass_top: {text}")
        rerun_when(lambda: engine_status.get_engine(database()).said != state.said)
    _say_store()
    try:
        yield
        help_menu()
    finally:
        with suppress(DiskFull):
            save_remembered()
    poll_waits()
