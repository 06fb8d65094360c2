"""Training in this process: what notebooks, scripts and the scikit-learn estimators call."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from tuning_core.errors import SettingsError
from tuning_core.experiment import Hyperparameters, Run, Trial, TrialStatus
from tuning_core.training.fold import make_fold
from tuning_core.training.planning import plan
from tuning_core.training.specs import TrialSpec

if TYPE_CHECKING:
    from tuning_core.training.stack import Report

MAX_SEED = 2**31 - 1


def train(
    dataset: Any,
    hyperparameters: Hyperparameters | None = None,
    seeds: int | Iterable[int] = (0,),
    *,
    report: Report | None = None,
    should_stop: Callable[[], bool] = lambda: False,
) -> Run:
    """Train one setting with one or more seeds on the training rows of a dataset.

    Parameters
    ----------
    dataset : Dataset
    hyperparameters : Hyperparameters, default `Hyperparameters()`
    seeds : initial weights, row order and dropout masks follow from a seed; one trial per seed.
    report, should_stop : see `train_stack`.

    Returns
    -------
    Run with one Trial per seed, in order.

    Raises
    ------
    SettingsError, DatasetError
    """
    run = _train(dataset, hyperparameters or Hyperparameters(), check_seeds(seeds), report, should_stop)
    return replace(run, trials=with_tree_facts(run.trials, dataset))


def _train(
    dataset: Any,
    hp: Hyperparameters,
    seeds: tuple[int, ...],
    report: Report | None = None,
    should_stop: Callable[[], bool] = lambda: False,
) -> Run:
    from tuning_core.training.stack import train_stack  # TensorFlow

    preparation = dataset.prepare(scale_target=hp.scale_target)
    fold = make_fold(dataset, hp, preparation, dataset.rows.train, dataset.rows.validation)
    tasks = [TrialSpec(number, hp, seed) for number, seed in enumerate(seeds)]
    trials = [
        replace(trial, fold=None, dataset=dataset, preparation=preparation)
        for stack in plan(tasks, {0: fold})
        for trial in train_stack(stack, {0: fold}, report=report, should_stop=should_stop)
    ]
    return Run(tuple(sorted(trials, key=lambda trial: trial.number)), dataset)


def with_tree_facts(trials: Iterable[Trial], dataset: Any) -> tuple[Trial, ...]:
    """Those on the dataset's own split with the third baseline in their context: "tree_loss" and "tree_metric"."""
    from tuning_core.data.dataset.tree_baseline import tree_facts, tree_scores  # scikit-learn

    def with_facts(trial: Trial) -> Trial:
        context = trial.history.context
        more = tree_facts(tree_scores(dataset), context)
        return replace(trial, history=replace(trial.history, context={**context, **more}))

    return tuple(with_facts(trial) if trial.fold is None else trial for trial in trials)


def with_weights(trial: Trial) -> Trial:
    """The trial with its weights: trained again when they were not kept. Training is deterministic, so they are the same.

    A fold of a cross-validation is trained on the dataset's own training rows instead.
    """
    if trial.weights and trial.fold is None:
        return trial
    if trial.refitted:
        return replace(_train_on_both(trial.dataset, trial.hyperparameters, trial.seed), chosen_from=trial.chosen_from)
    hp = trial.hyperparameters
    if trial.status == TrialStatus.STOPPED and trial.fold is None:
        hp = hp.replace(epochs=max(1, len(trial.history)))  # the training that was stopped there
    again = _train(trial.dataset, hp, (trial.seed,)).trials[0]
    trees = {name: value for name, value in trial.history.context.items() if name.startswith("tree_")}
    history = replace(again.history, context={**again.history.context, **trees})
    return replace(again, history=history, number=trial.number, chosen_from=trial.chosen_from)


def refit(trial: Trial) -> Trial:
    """Train the trial's setting again on training and validation rows together, for as many epochs as it was kept.

    The epoch was chosen on the validation rows, which take part now, so nothing is left to stop by or to choose by: the curves
    of the new trial have no validation side, and only the exam can judge it. The preparation is fitted on the same rows.

    Raises
    ------
    SettingsError
        For a trial that has no model.
    """
    trial.check_model()
    if trial.refitted:
        return with_weights(trial)
    hp = trial.hyperparameters.replace(epochs=trial.kept_epoch, early_stopping=None, keep="last")
    return replace(_train_on_both(trial.dataset, hp, trial.seed), chosen_from=trial.chosen_from)


def _train_on_both(dataset: Any, hp: Hyperparameters, seed: int) -> Trial:
    from tuning_core.training.stack import train_stack  # TensorFlow

    rows = np.concatenate([dataset.rows.train, dataset.rows.validation])
    preparation = dataset.prepare(rows, hp.scale_target)
    fold = make_fold(dataset, hp, preparation, rows, dataset.rows.validation)
    found = train_stack([TrialSpec(0, hp, seed)], {0: fold})[0]
    context = {name: value for name, value in found.history.context.items() if not name.startswith(("dummy_", "linear_"))}
    blank = np.full(len(found.history), np.nan)  # measured on rows that were trained on: no validation
    history = replace(found.history, val_loss=blank, val_metric=blank, context={**context, "n_validation": 0})
    given = {"dataset": dataset, "preparation": preparation, "refitted": True}
    return replace(found, history=history, best_epoch=None, fold=None, **given)


def check_seeds(seeds: int | Iterable[int]) -> tuple[int, ...]:
    """A tuple of distinct whole numbers from 0 to 2**31 - 1, or SettingsError."""
    values = (seeds,) if isinstance(seeds, int) else tuple(seeds)
    good = all(isinstance(s, int) or hasattr(s, "__index__") for s in values) and all(0 <= s <= MAX_SEED for s in values)
    if not values or not good or len(set(values)) != len(values):
        raise SettingsError(
            f"seeds is {seeds!r}, but seeds must be different whole numbers from 0 to {MAX_SEED:,}.",
            kind="out_of_range",
            remedy="Write seeds=(0, 1, 2).",
        )
    return tuple(int(s) for s in values)
