"""Scores as scikit-learn's functions in exported source."""

from __future__ import annotations

from typing import Any

from tuning_core.errors import SettingsError
from tuning_core.experiment.scores import Score

FUNCTIONS = {
    "mse": "mean_squared_error",
    "rmse": "root_mean_squared_error",
    "mae": "mean_absolute_error",
    "median_absolute_error": "median_absolute_error",
    "r2": "r2_score",
    "cross_entropy": "log_loss",
    "accuracy": "accuracy_score",
    "balanced_accuracy": "balanced_accuracy_score",
    "macro_f1": "f1_score",
    "roc_auc": "roc_auc_score",
    "average_precision": "average_precision_score",
}
OF_LABELS = ("accuracy", "balanced_accuracy", "macro_f1")
AREAS = ("roc_auc", "average_precision")


def score_call(name: str, n_classes: int, target: str, weights: str) -> str:
    """An expression for the score of `found`: predictions, guessed class numbers, or shares (of the second of two classes).

    `weights` : an expression for the rows' weights, "" for equal ones.
    """
    function, more = FUNCTIONS[name], f", sample_weight={weights}" if weights else ""
    if name == "macro_f1":
        more += ', average="macro", zero_division=0'
    if name == "cross_entropy":
        more += f", labels=np.arange({max(2, n_classes)})"
    if name in AREAS and n_classes > 2:
        one = f"metrics.{function}({target} == k, found[:, k]{more})"
        return f"np.mean([{one} for k in np.unique({target})])"
    return f"metrics.{function}({target}, found{more})"


def score_code(dataset: Any, score: Score) -> str:
    """Source of the function `score(model, X, y)` for GridSearchCV: greater is better, rows count by their weights."""
    if score.scorer is not None:
        raise SettingsError(
            f"The search is ranked by {score.name!r}, a scorer of its own, which a script cannot write down.",
            kind="unknown_choice",
            remedy="Rank by one of the named scores, or export the curves.",
        )
    n_classes = len(dataset.classes)
    asked = "model.predict(X)"
    if dataset.task == "classification" and score.name not in OF_LABELS:
        asked = "model.predict_proba(X)" + ("[:, 1]" if n_classes <= 2 and score.name in AREAS else "")
    sign = "" if score.greater_is_better else "-"
    call = score_call(score.name, n_classes, "y", "" if dataset.weights is None else "w[X.index]")
    return f'def score(model, X, y):\n    """{score.words}"""\n    found = {asked}\n    return {sign}{call}\n'
