"""How the Compare page draws and ranks: by which number, on which scale, against which reference."""

from __future__ import annotations

import streamlit as st

from pages.state.contenders import Entry
from pages.state.view import View, change_view
from pages.widgets.presenting import present_button
from tuning_core.diagnosis.comparison import shared_panels
from tuning_core.experiment.typed_values import MOST_BESIDE


def choose_how(view: View, shown: dict[str, Entry], marks: dict[str, str]) -> tuple[str, bool, bool, bool, str]:
    """Draw the controls; (panel, logarithmic, training curves, bands, letter of the reference)."""
    letters = list(shown)
    panels = panels_of_all(shown)
    chosen_panel = st.session_state.get("compare_panel")
    st.session_state.compare_value = panel = chosen_panel if chosen_panel in panels else panels[0]
    start = {"scale": "linear", "training": False, "bands": len(shown) <= 4, "beside": False}
    chosen = {name: st.session_state.setdefault(f"compare_{name}", first) for name, first in start.items()}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        words = {"loss": "Loss", "rmse": "RMSE", "metric": "Accuracy" if _classify(shown) else "MAE"}
        st.segmented_control(
            "Value", panels, default=panel, format_func=words.get, key="compare_value", required=True, on_change=_set_panel,
            help="The loss is what training makes small; RMSE and MAE are in the target's unit, the accuracy is a share.",
        )  # fmt: skip
        scale = st.segmented_control(
            "Scale", ["linear", "log"], default=chosen["scale"], key="compare_scale", required=True,
            help="On a logarithmic scale equal ratios look equal, and late small gains can be seen.",
        )  # fmt: skip
        reference = letters[0]
        known = {mark: letter for letter, mark in marks.items()}
        if view.reference in known:
            reference = known[view.reference]
        st.session_state.compare_reference = reference
        st.selectbox(
            "Reference", letters, key="compare_reference", width=110, on_change=_set_reference, args=(marks,),
            help="The setting that all others are compared with, seed by seed.",
        )  # fmt: skip
        training = st.toggle(
            "Training", chosen["training"], key="compare_training",
            help="Also the training curves, dashed: a wide gap to the solid line is overfitting.",
        )  # fmt: skip
        bands = st.toggle(
            "Bands",
            chosen["bands"],
            key="compare_bands",
            help="The spread over the seeds: what luck alone does to the curve.",
        )
        st.toggle(
            "Side by side",
            chosen["beside"],
            key="compare_beside",
            disabled=not 1 < len(shown) <= MOST_BESIDE,
            help=f"Each in a panel of its own, on common axes: for two to {MOST_BESIDE}.",
        )
        present_button()
    return panel, scale == "log", training, bands, reference


def panels_of_all(shown: dict[str, Entry]) -> tuple[str, ...]:
    """What all of them can be drawn by; the first is one that a person can read where there is one."""
    return shared_panels([entry.contender for entry in shown.values()])


def _classify(shown: dict[str, Entry]) -> bool:
    return next(iter(shown.values())).contender.classifies


def _set_panel() -> None:
    st.session_state.compare_panel = st.session_state.compare_value


def _set_reference(marks: dict[str, str]) -> None:
    change_view(reference=marks[st.session_state.compare_reference])
