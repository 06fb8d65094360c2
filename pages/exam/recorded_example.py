"""An exam before anybody has a model to examine: why there is one, the button that begins, and a recorded report."""

from __future__ import annotations

import json
from functools import lru_cache

import streamlit as st

from pages.exam.report_view import show_summary
from pages.state.recorded import recorded_bytes
from pages.widgets.example import begin_on_tune, recorded_example
from tuning_core.exam.report import ExamReport


def exam_example(ready: bool) -> None:
    """Its rows are training rows of the sample: no locked row was looked at for it."""
    st.info(
        "Train a model on this split first. The exam then scores the one that you choose on rows that nobody chose it by, once.",
        icon=":material/lock:",
    )
    begin_on_tune("Train a model", ready)
    with recorded_example("exam", "the exam of a model whose test rows are training rows here, so that yours stay locked"):
        show_summary(_report())


@lru_cache(maxsize=1)
def _report() -> ExamReport:
    return ExamReport.from_json(json.loads(recorded_bytes("exam.json")))
