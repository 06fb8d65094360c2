"""Growing the bank: every run of a group and all its remedies in a few stacks."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import log_loss

from benchmarks.doctor.design import Group, deeper, wider
from tuning_core.diagnosis.judged_by_remedies import judge
from tuning_core.diagnosis.remedies import less_dropout, less_l2
from tuning_core.experiment import SERIES, Hyperparameters, Trial
from tuning_core.training import stack as stacks
from tuning_core.training.fold import Fold, loss_name
from tuning_core.training.planning import plan
from tuning_core.training.specs import TrialSpec, n_params

SEEDS = (0, 1, 2)
stacks.CHUNK_SECONDS = 5.0  # nobody watches these curves grow, and each chunk has its price
VALIDATION, HELD_OUT = 0, 1  # fold numbers: the same training rows, watched on other rows


def grow(group: Group) -> Iterator[dict[str, Any]]:
    """Train a group with and without each remedy; yields runs with curves, context, labels and the gains of remedies.

    Every learning rate gives several runs: the training as planned, and its first parts read as runs of their own.
    """
    folds = _folds(group)
    tasks, names = _tasks(group)
    trials: dict[tuple, Trial] = {}
    for stack in plan(tasks, folds):
        for trial in stacks.train_stack(stack, folds):
            trials[names[trial.number]] = trial
    for rate in group.rates:
        for epochs in {max(20, round(part * group.base.epochs)) for part in group.parts}:
            yield _run(group, folds[VALIDATION], trials, rate, epochs)


def _tasks(group: Group) -> tuple[list[TrialSpec], dict[int, tuple]]:
    wanted: dict[tuple, tuple[Hyperparameters, int, int]] = {}
    e, units = group.base.epochs, group.base.hidden_units
    for rate in group.rates:
        hp = group.base.replace(learning_rate=rate)
        wanted[rate, "validation", 0] = (hp, 0, VALIDATION)
        for seed in SEEDS:
            wanted[rate, "base", seed] = (hp.replace(epochs=3 * e), seed, HELD_OUT)
            wanted[rate, "lr3", seed] = (hp.replace(learning_rate=3 * rate), seed, HELD_OUT)
            wanted[rate, "lr5", seed] = (hp.replace(learning_rate=rate / 5, epochs=2 * e), seed, HELD_OUT)
            wanted[rate, "lr10", seed] = (hp.replace(learning_rate=rate / 10, epochs=2 * e), seed, HELD_OUT)
            wanted[rate, "deep", seed] = (hp.replace(hidden_units=deeper(units)), seed, HELD_OUT)
            for name, changes in _less(hp).items():
                wanted[rate, name, seed] = (hp.replace(epochs=3 * e, **changes), seed, HELD_OUT)
            if wider(units) != units:
                wanted[rate, "wide", seed] = (hp.replace(hidden_units=wider(units)), seed, HELD_OUT)
    names = dict(enumerate(wanted))
    return [TrialSpec(number, *wanted[name]) for number, name in names.items()], names


def _less(hp: Hyperparameters) -> dict[str, dict[str, float]]:
    """What the remedies against too much regularisation change; nothing where there is none."""
    rate = max(hp.dropout_rates, default=0.0)
    changes = {"less_l2": {"l2": less_l2(hp.l2)}} if hp.l2 > 0 else {}
    return changes | ({"less_dropout": {"dropout": less_dropout(rate)}} if rate > 0 else {})


def _run(group: Group, fold: Fold, trials: dict[tuple, Trial], rate: float, epochs: int) -> dict[str, Any]:
    hp = group.base.replace(learning_rate=rate, epochs=epochs)
    curves = _padded(trials[rate, "validation", 0], epochs)

    def both(name: str, length: int) -> np.ndarray | None:
        """Training and held-out loss of the three seeds, shape (seeds, 2, epochs)."""
        if (rate, name, 0) not in trials:
            return None
        return np.stack([_padded(trials[rate, name, seed], length)[1:3] for seed in SEEDS])

    remedies = {
        "epochs3": both("base", 3 * epochs),
        "lr3": both("lr3", epochs),
        "lr5": both("lr5", 2 * epochs),
        "lr10": both("lr10", 2 * epochs),
        "deep": both("deep", epochs),
        "wide": both("wide", epochs),
        "less_l2": both("less_l2", 3 * epochs),
        "less_dropout": both("less_dropout", 3 * epochs),
    }
    judged = judge(curves, remedies, fold.context["dummy_loss"])
    n_features = group.source.x.shape[1]
    context = {**fold.context, "n_params": n_params(hp.hidden_units, n_features, fold.n_outputs), "hyperparameters": hp.to_json()}
    return {
        "table": group.source.name,
        "curves": {name: _rounded(values) for name, values in zip(SERIES, curves, strict=True)},
        "context": context,
        **judged,
    }


def _padded(trial: Trial, epochs: int) -> np.ndarray:
    """Shape (5, epochs); NaN after a training broke off."""
    values = trial.history.matrix()[:, :epochs]
    return np.pad(values, ((0, 0), (0, epochs - values.shape[1])), constant_values=np.nan)


def _rounded(values: np.ndarray) -> list[float | None]:
    return [float(f"{v:.6g}") if np.isfinite(v) else None for v in values]


def _folds(group: Group) -> dict[int, Fold]:
    source = group.source
    train, validation, held_out = group.rows
    mean, scale = source.x[train].mean(0), source.x[train].std(0)
    x = ((source.x - mean) / np.where(scale > 0, scale, 1.0)).astype(np.float32)
    y = source.y
    if source.task == "regression":
        y = (y - y[train].mean()) / y[train].std()
    y = y.astype(np.float32)
    context = {
        "task": source.task,
        "n_classes": source.n_classes,
        "loss_name": loss_name(source.task, source.n_classes, group.base),
        "n_train": len(train),
        "n_validation": len(validation),
        "n_features": x.shape[1],
        **_baselines(source, x, y, train, validation),
    }
    x = np.pad(x, ((0, 0), (0, group.width - x.shape[1])))
    return {
        number: Fold(source.task, source.n_classes, x[train], y[train], x[rows], y[rows], 1.0, context)
        for number, rows in ((VALIDATION, validation), (HELD_OUT, held_out))
    }


def _baselines(source: Any, x: np.ndarray, y: np.ndarray, train: np.ndarray, rows: np.ndarray) -> dict[str, float]:
    """What the constant and a linear model reach on the validation rows."""
    if source.task == "regression":
        line = LinearRegression().fit(x[train], y[train]).predict(x[rows])
        constant = np.full(len(rows), y[train].mean())
        losses = [float(np.mean((p - y[rows]) ** 2)) for p in (constant, line)]
        metrics = [float(np.mean(np.abs(p - y[rows]))) for p in (constant, line)]
    else:
        classes = np.arange(source.n_classes)
        shares = np.bincount(y[train].astype(int), minlength=source.n_classes) / len(train)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model = LogisticRegression(max_iter=500).fit(x[train], y[train])
        line = np.zeros((len(rows), source.n_classes))
        line[:, model.classes_.astype(int)] = model.predict_proba(x[rows])
        tables = (np.tile(shares, (len(rows), 1)), line)
        losses = [float(log_loss(y[rows], np.clip(p, 1e-7, 1), labels=classes)) for p in tables]
        metrics = [float(np.mean(p.argmax(1) == y[rows])) for p in tables]
    return dict(zip(("dummy_loss", "linear_loss", "dummy_metric", "linear_metric"), (*losses, *metrics), strict=True))
