"""The exam itself: `final_exam` counts the look, `examine` computes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from tuning_core.data.dataset.baselines import constant_prediction, learned_target, linear_prediction
from tuning_core.data.dataset.tree_baseline import tree_prediction
from tuning_core.errors import DatasetError, SettingsError
from tuning_core.exam import classes, scores
from tuning_core.exam.ledger import ledger, spread_by_weight
from tuning_core.exam.looks import add_look, other_looks
from tuning_core.exam.report import ExamReport
from tuning_core.exam.scores import Scored, score_models
from tuning_core.experiment import TestSetLook, Trial
from tuning_core.training.scoring import TINY, forward, probabilities
from tuning_core.training.train_session import with_weights


def final_exam(trial: Trial, *, reason: str = "", tried: int | None = None) -> ExamReport:
    """Score a trial on the test rows of its dataset, for the first time or with a look that is counted and shown.

    Parameters
    ----------
    trial : Trial
        Of `tc.train`, `tc.search` or `tc.refit`. Its weights are trained again when they were not kept.
    reason : why the test rows are looked at (again); it is kept with the look.
    tried : configurations that the trial was chosen from; by default `trial.chosen_from`, which `run.best_trial` knows.

    Raises
    ------
    DatasetError, SettingsError
        Without test rows, or for a trial that cannot be examined. Such an attempt is no look.
    """
    check_examinable(trial)
    trial = with_weights(trial)
    looks = add_look(trial.dataset, reason, f"trial {trial.number}")
    return examine(trial, looks=looks, other_looks=other_looks(trial.dataset), tried=tried)


def check_examinable(trial: Trial) -> None:
    """Raise when the trial has no test rows to face, or is no model that anybody would use."""
    if trial.dataset is None or trial.preparation is None:
        raise SettingsError(
            f"Trial {trial.number} does not know its dataset.",
            kind="no_dataset",
            remedy="Examine a trial that tc.train, tc.search or tc.refit gave back.",
        )
    if not len(trial.dataset.rows.test):
        raise DatasetError(
            "The split keeps no test rows, so there is nothing to examine the model on.",
            kind="no_test_rows",
            remedy="Use a split with test rows, such as Split(train=0.7, validation=0.2, test=0.1), and train again.",
        )
    trial.check_model()
    if trial.fold is not None:
        raise SettingsError(
            f"Trial {trial.number} is one fold of a cross-validation; its model knows a part of the training rows only.",
            kind="fold_trial",
            remedy="Examine run.best_trial, which is trained on all training rows.",
        )


def examine(
    trial: Trial,
    *,
    looks: Sequence[TestSetLook] = (),
    other_looks: int = 0,
    tried: int | None = None,
    seed_scores: Sequence[float] = (),
) -> ExamReport:
    """The report on a trial that has its weights; counts nothing itself. `seed_scores`: see `ExamReport`."""
    dataset = trial.dataset
    rows = dataset.rows.test
    tried = trial.chosen_from if tried is None else tried
    outputs = {part: _outputs(trial, at) for part, at in _ledger_rows(trial)}
    trees = _trees(trial)
    predicted = _predictions(trial, outputs["test"])
    actual = dataset.target_values[rows]
    return ExamReport(
        task=dataset.task,
        target=dataset.target,
        classes=dataset.classes,
        loss_name=_loss_name(trial),
        metric_name="mae" if dataset.task == "regression" else "accuracy",
        n_rows=len(rows),
        models=_scored(
            {"model": predicted, **_baselines(trial, rows), **_part(trees, "test")}, actual, dataset.task, _weights(dataset, rows)
        ),
        **_ledgers(trial, outputs, trees, tried),
        predicted=predicted,
        actual=actual,
        rows=rows,
        **(_class_facts(predicted, actual, dataset.classes, _weights(dataset, rows)) if dataset.task == "classification" else {}),
        seed=trial.seed,
        kept_epoch=trial.kept_epoch,
        n_fit=len(_ledger_rows(trial)[0][1]),
        refitted=trial.refitted,
        unknown=scores.why_unknown(actual, dataset.classes),
        seed_scores=tuple(seed_scores),
        tried=tried,
        looks=tuple(looks),
        other_looks=other_looks,
        vault=dataset.vault,
        fingerprint=dataset.fingerprint,
        sha256=dataset.table.sha256,
    )


def metric_by_part(trial: Trial) -> dict[str, float]:
    """Mean absolute error or accuracy of a trial that has its weights, as in `ExamReport.ledger`; counts no look."""
    return {
        part: float(_losses(trial, _predictions(trial, _outputs(trial, at)), at)[1].mean()) for part, at in _ledger_rows(trial)
    }


def _loss_name(trial: Trial) -> str:
    return str(trial.history.context["loss_name"])


def _ledger_rows(trial: Trial) -> list[tuple[str, np.ndarray]]:
    """What the ledger scores; a refitted model has no validation rows of its own."""
    rows = trial.dataset.rows
    if trial.refitted:
        return [("train", np.concatenate([rows.train, rows.validation])), ("test", rows.test)]
    return list(rows.parts())


def _outputs(trial: Trial, rows: np.ndarray) -> np.ndarray:
    return forward(trial.weights, trial.preparation.transform(trial.dataset.frame, rows), trial.hyperparameters.activation)


def _predictions(trial: Trial, outputs: np.ndarray) -> np.ndarray:
    """(rows,) in the target's units, or shares (rows, classes)."""
    if trial.dataset.task == "classification":
        return probabilities(outputs)
    return trial.preparation.inverse_transform_target(outputs[:, 0])


def _baselines(trial: Trial, rows: np.ndarray) -> dict[str, np.ndarray]:
    """Predictions of the constant and the linear model, fitted on the rows that the model was trained on."""
    fit_rows = _ledger_rows(trial)[0][1]
    found = {"constant": constant_prediction(trial.dataset, fit_rows, rows, _loss_name(trial))}
    linear = linear_prediction(trial.dataset, trial.preparation, fit_rows, rows)
    return found if linear is None else {**found, "linear": linear}


def _trees(trial: Trial) -> dict[str, np.ndarray]:
    """Predictions of trees, fitted on the rows that the model was trained on, by part; {} where there are none."""
    parts = _ledger_rows(trial)
    every = np.concatenate([rows for _, rows in parts])
    predicted = tree_prediction(trial.dataset, trial.preparation, parts[0][1], every)
    if predicted is None:
        return {}
    ends = np.cumsum([len(rows) for _, rows in parts])[:-1]
    return dict(zip([name for name, _ in parts], np.split(predicted, ends), strict=True))


def _part(trees: Mapping[str, np.ndarray], name: str) -> dict[str, np.ndarray]:
    return {"trees": trees[name]} if trees else {}


def _weights(dataset: Any, rows: np.ndarray) -> np.ndarray | None:
    """(rows,) how much each row counts; None when all count the same."""
    return None if dataset.weights is None else dataset.weights[rows]


def _scored(models: Mapping[str, np.ndarray], actual: np.ndarray, task: str, weights: np.ndarray | None) -> tuple[Scored, ...]:
    regression = task == "regression"
    statistic, metrics = (
        (scores.number_statistic, scores.NUMBER_METRICS) if regression else (scores.class_statistic, scores.CLASS_METRICS)
    )
    statistics = {name: scores.weighted(statistic(predicted, actual), weights) for name, predicted in models.items()}
    return score_models(statistics, metrics, len(actual))


def _ledgers(trial: Trial, outputs: Mapping[str, np.ndarray], trees: Mapping[str, np.ndarray], tried: int) -> dict[str, Any]:
    loss: dict[str, np.ndarray] = {}
    metric: dict[str, np.ndarray] = {}
    beside: dict[str, tuple[np.ndarray, np.ndarray]] = {}
    for part, at in _ledger_rows(trial):
        if part == "train":
            constant = constant_prediction(trial.dataset, at, at, _loss_name(trial))
            loss["baseline"], metric["baseline"] = _losses(trial, constant, at)
        loss[part], metric[part] = _losses(trial, _predictions(trial, outputs[part]), at)
        if trees:
            beside[part] = _losses(trial, trees[part], at)
    lower = trial.dataset.task == "regression"
    return {
        "ledger": ledger(metric, lower, tried, {part: float(values.mean()) for part, (_, values) in beside.items()}),
        "loss_ledger": ledger(loss, True, tried, {part: float(values.mean()) for part, (values, _) in beside.items()}),
    }


def _losses(trial: Trial, predicted: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Loss and metric of predictions in the target's own units (or shares) on each row; the loss is of what is learned.

    Rows count by their weights: see `spread_by_weight`.
    """
    y, weights = trial.dataset.target_values[rows], _weights(trial.dataset, rows)
    if trial.dataset.task == "classification":
        likely = np.clip(predicted[np.arange(len(y)), y], TINY, 1.0)
        losses, metrics = -np.log(likely), (predicted.argmax(axis=1) == y).astype(np.float64)
    else:
        transform = trial.dataset.target_transform
        error = np.abs(learned_target(predicted, transform) - learned_target(y, transform))
        losses, metrics = error**2 if _loss_name(trial) == "mse" else error, np.abs(predicted - y)
    return spread_by_weight(losses, weights), spread_by_weight(metrics, weights)


def _class_facts(shares: np.ndarray, labels: np.ndarray, names: tuple[str, ...], weights: np.ndarray | None) -> dict[str, Any]:
    bins, error = classes.calibration(shares, labels, weights)
    return {
        "weighted": weights is not None,
        "confusion": classes.confusion(shares, labels, weights),
        "class_scores": classes.class_scores(shares, labels, names, weights),
        "roc": classes.roc_curves(shares, labels, names, weights),
        "calibration": bins,
        "calibration_error": error,
    }
