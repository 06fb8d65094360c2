"""The chosen model in the web process: fetched from the engine once, as plain arrays."""

from __future__ import annotations

from functools import lru_cache

import streamlit as st

from pages.state.database import database
from pages.widgets.engine_answer import answer_to
from pages.widgets.model_picker import Chosen
from tuning_core.prediction import Model, PartialDependence, partial_dependence
from tuning_core.store import questions


def fetch_model(chosen: Chosen, refit: bool) -> tuple[str, Model] | None:
    """(its name, the model); None and a word on the page while the engine still works on it, or when it refused."""
    spec = {"run": chosen.run.id, "trial": chosen.number, "refit": refit}
    question = answer_to("model", spec)
    if question is None:
        waiting = questions.get_question(database(), questions.question_id("model", spec))
        if waiting is not None and waiting.is_open:
            doing = "Training the setting again on training and validation rows" if refit else "Fetching the model"
            st.caption(f":material/hourglass_top: {doing}.")
        return None
    return question.id, loaded_model(question.id)


@lru_cache(maxsize=16)
def loaded_model(identity: str) -> Model:
    """A model that was fetched, by its name."""
    question = questions.get_question(database(), identity)
    assert question is not None
    return Model.from_bytes(questions.file_of(database(), question))


@lru_cache(maxsize=512)
def effect(identity: str, column: str) -> PartialDependence:
    """Of one column of a fetched model, kept: a page shows many of them again and again."""
    return partial_dependence(loaded_model(identity), column, points=24, rows=60)
