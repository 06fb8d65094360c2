"""The curve of a dot that the teacher has pressed, beside the board, and the ways to show it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.components.live_curve import live_curve
from pages.components.side_by_side import LivePanel, side_by_side
from pages.state.database import database
from pages.state.rights import seen_run
from pages.state.tune_settings import settings_in_words
from pages.state.view import change_view
from pages.state.workspace import workspace
from pages.widgets.errors import show_error
from pages.widgets.text import plain
from tuning_core.charts.style import number
from tuning_core.errors import UserError
from tuning_core.store import classrooms
from tuning_core.store.class_board import BoardRow
from tuning_core.store.classrooms import Board, Classroom
from tuning_core.store.runs import StoredRun
from tuning_core.store.search_configurations import FINAL
from tuning_core.store.trials import StoredTrial, get_trials


def pick(dot: str | None) -> None:
    """Show the curve of a dot ("run setting") from the next page run on; None: of none."""
    st.session_state.class_picked = dot


def picked_row(rows: Sequence[BoardRow]) -> BoardRow | None:
    """The dot that was pressed, as long as the class has it."""
    picked = st.session_state.get("class_picked")
    return next((row for row in rows if f"{row.run_id} {row.setting}" == picked and not row.deleted), None)


def picked_panel(found: Classroom, row: BoardRow, *, height: int, presented: bool) -> None:
    """Whose it is, its settings, its curve, and what can be done with it."""
    run = seen_run(row.run_id)
    if run is None:
        st.caption("This run is not there any more.")
        return
    trials = [t for t in get_trials(database(), run.id) if t.setting == row.setting and t.number < FINAL]
    with st.container(horizontal=True, vertical_alignment="center", key="class_picked_head"):
        score = f": {number(row.score)}" if row.score is not None else ""
        name = plain(row.nickname) if not presented or found.board is Board.NAMED else "A student"
        st.markdown(f"**{name}**, setting {row.number}{score}", width="stretch")
        st.button("", icon=":material/close:", key="class_unpick", type="tertiary", on_click=pick, args=(None,),
                  help="Close the curve.")  # fmt: skip
    if trials:
        spec = {"hyperparameters": trials[0].hyperparameters, "seeds": [t.seed for t in trials]}
        st.caption(plain(settings_in_words(spec)))
    with st.container(key="class_curve_place"):
        _curve(run, row, trials, height=height - 60, large=presented)
    _ways(found, run)


def _curve(run: StoredRun, row: BoardRow, trials: Sequence[StoredTrial], *, height: int, large: bool) -> None:
    """Of a search or a sweep the curves of this one setting."""
    target = run.setup["target"]
    if run.kind == "manual":
        live_curve(run.id, key="class_curve", height=height, live=run.live, target=target, large=large)
        return
    panel = LivePanel(run.id, f"setting {row.number}", tuple(t.number for t in trials))
    side_by_side([panel], key="class_panel", live=run.live, target=target, height=height, large=large)


def _ways(found: Classroom, run: StoredRun) -> None:
    shown = found.shown_run == run.id
    with st.container(horizontal=True, gap="small", key="class_ways"):
        st.button(
            "Stop showing it" if shown else "Show it to all",
            icon=":material/cancel_presentation:" if shown else ":material/present_to_all:",
            key="class_show",
            on_click=_show,
            args=(found, None if shown else run.id),
            help="Every student can open this curve then, and is told so. Nobody's name is said.",
        )
        if run.kind == "manual" and st.button(
            "Project it",
            icon=":material/cast:",
            key="class_project",
            help="The presenter view of this run on Tune. Esc leaves it.",
        ):
            change_view(dataset_id=run.dataset_id, setup=run.setup, run_id=run.id, ghost_id=None, presented=0)
            st.switch_page("tune/page.py")
    if refusal := st.session_state.pop("class_refusal", None):
        show_error(*refusal)


def _show(found: Classroom, run_id: str | None) -> None:
    try:
        classrooms.show_run(database(), found.id, workspace(), run_id)
    except UserError as problem:
        st.session_state.class_refusal = (problem.message, problem.remedy)
