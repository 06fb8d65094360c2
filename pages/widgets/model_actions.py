"""Where a trained model can go from here: beside others, into the exam, to new rows, to others."""

from __future__ import annotations

import streamlit as st

from pages.state.contenders import add_to_comparison
from pages.state.workspace import workspace
from pages.widgets.export_menu import export_menu
from pages.widgets.model_picker import pick_model
from pages.widgets.share_link import share_runs
from tuning_core.experiment import RunStatus
from tuning_core.store.runs import StoredRun


def model_menu(run: StoredRun, mark: str) -> None:
    """A popover for a setting of a run that has ended; `mark` names it as in a comparison."""
    if run.live or run.status == RunStatus.FAILED:
        return
    with st.popover(
        "Export & share", icon=":material/arrow_outward:", help="Compare, examine, use, take home or share this model."
    ):
        with st.container(horizontal=True, gap="small"):
            if st.button(
                "Compare",
                icon=":material/compare_arrows:",
                key=f"to_compare_{mark}",
                help="Put it beside others: curves, luck, cost.",
            ):
                add_to_comparison(mark, workspace())
                st.switch_page("compare/page.py")
            if st.button("Exam", icon=":material/lock:", key=f"to_exam_{mark}", help="Score it on the locked test rows, once."):
                pick_model(run.id, mark)
                st.switch_page("exam/page.py")
            tip = "Ask it about new rows: by hand or from a file."
            if st.button("Predict", icon=":material/batch_prediction:", key=f"to_predict_{mark}", help=tip):
                pick_model(run.id, mark)
                st.switch_page("predict/page.py")
        export_menu(run, mark)
        _share(run)


def _share(run: StoredRun) -> None:
    name = "search" if run.kind == "search" else "run"
    st.markdown("**Share**")
    share_runs(name if name == "search" else "tune", f"{name}={run.id}", "table, split, settings and curves", [run])
