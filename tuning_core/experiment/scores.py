"""Scores: the one number that ranks the settings of a search. Names and directions; `training.score_values` computes them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tuning_core.errors import SettingsError
from tuning_core.experiment.axes import Choice
from tuning_core.experiment.space import SearchSpace


@dataclass(frozen=True)
class Score:
    """What a search is ranked by, measured on the rows that score a setting, in the target's own units.

    Rows count by the dataset's weights, as scikit-learn's `sample_weight`, and never by those of their class.

    Attributes
    ----------
    name : as in `tc.search(score=...)`.
    words : for a person.
    task : "regression", "classification", or "" for a scikit-learn scorer.
    greater_is_better : as for R2 and accuracy; 1 is then the best that can be reached, but for scorers.
    scorer : scikit-learn's ``scorer(estimator, X, y)``; None for those named here.
    """

    name: str
    words: str
    task: str = ""
    greater_is_better: bool = False
    scorer: Callable[..., float] | None = field(default=None, compare=False)

    def as_loss(self, value: float) -> float:
        """The score turned so that lower is better, for strategies and charts: 1 - score where greater is better."""
        return 1.0 - value if self.greater_is_better else value

    @property
    def loss_words(self) -> str:
        """What `as_loss` gives, in words."""
        return f"1 − {self.words}" if self.greater_is_better else self.words


SCORES = {
    score.name: score
    for score in (
        Score("mse", "mean squared error", "regression"),
        Score("rmse", "root mean squared error", "regression"),
        Score("mae", "mean absolute error", "regression"),
        Score("median_absolute_error", "median absolute error", "regression"),
        Score("r2", "R²", "regression", True),
        Score("cross_entropy", "cross-entropy", "classification"),
        Score("accuracy", "accuracy", "classification", True),
        Score("balanced_accuracy", "balanced accuracy", "classification", True),
        Score("macro_f1", "macro F1", "classification", True),
        Score("roc_auc", "ROC AUC", "classification", True),
        Score("average_precision", "average precision", "classification", True),
    )
}


RECORDED_LOSS = Score("loss", "loss")  # what searches were ranked by before a score was a choice

MEANS_OVER_ROWS = ("loss", "mse", "rmse", "mae", "r2", "cross_entropy", "accuracy", "balanced_accuracy")


def losses_of(space: SearchSpace) -> set[str]:
    """The losses that settings of a space minimise, of a regression: "mse" or "mae" or both."""
    axis = space.axes.get("loss")
    found = set(axis.options) if isinstance(axis, Choice) else {space.base.loss}
    found |= {hp.loss for hp in space.include}
    return {"mse" if loss == "auto" else loss for loss in found}


def default_score(space: SearchSpace, task: str) -> Score:
    """The loss that all settings minimise; where they minimise different ones, the mean absolute error."""
    if task == "classification":
        return SCORES["cross_entropy"]
    return SCORES["mse" if losses_of(space) == {"mse"} else "mae"]


def resolve_score(score: Any, space: SearchSpace, task: str) -> Score:
    """The score that is meant: None for the default, a name of `SCORES`, or a scorer of scikit-learn or its name.

    SettingsError for what is none of these, or does not suit the task.
    """
    if score is None:
        return default_score(space, task)
    if isinstance(score, Score):
        return score
    if callable(score):
        return Score(_name_of(score), _name_of(score), greater_is_better=True, scorer=score)
    if score in SCORES:
        found = SCORES[score]
        if found.task != task:
            raise _unknown(f"The score {score!r} is for {found.task}, but the target is one of {task}.", task)
        return found
    from sklearn.metrics import get_scorer, get_scorer_names

    if score in get_scorer_names():
        return Score(str(score), str(score).replace("_", " "), greater_is_better=True, scorer=get_scorer(score))
    raise _unknown(f"The score {str(score)[:60]!r} is not known.", task)


def stored_score(name: str | None) -> Score:
    """The score that a stored search names; one without a name was ranked by its loss."""
    return SCORES[name] if name else RECORDED_LOSS


def _name_of(scorer: Any) -> str:
    return str(getattr(getattr(scorer, "_score_func", scorer), "__name__", type(scorer).__name__))


def _unknown(message: str, task: str) -> SettingsError:
    names = ", ".join(name for name, score in SCORES.items() if score.task == task)
    return SettingsError(message, kind="unknown_choice", remedy=f"Choose one of {names}, or give a scorer of scikit-learn.")
