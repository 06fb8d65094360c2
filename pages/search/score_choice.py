"""What ranks the settings of a search: a select box, and a word where the loss says nothing."""

from __future__ import annotations

import streamlit as st

from pages.search.axis_widgets import bind, store_in
from pages.search.form import Form
from tuning_core.experiment import Hyperparameters
from tuning_core.experiment.scores import SCORES

HELP = (
    "The number that ranks all settings, measured on the rows that score them, by the weights that each training kept. The loss "
    "is the usual choice. Where classes are rare, macro F1 and balanced accuracy count every class the same; ROC AUC and average "
    "precision look at the order of the probabilities alone. From Python any scorer of scikit-learn ranks as well: "
    "`tc.search(..., score=scorer)`."
)


AUTOMATIC = ""  # a select box takes None for "nothing chosen"


LOG_NOTE = (
    ":material/info: The logarithm of the target is learned: the curves show its loss, but settings are ranked in the target's "
    "own units, so the two numbers differ."
)


def score_choice(form: Form, base: Hyperparameters, task: str, target_transform: str | None = None) -> None:
    """The select box; a score that does not suit the table is given up."""
    names = [name for name, score in SCORES.items() if score.task == task]
    if form["score"] not in names:
        form["score"] = None
    axes = form["axes"]
    automatic = "mean absolute error" if "loss" in axes or base.loss == "mae" else "mean squared error"
    words = {AUTOMATIC: f"{automatic if task == 'regression' else 'cross-entropy'} (automatic)"}
    words |= {name: SCORES[name].words for name in names}
    st.selectbox(
        "Rank by",
        list(words),
        format_func=words.get,
        **bind("score", form["score"] or AUTOMATIC, lambda name: store_in(form, "score")(name or None)),
        help=HELP,
    )
    if target_transform == "log":
        st.caption(LOG_NOTE)
    if "class_weight" in axes and form["score"] in (None, "cross_entropy", "accuracy"):
        st.caption(
            ":material/info: Class weights change what training makes small, so the loss says nothing about which is better: "
            "it rises with them even where rare classes are found."
        )
        st.button(
            "Rank by macro F1",
            icon=":material/balance:",
            on_click=lambda: store_in(form, "score")("macro_f1"),
            help="Every class counts the same, however rare.",
        )
    kept = base.early_stopping is None and base.keep == "best"
    if form["cv"] and kept:
        st.caption(":material/info: Without early stopping no rows of a fold may choose the epoch, so the last weights are kept.")
