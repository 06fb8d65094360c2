"""The two settings that a "predict the change" item is about, so that they can be trained again where the item was made."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tuning_core.diagnosis.remedies import less_l2
from tuning_core.experiment import Hyperparameters
from tuning_core.lessons.own_quiz import own_ways
from tuning_core.lessons.quiz import QuizItem
from tuning_core.lessons.quiz_words import CHANGES, change_words

ITEM_SEED = 0  # of every recorded curve of such an item
Curves = tuple[np.ndarray, np.ndarray]  # training and validation loss, each of shape (epochs,)


@dataclass(frozen=True, eq=False)
class AskedChange:
    """A run's settings, the same with one thing changed, the change in words, and what was recorded of both."""

    words: str
    before: Hyperparameters
    after: Hyperparameters
    recorded: tuple[Curves, Curves]


def asked_change(item: QuizItem) -> AskedChange | None:
    """What an item of one's own or of the file asks to predict; None where it asks about something else."""
    if item.kind != "predict":
        return None
    hp = Hyperparameters.from_json(item.history.context["hyperparameters"])
    panel = next((panel for panel in item.panels if panel.title == item.answer), item.panels[0])
    recorded = ((item.history.train_loss, item.history.val_loss), panel.runs[0])
    if not item.panels_first:
        return AskedChange(CHANGES["epochs3"], hp, hp.replace(epochs=3 * hp.epochs), recorded)
    ways = own_ways(hp) | {"less_l2": hp.replace(l2=less_l2(hp.l2))}
    words = {name: change_words(name, hp) for name in ways}
    name = next(name for name in ways if f"again with {words[name]};" in item.question)
    return AskedChange(words[name], hp, ways[name].replace(epochs=hp.epochs), recorded)
