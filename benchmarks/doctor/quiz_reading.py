"""From stored trainings of the quiz to curves, and from words to items."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from tuning_core.experiment import SERIES, History
from tuning_core.lessons.quiz import QuizItem, QuizPanel
from tuning_core.lessons.tried_run import LAST, TriedRun


def array(values: Iterable[Any]) -> np.ndarray:
    """Shape (epochs,); None is NaN. As the file stores it, so that what is told of a curve is true of the curve that is shown."""
    return np.array([np.nan if v is None else float(f"{v:.4g}") for v in values], dtype=np.float64)


def end(values: np.ndarray) -> float:
    """The median of the last epochs."""
    return float(np.median(values[-LAST:]))


def history_of(series: Sequence[Sequence[Any]], context: Mapping[str, Any], epochs: int | None = None) -> History:
    """The curves of one training; its first epochs where not all count."""
    rounded = {name: array(values[:epochs]) for name, values in zip(SERIES, series, strict=True)}
    return History.from_arrays(**rounded, context=context)


def table_words(name: str) -> str:
    """concrete.csv@water: concrete, column water."""
    base, _, column = name.partition("@")
    words = base.split(".")[0].removesuffix("_noheader").replace("_", " ")
    return f"{words}, column {column}" if column else words


def tried(run: Mapping[str, Any], name: str) -> TriedRun:
    """A run that has labels."""
    return TriedRun(
        id=name,
        table=table_words(run["table"]),
        history=history_of(run["shown"]["base"], run["context"], run["hyperparameters"]["epochs"]),
        ways={way: (array(series[1]), array(series[2])) for way, series in run["shown"].items()},
        held={way: np.stack([array(seed) for seed in seeds]) for way, seeds in run["held"].items()},
        labels=run["labels"],
        gains=run["gains"],
        truth=run["truth"],
    )


def make_item(
    kind: str,
    run: Mapping[str, Any],
    name: str,
    question: str,
    history: History,
    reasons: Mapping[str, str],
    answer: str,
    *,
    misconception: str = "",
    panels: tuple[QuizPanel, ...] = (),
    unseen: np.ndarray | None = None,
) -> QuizItem:
    """An item with one right answer."""
    return QuizItem(
        id=f"{misconception or kind}-{name}",
        kind=kind,
        table=table_words(run["table"]),
        question=question,
        history=history,
        options=tuple(reasons),
        answer=answer,
        explanations=reasons,
        worth={option: float(option == answer) for option in reasons},
        misconception=misconception,
        panels=panels,
        unseen=np.zeros(0) if unseen is None else unseen,
    )
