"""Files of a trained model: chosen from a list, made by the engine when asked for, and downloaded."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.state.contenders import entries_of
from pages.state.database import database
from pages.state.exam_questions import exam_question_id
from pages.widgets.engine_answer import answer_to
from pages.widgets.errors import show_error
from pages.widgets.file_names import file_name
from pages.widgets.model_picker import best_trial
from tuning_core.export.formats import EXPORT_FORMATS
from tuning_core.store import questions, test_set_looks
from tuning_core.store.runs import StoredRun


def export_menu(run: StoredRun, mark: str) -> None:
    """A list of formats and one button; the download appears when the file is made."""
    st.markdown("**Take home**")
    form = st.selectbox(
        "Format",
        list(EXPORT_FORMATS),
        key=f"format_{mark}",
        format_func=lambda name: EXPORT_FORMATS[name].title,
        label_visibility="collapsed",
        help="What kind of file.",
    )
    st.caption(EXPORT_FORMATS[form].purpose)
    refit = EXPORT_FORMATS[form].of_model and st.toggle(
        "Refit on training + validation",
        key=f"export_refit_{mark}",
        help="Train the setting again on both parts first, for as many epochs as were kept. Only the exam is left to judge it.",
    )
    asked = st.session_state.get("export_asked")
    current = asked is not None and asked[0] == (mark, form, refit)
    if not current:
        st.button(
            "Make the file",
            icon=":material/package_2:",
            key=f"make_{mark}",
            on_click=_ask,
            args=(run, mark, form, refit),
            help="The engine makes it; a model whose weights were not kept is trained again for it.",
        )
        return
    assert asked is not None
    question = answer_to("export", asked[1])
    if question is not None and question.filename is not None:
        st.download_button(
            f"Download {question.filename}",
            data=lambda: questions.file_of(database(), question),
            file_name=file_name(run, question.filename),
            type="primary",
            icon=":material/download:",
            key=f"download_{mark}",
            help="Save it to your disk.",
        )
        return
    waiting = questions.get_question(database(), questions.question_id("export", asked[1]))
    if waiting is not None and waiting.is_open:
        st.caption(":material/hourglass_top: Making the file.")


def _ask(run: StoredRun, mark: str, form: str, refit: bool) -> None:
    """The spec names all that the file depends on, so that a file from before is not taken for one of now."""
    entry = next((entry for entry in entries_of(run) if entry.mark == mark), None)
    if entry is None:
        show_error("This run recorded no epoch, so there is nothing to take home.", "Train it to the end first.")
        return
    number = best_trial(entry)
    vault_id = test_set_looks.vault_of(database(), run.dataset_id, run.setup) or ""
    looks = len(test_set_looks.looks(database(), run.workspace, vault_id))
    spec: dict[str, Any] = {
        "run": run.id,
        "trial": number,
        "refit": refit,
        "format": form,
        "exam": exam_question_id(run, number, vault_id),
    }
    spec["state"] = [run.status, run.finished, run.name, looks]
    questions.ask(database(), "export", spec)
    st.session_state.export_asked = ((mark, form, refit), spec)
