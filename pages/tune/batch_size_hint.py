"""What a batch size means, and the lesson's trick: when it changes, the learning rate can go along."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import streamlit as st

from pages.state.tune_settings import change_settings, launch
from tuning_core.diagnosis.sweep import scaled_rate
from tuning_core.experiment.optimizers import ADAPTIVE

KEY = "batch_before"


@dataclass(frozen=True)
class PreviousBatch:
    """The batch size and the learning rate that went together before the batch size was moved."""

    batch: int
    rate: float


def store_batch_size(flat: dict[str, Any], batch: int) -> None:
    """Take the slider's batch size, and remember where it came from as long as the learning rate stays."""
    before = st.session_state.get(KEY)
    if before is None or before.rate != flat["learning_rate"]:
        st.session_state[KEY] = PreviousBatch(flat["batch_size"], flat["learning_rate"])
    flat["batch_size"] = batch


def batch_note(flat: dict[str, Any], batch: int, n_train: int) -> None:
    """One line under the slider: updates per epoch, or the offer to scale the learning rate along."""
    steps = math.ceil(n_train / batch)
    name = "Stochastic" if batch == 1 else "Full-batch" if batch == n_train else "Mini-batch"
    with st.container(key="batch_note", gap=None):
        before = st.session_state.get(KEY)
        if before is not None and before.rate == flat["learning_rate"]:
            was = min(before.batch, n_train)
            rate = scaled_rate(flat["optimizer"], before.rate, was, batch)
            if rate != before.rate:
                _offer(flat["optimizer"], before.rate, rate, was, batch)
                return
        st.caption(f"{name} gradient descent: {steps:,} update{'s' if steps > 1 else ''} per epoch")


def _offer(optimizer: str, rate: float, new: float, was: int, batch: int) -> None:
    rule = "√ of the batch size" if optimizer in ADAPTIVE else "batch size"
    times = max(batch / was, was / batch)
    st.button(
        f"Scale the rate along: {rate:g} → {new:g}",
        key="scale_rate",
        type="tertiary",
        icon=":material/link:",
        on_click=_scale,
        args=(new,),
        help=f"The batch is {times:.3g} times {'larger' if batch > was else 'smaller'} ({was:,} → {batch:,}), its gradient "
        f"{'steadier' if batch > was else 'noisier'}. With {optimizer}, the learning rate goes with the {rule}. "
        "The rule holds up to the gradient noise scale.",
    )


def _scale(rate: float) -> None:
    st.session_state.pop(KEY, None)
    change_settings(learning_rate=rate)
    if st.session_state.get("auto_run"):
        launch(automatic=True)
