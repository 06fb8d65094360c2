"""Sharing by a link: nobody but its owner sees a run or a table before it is shared, and after that is taken back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from pages.state.address import shared_address
from pages.state.database import database
from pages.state.workspace import workspace
from tuning_core.store import datasets, runs, sharing
from tuning_core.store.datasets import SAMPLES, StoredDataset
from tuning_core.store.runs import StoredRun
from tuning_core.store.sharing import VIEW, WORK

MAY = {
    VIEW: "look, compare and export. They can neither stop, name or delete anything, nor open the exam's test rows, nor train "
    "on your table.",
    WORK: "look, compare, export, and train runs of their own on your table. They can neither stop, name or delete what is "
    "yours, nor open the exam's test rows.",
}
CURVES = "these curves, their table, split and settings"
ON_OTHERS = "look, compare and export. They can neither stop, name or delete anything, nor open the exam's test rows."


def share_runs(page: str, query: str, shows: str, shared: Sequence[StoredRun]) -> None:
    """Who may open these runs, the link where somebody may, and what changes that; `shows` is what the link shows."""
    now = (runs.get_run(database(), run.id) for run in shared)  # what a page holds of a run may be from before a press
    own = [run for run in now if run is not None and run.workspace == workspace()]
    tables = [datasets.get_dataset(database(), run.dataset_id) for run in own]
    states = {run.shared for run in own}
    state = None if None in states else VIEW if VIEW in states else WORK if own else VIEW
    own_table = bool(own) and all(table is not None and table.workspace == workspace() for table in tables)
    change = partial(_share_runs, [run.id for run in own])
    _share(page, query, shows, state, MAY if own_table else {VIEW: ON_OTHERS}, change if own else None)


def share_table(dataset: StoredDataset) -> None:
    """The same for a table of one's own."""
    change = partial(_share_table, dataset.id)
    _share("data", f"dataset={dataset.id}", "the table", dataset.shared, MAY, change)


def _share(
    page: str, query: str, shows: str, state: str | None, offers: dict[str, str], change: Callable[[str | None], None] | None
) -> None:
    """`change` is None for what others have shared: then there is nothing to press."""
    key = f"share_{query}_"
    if state is None:
        st.caption(f"Only you can open {shows}. A link works for others once you share it.")
    else:
        address, reachable = shared_address()
        st.code(f"{address}/{page}?{query}", language=None, wrap_lines=True)
        may = offers.get(state, ON_OTHERS)
        st.caption(f"Whoever has this link sees {shows}, and can {may} Nobody can guess it." if change else _of_others(shows))
        if not reachable:
            st.caption(
                "The server listens on this machine only, so the link works nowhere else. Start it with "
                "`--server.address 0.0.0.0` to let others in."
            )
    if change is None:
        return
    with st.container(horizontal=True, gap="small"):
        for mode in offers:
            if mode != state:
                st.button(
                    "Share for viewing" if mode == VIEW else "Share for working",
                    icon=":material/visibility:" if mode == VIEW else ":material/group:",
                    key=key + mode,
                    on_click=change,
                    args=(mode,),
                    help=f"Whoever has the link can {offers[mode]}",
                )
        if state is not None:
            st.button(
                "Stop sharing", icon=":material/link_off:", key=key + "stop", on_click=change, args=(None,),
                help="The link opens nothing any more, at once. Runs that others have trained stay stored and can be seen "
                "again when you share again.",
            )  # fmt: skip


def _of_others(shows: str) -> str:
    return f"Whoever has this link sees {shows}, as long as the owner shares it."


def _share_runs(run_ids: Sequence[str], shared: str | None) -> None:
    for run_id in run_ids:
        sharing.share_run(database(), run_id, workspace(), shared)


def _share_table(dataset_id: str, shared: str | None) -> None:
    sharing.share_table(database(), dataset_id, workspace(), shared)


def is_open_to_class(dataset: StoredDataset) -> bool:
    """Whether whoever has a link can train on a table."""
    return dataset.workspace == SAMPLES or dataset.shared == WORK


def open_to_class(dataset: StoredDataset) -> None:
    """In place of a class's link while the table is not shared for working: what is to be done first."""
    if dataset.workspace != workspace():
        st.caption(":material/lock: This table is not shared for working. Ask its owner to share it, or choose another one.")
        return
    st.caption(":material/lock: Only you can work on this table. Share it, and the link appears.")
    st.button(
        "Share the table for working", icon=":material/group:", key=f"teach_share_{dataset.id}", type="primary",
        on_click=_share_table, args=(dataset.id, WORK), help=f"Whoever has the link can {MAY[WORK]} "
        "Stop it on the Data page, under This table.",
    )  # fmt: skip
