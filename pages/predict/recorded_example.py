"""Predicting before anybody has a model: what it is for, the button that begins, and effects of a recorded model."""

from __future__ import annotations

from functools import lru_cache

import streamlit as st

from pages.predict.partial_effects import show_effects
from pages.state.recorded import recorded_bytes
from pages.widgets.example import begin_on_tune, recorded_example
from tuning_core.prediction import Model, PartialDependence, partial_dependence

SHOWN = 3


def predict_example(ready: bool) -> None:
    """The columns that the recorded model follows most."""
    st.info(
        "Train a model on this table first. It then predicts new rows, by hand or from a file, and shows what each column does.",
        icon=":material/batch_prediction:",
    )
    begin_on_tune("Train a model", ready)
    with recorded_example("predict", "how one model's prediction moves with a column"):
        show_effects(_effects(), SHOWN, 0, shares=False)


@lru_cache(maxsize=1)
def _effects() -> list[PartialDependence]:
    model = Model.from_bytes(recorded_bytes("model.zip"))
    return [partial_dependence(model, column) for column in model.columns]
