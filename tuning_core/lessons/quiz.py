"""The quiz "read the curve": items from real trainings, each with a reason for every option that is true of this very curve.

What is right was decided by what changes did to rows that nobody had seen, never by a rule on the curve. `python -m
benchmarks.doctor quiz` writes the file; `tried_runs` makes items of one's own trainings in the same way.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from tuning_core.experiment import SERIES, History

FILE = Path(__file__).with_name("quiz.json.gz")
KINDS = {
    "verdict": "Name it",
    "point": "Point at the epoch",
    "predict": "Predict the change",
    "cure": "Choose the cure",
    "luck": "Luck or effect",
    "report": "Which number may be reported",
}
MISCONCEPTIONS = {
    "any_gap": "Any gap is overfitting",
    "validation_below": "Validation below training is a bug",
    "not_a_number": "NaN is the library's fault",
    "accuracy": "82 % accuracy means that it learned",
    "shuffle": "shuffle=True shuffles the split",
    "kept_is_best": "The model kept is the best epoch",
    "one_better_run": "One better run is a better setting",
    "test_rows": "Trying on test rows is fine",
    "lowest_point": "The best rate is the lowest point of a sweep",
    "epochs_or_rows": "A learning curve over epochs is one over rows",
    "no_hidden_layer": "No hidden layer equals regression at once",
    "more_data": "More data cures a swinging loss",
}


@dataclass(frozen=True, eq=False)
class QuizPanel:
    """One of several small curves: `runs` are seeds, each (training, validation) loss, arrays of shape (epochs,)."""

    title: str
    runs: tuple[tuple[np.ndarray, np.ndarray], ...]


@dataclass(frozen=True, eq=False)
class QuizItem:
    """One question on a real training.

    Attributes
    ----------
    id : unique and stable.
    kind : one of `KINDS`.
    table : the table that it was trained on, in words.
    question : in words.
    history : the curve that the question is about.
    options, answer : what can be chosen, and which of them is right.
    explanations : for every option why it is right or wrong here.
    worth : for every option a score from 0 to 1; 1 for the answer. A cure scores by its measured gain.
    verdict : the one verdict that is true of the curve, "" where the item is about something else.
    misconception : the one of `MISCONCEPTIONS` that it is about, or "".
    unseen : loss of the same training on unseen rows, shape (epochs,); empty where it says nothing.
    panels : small curves to choose among ("predict", titled as the options) or to compare ("luck"); of other kinds what the
        answer is seen on, shown with it.
    unseen_words : what `unseen` was measured on.
    made_from : the one of `QUIZ_TABLES` on whose own split and seed the curves come again, or "".
    """

    id: str
    kind: str
    table: str
    question: str
    history: History
    options: tuple[str, ...]
    answer: str
    explanations: Mapping[str, str]
    worth: Mapping[str, float]
    verdict: str = ""
    misconception: str = ""
    unseen: np.ndarray = field(default_factory=lambda: np.zeros(0))
    panels: tuple[QuizPanel, ...] = ()
    unseen_words: str = "unseen rows"
    made_from: str = ""

    @property
    def panels_first(self) -> bool:
        """Whether the panels are part of the question."""
        compared = bool(self.panels) and self.kind == "luck"
        return compared or (self.kind == "predict" and tuple(panel.title for panel in self.panels) == self.options)

    @property
    def curve_first(self) -> bool:
        """Whether the curve of `history` is; it is not where the question compares two settings."""
        return self.kind != "luck" or not self.panels

    def score(self, choice: str) -> float:
        """0 to 1. Of an epoch ("epoch 31", any of them): by the loss on unseen rows that is given away, see `epoch_score`."""
        if choice in self.worth:
            return self.worth[choice]
        if self.kind != "point" or not choice.startswith("epoch "):
            raise ValueError(f"{choice!r} is none of the options {self.options}.")
        return epoch_score(self.unseen, int(choice.removeprefix("epoch ")))

    def to_json(self) -> dict[str, Any]:
        """For the file: losses with four digits."""
        values = {name: getattr(self, name) for name in ("id", "kind", "table", "question", "answer", "verdict", "misconception")}
        curves = {name: _short(getattr(self.history, name)) for name in SERIES}
        panels = [{"title": p.title, "runs": [[_short(v) for v in run] for run in p.runs]} for p in self.panels]
        return {
            **values,
            "unseen_words": self.unseen_words,
            "made_from": self.made_from,
            "options": [[o, self.explanations[o], round(self.worth[o], 3)] for o in self.options],
            "history": {**curves, "context": dict(self.history.context)},
            "unseen": _short(self.unseen),
            "panels": panels,
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> QuizItem:
        names = ("id", "kind", "table", "question", "answer", "verdict", "misconception", "unseen_words", "made_from")
        return cls(
            **{name: values[name] for name in names},
            history=History.from_json(values["history"]),
            options=tuple(option for option, _, _ in values["options"]),
            explanations={option: why for option, why, _ in values["options"]},
            worth={option: worth for option, _, worth in values["options"]},
            unseen=_array(values["unseen"]),
            panels=tuple(
                QuizPanel(p["title"], tuple((_array(train), _array(val)) for train, val in p["runs"])) for p in values["panels"]
            ),
        )


def epoch_score(unseen: np.ndarray, epoch: int) -> float:
    """1 where the loss on unseen rows is within 2 % of its lowest value, 0 from 20 % above on."""
    lost = unseen[epoch - 1] / np.nanmin(unseen) - 1
    return float(np.clip((0.2 - lost) / 0.18, 0.0, 1.0)) if np.isfinite(lost) else 0.0


@lru_cache(maxsize=1)
def quiz_items() -> tuple[QuizItem, ...]:
    """All items of the file, in its order: kinds alternate, and so do tables."""
    with gzip.open(FILE, "rt", encoding="utf-8") as file:
        return tuple(QuizItem.from_json(values) for values in json.load(file))


def _short(values: Any) -> list[float | None]:
    return [float(f"{v:.4g}") if np.isfinite(v) else None for v in values]


def _array(values: Any) -> np.ndarray:
    return np.array([np.nan if v is None else v for v in values], dtype=np.float64)
