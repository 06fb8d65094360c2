"""Compare: any runs and settings side by side, and whether a difference is more than luck."""

from __future__ import annotations

import streamlit as st

from pages.compare.picker import choose_contenders
from pages.compare.plots import compare
from pages.compare.presented import presented_comparison, step
from pages.compare.recorded_example import compare_example
from pages.state.contenders import find_entries
from pages.state.database import database
from pages.state.view import current_view
from pages.state.waiting import rerun_when
from pages.state.workspace import workspace
from pages.widgets.contender_labels import letter
from pages.widgets.presenting import listen
from pages.widgets.text import plain
from tuning_core.store import runs

view = current_view()
with st.sidebar:
    marks = choose_contenders(view, workspace())
found, live, lost = find_entries(marks)
for run in live:
    st.caption(f":material/autorenew: {plain(run.name or 'A run')} is still training; its curve joins when it has ended.")
    rerun_when(lambda run_id=run.id: not getattr(runs.get_run(database(), run_id), "live", False))
if lost:
    st.caption(f":material/info: {len(lost)} of what the link names is not on this server any more, or recorded no epoch.")
if found:
    letters = {letter(marks.index(mark)): mark for mark in found}
    shown = {name: found[mark] for name, mark in letters.items()}
    if view.presented is None:
        compare(view, shown, letters)
    else:
        presented_comparison(shown, view.presented)
elif not live:
    compare_example(view, workspace())
listen(step)
