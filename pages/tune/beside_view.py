"""Curves side by side in the place of the one curve, and what can be done with them."""

from __future__ import annotations

import streamlit as st

from pages.components.side_by_side import side_by_side
from pages.state.tune_settings import load_settings
from pages.state.view import BETWEEN_MARKS, View, change_view
from pages.widgets.beside import Beside, find_beside, panels_of
from pages.widgets.errors import show_error
from pages.widgets.file_names import file_name
from pages.widgets.share_link import CURVES, share_runs
from pages.widgets.text import plain


def beside_view(view: View, *, target: str, height: int) -> None:
    """The panels of the view's marks; runs that are not here any more are said."""
    curves = find_beside(view.beside or ())
    lost = len(view.beside or ()) - len(curves)
    if lost:
        show_error(f"{lost} of the curves that the link names are not on this server any more.", "The others are shown.")
    if not curves:
        _close_button()
        return
    panels = panels_of(curves)
    side_by_side(
        panels,
        key="beside",
        live=any(curve.run.live for curve in curves),
        target=target,
        file=file_name(curves[0].run, "side-by-side"),
        height=height,
        large=view.presented is not None,
    )
    if view.presented is None:
        _actions(view, curves, [panel.title for panel in panels])


def _actions(view: View, curves: list[Beside], titles: list[str]) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="beside_bar"):
        with st.popover("Link", icon=":material/link:", help="One link that opens the same panels."):
            share_runs("tune", f"beside={BETWEEN_MARKS.join(view.beside or ())}", CURVES, [curve.run for curve in curves])
        _close_button()
        st.caption("Open alone:", width="content")
        for curve, title in zip(curves, titles, strict=True):
            st.button(
                plain(title), key=f"beside_open_{curve.mark}", type="tertiary", on_click=_open, args=(curve,),
                help="Show this curve alone, with its verdict, and put its settings on the sliders.",
            )  # fmt: skip


def _close_button() -> None:
    st.button(
        "One curve", icon=":material/close:", key="beside_close", on_click=change_view, kwargs={"beside": None},
        help="Back to the one curve. The panels' runs stay in the history.",
    )  # fmt: skip


def _open(curve: Beside) -> None:
    run = curve.run
    load_settings({"hyperparameters": curve.hyperparameters.to_json(), "seeds": run.spec["seeds"]})
    shown = run.id if run.kind == "manual" else None
    change_view(dataset_id=run.dataset_id, setup=run.setup, run_id=shown, ghost_id=None)
