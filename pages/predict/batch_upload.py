"""A file of new rows in, predictions out; what had to be done to the rows is said."""

from __future__ import annotations

import streamlit as st

from pages.widgets.errors import show_error
from pages.widgets.file_names import file_name
from pages.widgets.text import plain
from tuning_core.data.safe_csv import to_csv_bytes
from tuning_core.errors import UserError
from tuning_core.prediction import Model, Predictions, predict
from tuning_core.store.runs import StoredRun

MOST_BYTES = 20 * 2**20
SHOWN = 200


def file_of_rows(identity: str, model: Model, run: StoredRun) -> None:
    """Upload, notices, the first predictions, and all of them as a download."""
    left, right = st.columns([2, 1], gap="large", vertical_alignment="bottom")
    with left:
        file = st.file_uploader(
            "New rows",
            key=f"predict_upload_{identity}",
            accept_multiple_files=False,
            help="A CSV with the columns that the model was trained on, in any order; the target is not needed. It is not kept.",
        )
    with right:
        st.download_button(
            "A file to fill in",
            data=to_csv_bytes(model.background.head(3)),
            file_name=file_name(run, "rows-to-predict.csv"),
            mime="text/csv",
            icon=":material/table_rows:",
            help="The columns that the model asks for, with three of its training rows as an example.",
        )
    if file is None:
        st.caption(f"The model asks for: {plain(', '.join(model.columns[:40]))}{' …' if len(model.columns) > 40 else ''}")
        return
    if file.size > MOST_BYTES:
        size = f"{file.size / 2**20:,.1f} MB"
        show_error(f"The file has {size}, but at most {MOST_BYTES // 2**20} MB are predicted at once.", "Cut it into several.")
        return
    try:
        found, file_text = _predicted(identity, file.file_id, model, file.getvalue(), file.name)
    except UserError as problem:
        show_error(problem.message, problem.remedy)
        return
    _show(found, file_text, file_name(run, "predictions.csv"))


def _predicted(identity: str, file_id: str, model: Model, data: bytes, name: str) -> tuple[Predictions, bytes]:
    """Predictions and their file, made before the press: one that a press makes is lost when the page runs again.

    Kept in the session for as long as the same file and model are shown.
    """
    kept = st.session_state.get("predicted")
    if kept is None or kept[0] != (identity, file_id):
        found = predict(model, data, filename=name)
        kept = st.session_state.predicted = ((identity, file_id), (found, found.to_csv()))
    return kept[1]


def _show(found: Predictions, file: bytes, name: str) -> None:
    for notice in found.notices:
        st.caption(f":material/info: {plain(notice.message)}")
    rows = len(found.frame)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        more = f", the first {SHOWN} shown" if rows > SHOWN else ""
        st.markdown(f"**{rows:,} row{'s' if rows != 1 else ''} predicted**{more}", width="content")
        st.download_button(
            "Download predictions",
            data=file,
            file_name=name,
            mime="text/csv",
            type="primary",
            icon=":material/download:",
            help="Your rows with the predictions as further columns. No cell starts a formula in a spreadsheet.",
        )
    added = 1 + (found.values.shape[1] if found.values.ndim == 2 else 0)
    names = list(range(found.frame.shape[1]))
    shown = found.frame.iloc[:SHOWN, names[-added:] + names[:-added]]
    st.dataframe(shown, hide_index=True, width="stretch", height=min(360, 35 * len(shown) + 38))
