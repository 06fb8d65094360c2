"""The quiz on one's own table: a few settings, each trained with every change that might help, judged on the validation rows.

The test rows stay locked, so that validation rows decide; a verdict is true as far as they can tell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from tuning_core.diagnosis.judged_by_remedies import judge
from tuning_core.experiment import History, Hyperparameters
from tuning_core.lessons.quiz import QuizItem
from tuning_core.lessons.quiz_writing import cure_item, predict_item, verdict_item
from tuning_core.lessons.tried_run import TriedRun

SEEDS = (0, 1, 2)
EPOCHS = 60
RUNS = (
    *(
        Hyperparameters(learning_rate=rate, epochs=EPOCHS, batch_size=32, hidden_units=(32,))
        for rate in (0.0003, 0.004, 0.06, 1.0)
    ),
    Hyperparameters(learning_rate=0.02, epochs=EPOCHS, batch_size=32, hidden_units=()),
)
WORDS = "validation rows"


def own_ways(hp: Hyperparameters) -> dict[str, Hyperparameters]:
    """The changes that are tried on a run, see `TriedRun.ways`; "base" is the run itself for three times the epochs."""
    units, rate, e = hp.hidden_units, hp.learning_rate, hp.epochs
    return {
        "base": hp.replace(epochs=3 * e),
        "lr3": hp.replace(learning_rate=3 * rate),
        "lr5": hp.replace(learning_rate=rate / 5, epochs=2 * e),
        "lr10": hp.replace(learning_rate=rate / 10, epochs=2 * e),
        "deep": hp.replace(hidden_units=(*units, 32) if units else (64, 32)),
        "wide": hp.replace(hidden_units=(128,) if units else (64,)),
    }


def own_settings() -> list[Hyperparameters]:
    """Everything to train, with each of `SEEDS`: the changes of every run one after the other."""
    return [way for hp in RUNS for way in own_ways(hp).values()]


def own_quiz(histories: Mapping[int, History], table: str, name: str) -> list[QuizItem]:
    """Items of trainings that have ended.

    Parameters
    ----------
    histories : by trial number, in the order of `own_settings` and of `SEEDS`; runs that lack one are left out.
    table, name : the table in words, and a name that no other training has.
    """
    per_run = len(own_ways(RUNS[0])) * len(SEEDS)
    items = []
    for place, hp in enumerate(RUNS):
        numbers = range(place * per_run, (place + 1) * per_run)
        if all(number in histories for number in numbers):
            run = _tried(hp, [histories[number] for number in numbers], table, f"own-{name}-{place}")
            items += [item for item in (verdict_item(run), predict_item(run), cure_item(run)) if item is not None]
    items.sort(key=lambda item: ("verdict", "predict", "cure").index(item.kind))
    return [replace(item, unseen=np.zeros(0)) for item in items]  # they are the validation rows, which are drawn already


def _tried(hp: Hyperparameters, histories: Sequence[History], table: str, name: str) -> TriedRun:
    e = hp.epochs
    long = {"base": 3 * e, "lr5": 2 * e, "lr10": 2 * e}
    curves = {
        way: np.stack([_padded(history, long.get(way, e)) for history in histories[i * len(SEEDS) : (i + 1) * len(SEEDS)]])
        for i, way in enumerate(own_ways(hp))
    }  # (seeds, 5, epochs)
    remedies: dict[str, np.ndarray | None] = {way: values[:, 1:3] for way, values in curves.items() if way != "base"}
    remedies |= {"epochs3": curves["base"][:, 1:3], "less_l2": None, "less_dropout": None}
    own = curves["base"][0][:, :e]
    context = {**histories[0].context, "hyperparameters": hp.to_json()}
    judged = judge(own, remedies, float(context["dummy_loss"]))
    return TriedRun(
        id=name,
        table=table,
        history=History.from_matrix(own, context),
        ways={way: (values[0, 1], values[0, 2]) for way, values in curves.items()},
        held={way: values[:, 2] for way, values in curves.items()},
        labels=judged["labels"],
        gains=judged["gains"],
        truth=judged["truth"],
        unseen_words=WORDS,
    )


def _padded(history: History, epochs: int) -> np.ndarray:
    """Shape (5, epochs); NaN after a training broke off."""
    values = history.matrix()[:, :epochs]
    return np.pad(values, ((0, 0), (0, epochs - values.shape[1])), constant_values=np.nan)
