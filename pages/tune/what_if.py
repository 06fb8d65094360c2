"""What if: one setting of the run on screen changed, everything else kept, on the same split and seeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from pages.tune.experiment_actions import try_changes
from pages.widgets.hyperparameter_choices import BATCHES, EPOCHS, HELP, PATIENCES, PENALTIES, RATES
from pages.widgets.train_button import train_button
from tuning_core.experiment import EarlyStopping, Hyperparameters, changes, changes_in_words
from tuning_core.experiment.hyperparameters import ACTIVATIONS
from tuning_core.experiment.optimizers import OPTIMIZERS
from tuning_core.store.runs import StoredRun

SHAPES = ((), (8,), (16,), (32,), (64,), (128,), (256,), (32, 16), (64, 32), (64, 64), (128, 64), (256, 128), (64, 64, 64))
RATES_OF_DROPOUT = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7)
HELP_POPOVER = (
    "Change one thing of this run and train it again on the same split and seeds: the line under the curve then says what "
    "that one change brought, and whether it may be luck."
)
AS_IT_IS = "as it is"


@dataclass(frozen=True)
class ChangeableSetting:
    """A setting that can be changed alone: its field, what it is called, and the values offered."""

    name: str
    label: str
    values: Sequence[Any]
    tip: str

    def wanted(self, hp: Hyperparameters, value: Any) -> dict[str, Any]:
        """As fields of Hyperparameters."""
        if self.name != "early_stopping":
            return {self.name: value}
        rules = (hp.early_stopping or EarlyStopping()).to_json()
        return {"early_stopping": None if value is None else rules | {"patience": value}}


CHANGEABLE = (
    ChangeableSetting("learning_rate", "learning rate", RATES, "learning_rate"),
    ChangeableSetting("batch_size", "batch size", BATCHES, "batch_size"),
    ChangeableSetting("hidden_units", "hidden units", SHAPES, "layers"),
    ChangeableSetting("activation", "activation", ACTIVATIONS, "activation"),
    ChangeableSetting("optimizer", "optimizer", tuple(OPTIMIZERS), "optimizer"),
    ChangeableSetting("epochs", "epochs", EPOCHS, "epochs"),
    ChangeableSetting("early_stopping", "early stopping", (None, *PATIENCES), "patience"),
    ChangeableSetting("dropout", "dropout", RATES_OF_DROPOUT, "dropout"),
    ChangeableSetting("l2", "L2 penalty", PENALTIES, "l2"),
)


def what_if(run: StoredRun) -> None:
    """A popover with two choices and a button; what is in it is built only while it is open."""
    popover = st.popover("What if", icon=":material/fork_right:", key="what_if", on_change="rerun", help=HELP_POPOVER)
    if not popover.open:
        return
    hp = Hyperparameters.from_json(run.spec["hyperparameters"])
    with popover:
        label = st.selectbox("Change only the", [t.label for t in CHANGEABLE], key="what_if_thing", help="Everything else stays.")
        thing = next(t for t in CHANGEABLE if t.label == label)
        words = {_words(hp, thing.wanted(hp, value)) or AS_IT_IS: value for value in thing.values}
        if AS_IT_IS not in words:  # a value between those offered
            words = {AS_IT_IS: None, **words}
        key = f"what_if_{thing.name}"
        if st.session_state.get(key) not in words:  # at first, or chosen for another run
            st.session_state[key] = AS_IT_IS
        at = list(words).index(st.session_state[key])
        chosen = st.selectbox("to", list(words), at, key=key, help=HELP[thing.tip])
        train_button(
            "Train the change",
            run.dataset_id,
            icon=":material/play_arrow:",
            type="primary",
            key="what_if_train",
            disabled=chosen == AS_IT_IS,
            on_click=try_changes,
            args=(run.id, thing.wanted(hp, words[chosen])),
            help="Same split, same seeds. The change is put on the sliders too, and Undo takes it back.",
        )


def _words(hp: Hyperparameters, wanted: dict[str, Any]) -> str:
    """What would differ: "0.01 → 0.03"; "" for the value that the run has already."""
    found = changes(hp, hp.replace(**wanted))
    return changes_in_words(found).removeprefix(f"{found[0].label} ") if found else ""
