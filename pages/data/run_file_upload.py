"""A run file from elsewhere: checked, then shown with its curves where its data are here, and its settings anywhere."""

from __future__ import annotations

import secrets

import streamlit as st

from pages.state.database import database
from pages.state.tune_settings import load_settings
from pages.state.view import change_view, current_view
from pages.state.workspace import workspace
from pages.widgets.engine_answer import answer_to, is_still_open
from pages.widgets.errors import show_error
from pages.widgets.text import plain
from pages.widgets.uploads import forget_upload
from tuning_core.export.run_file import MAX_BYTES
from tuning_core.store import datasets, questions

KIND = "run_file"
MENU = "run_file_menu"


def open_run_file() -> None:
    """A small upload field; what it refuses changes nothing."""
    help_text = "A run that somebody exported, from this or another server."
    with st.popover("Open a run file", icon=":material/file_open:", key=MENU, on_change="rerun", help=help_text):
        st.file_uploader(
            "Run file",
            key=(key := f"run_file_{st.session_state.get('run_files', 0)}"),
            accept_multiple_files=False,
            on_change=_open,
            args=(key,),
            label_visibility="collapsed",
            help="JSON, checked value by value; nothing in it is ever run.",
        )
        st.caption("It holds settings, split and curves, but no data. If the same table is here, the run is shown with it.")
    with st.container(key="run_file_answer", gap="small"):  # always there, so that what stands below stays what it is
        _show_answer()
        for kind, words in st.session_state.pop("run_file_said", ()):
            if kind == "error":
                show_error(words)
            else:
                st.caption(f":material/info: {plain(words)}")


def _open(key: str) -> None:
    upload = st.session_state[key]
    if upload is None:
        return
    st.session_state.run_files = st.session_state.get("run_files", 0) + 1
    st.session_state[MENU] = False
    try:
        if upload.size > MAX_BYTES:
            _say("error", f"The file has {upload.size / 2**20:,.0f} MB, but a run file has at most {MAX_BYTES // 2**20} MB.")
            return
        mine = [dataset.id for dataset in datasets.list_datasets(database(), workspace())]
        tables = list(dict.fromkeys([current_view().dataset_id, *mine]))
        spec = {"asked": secrets.token_hex(8), "workspace": workspace(), "tables": tables}
        questions.ask(database(), KIND, spec, given=upload.getvalue())
        st.session_state.run_file_asked = spec
    finally:
        forget_upload(upload)


def _show_answer() -> None:
    """What the engine found in the file, once; until then a word that it is being read."""
    spec = st.session_state.get("run_file_asked")
    if spec is None:
        return
    question = answer_to(KIND, spec)
    if question is None:
        if is_still_open(KIND, spec):
            st.caption(":material/hourglass_top: The run file is being read ...")
        else:  # refused, and said
            del st.session_state.run_file_asked
        return
    del st.session_state.run_file_asked
    found = question.answer or {}
    load_settings({"hyperparameters": found["hyperparameters"], "seeds": found["seeds"]})
    if "run" in found:
        change_view(dataset_id=found["dataset_id"], setup=found["setup"], run_id=found["run"], ghost_id=None)
        _say("info", "The run is opened: its table is on this server, byte by byte the same.")
    else:
        name = found["dataset_name"]
        _say("error", f"The data of this run are not on this server. {found['difference']}")
        _say("info", f"Its settings are on the sliders of the Tune page. Upload {name!r} and open the run file again.")
    st.rerun()


def _say(kind: str, words: str) -> None:
    st.session_state.setdefault("run_file_said", []).append((kind, words))
