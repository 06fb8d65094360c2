"""A chapter of the lessons as plain data: what to read, to predict, to train, to see, to check and to answer. Frozen.

Chapters are TOML files, so that a teacher can write another without code; docs/teaching.md explains every field.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tuning_core.experiment import CrossValidation, Hyperparameters, SearchSpace

TASKS = ("any", "regression", "two classes", "classification")
MEASURES = (
    *("train_last", "val_last", "val_best", "val_kept", "gap", "swings"),
    *("learned", "over_linear", "epochs", "best_epoch", "rare_found", "rare_alarms"),
)  # see `measures.py`
SEARCH_MEASURES = ("best", "median", "worst", "retrained")
RELATIONS = ("below", "above", "close")
INSIDES = ("prediction", "landscape", "weights")


@dataclass(frozen=True)
class Panel:
    """One curve of an experiment: the settings that it is trained with, under a title."""

    title: str
    hyperparameters: Hyperparameters


@dataclass(frozen=True)
class SearchPlan:
    """A search to run instead of panels, with its folds."""

    space: SearchSpace
    cv: CrossValidation | None = None


@dataclass(frozen=True)
class Prediction:
    """What the student commits to before anything is shown.

    Attributes
    ----------
    question : asked first.
    answer : the title of the panel that is right, for "which curve is it?"; several panels are shown without their titles.
    """

    question: str
    answer: str


@dataclass(frozen=True)
class Drawing:
    """A curve to be drawn before it is trained: `part` ("training" or "validation") of a panel, over that panel's epochs."""

    question: str
    panel: str
    part: str


@dataclass(frozen=True)
class Sight:
    """One thing to see on a panel.

    Attributes
    ----------
    finding : the doctor's verdict that is expected there ("" for none).
    insides : which of `INSIDES` shows it inside the panel's network ("" for none).
    """

    panel: str
    text: str
    finding: str = ""
    insides: str = ""


@dataclass(frozen=True)
class Claim:
    """A statement that training can refute: left measure, relation, right measure or number times a factor.

    Attributes
    ----------
    text : the statement in words.
    left, right : (panel, measure); `right` is None where a number is compared with.
    relation : "below" or "above" the right side times `factor`; "close": not farther from it than `factor` times its size.
    value : compared with where there is no right side.
    factor : 0.9 with "below" means at least a tenth lower, 0.1 with "close" at most a tenth apart.
    share : of the seeds that must show it for the claim to hold.
    needs : the task that the claim speaks of, one of `TASKS`.
    """

    text: str
    left: tuple[str, str]
    relation: str
    right: tuple[str, str] | None = None
    value: float = 0.0
    factor: float = 1.0
    share: float = 0.8
    needs: str = "any"


@dataclass(frozen=True)
class Option:
    """One answer of a question, with the reason why it is right or wrong."""

    text: str
    right: bool
    why: str


@dataclass(frozen=True)
class Question:
    """One question with an explained answer for every option; exactly one is right."""

    text: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Chapter:
    """One lesson.

    Attributes
    ----------
    name : of the file, without ".toml"; what links name.
    order : place among the chapters.
    title, text : the heading, and two or three sentences before anything is trained.
    sample : the sample table that it is shown on.
    needs : the task that its experiment needs, one of `TASKS`.
    features : columns of the sample that are used; empty for all.
    panels, seeds : the experiment, curves side by side.
    search : the experiment, where it is a search.
    prediction, drawing : what a student commits to: which curve is which, and a rough line on the axes.
    sights, claims : what to see, and what is checked by training.
    terms : words of the glossary that it explains.
    """

    name: str
    order: int
    title: str
    text: str
    sample: str
    question: Question
    needs: str = "any"
    panels: tuple[Panel, ...] = ()
    seeds: tuple[int, ...] = (0, 1, 2)
    search: SearchPlan | None = None
    prediction: Prediction | None = None
    drawing: Drawing | None = None
    sights: tuple[Sight, ...] = ()
    claims: tuple[Claim, ...] = ()
    terms: tuple[str, ...] = field(default=())
    features: tuple[str, ...] = ()
