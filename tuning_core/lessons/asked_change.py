"""The two settings that a "predict the change" item is about, so that they can be trained again on any table."""

from __future__ import annotations

from dataclasses import dataclass

from tuning_core.diagnosis.remedies import less_l2
from tuning_core.experiment import Hyperparameters
from tuning_core.lessons.own_quiz import own_ways
from tuning_core.lessons.quiz import QuizItem
from tuning_core.lessons.quiz_words import change_words


@dataclass(frozen=True)
class AskedChange:
    """A run's settings, the same with one thing changed, and the change in words."""

    words: str
    before: Hyperparameters
    after: Hyperparameters


def asked_change(item: QuizItem) -> AskedChange | None:
    """What an item of one's own or of the file asks to predict; None where it asks about something else."""
    if item.kind != "predict" or not item.panels_first:
        return None
    hp = Hyperparameters.from_json(item.history.context["hyperparameters"])
    ways = own_ways(hp) | {"less_l2": hp.replace(l2=less_l2(hp.l2))}
    for name, changed in ways.items():
        words = change_words(name, hp)
        if f"again with {words};" in item.question:
            return AskedChange(words, hp, changed.replace(epochs=hp.epochs))
    return None
