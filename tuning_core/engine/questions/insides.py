"""Questions of the kind "insides": {"run", "columns", "output"}; how the prediction of the run's first seed grew, epoch by epoch.

No run keeps its weights of every epoch, so the seed is trained once more: the same settings and seed give the same weights.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np

from tuning_core.charts.network import strongest
from tuning_core.engine.questions import stored_trial
from tuning_core.engine.questions.stored_trial import TrialJob
from tuning_core.engine.questions.watch import Watch
from tuning_core.errors import DatasetError, SettingsError
from tuning_core.experiment import History, Trial
from tuning_core.store import Database, datasets
from tuning_core.store.questions import File
from tuning_core.training.fold import Fold
from tuning_core.training.row_splits import fold_number

MOST_WEIGHTS = 1_000_000  # of a network: its weights at all epochs are in memory together
DOTS, ROWS = 200, 300  # training rows on the surface, rows whose predictions are held against the truth
AS_RECORDED = 1e-3  # how far the loss at the kept epoch may be off for the training to count as the same


@dataclass(frozen=True, eq=False)
class Wanted:
    """What the worker needs, besides the spec of the question."""

    job: TrialJob
    spec: dict[str, Any]


def gather(db: Database, spec: dict[str, Any]) -> Wanted:
    """The run's first seed; UserError when it left no model, was recorded with the samples, or its table is gone."""
    job = stored_trial.gather(db, {"run": spec["run"], "trial": 0})
    if job.run.workspace == datasets.SAMPLES:
        raise SettingsError(
            "This curve came with the sample and was not trained here.",
            kind="recorded",
            remedy="Press Train; your own run has insides.",
        )
    if not (datasets.folder(db, job.run.dataset_id) / "table").is_dir():
        raise DatasetError(
            "The table of this run is no longer here, so its training cannot be looked into.",
            kind="no_table",
            remedy="Upload the table again, and train on it.",
        )
    return Wanted(job, spec)


def prepared(job: TrialJob) -> tuple[Trial, Fold]:
    """The trial with its dataset and preparation, and the rows that it trains on."""
    trial, folds = stored_trial.with_dataset(job)
    return trial, folds[fold_number(trial.hyperparameters, 0, 1, False)]


def work(wanted: Wanted, watch: Watch) -> File:
    """JSON of the columns and grids, of some training rows, of predicted and true values of validation rows, and of weights."""
    from tuning_core.prediction.growing_surface import growing_surface, numeric_columns
    from tuning_core.prediction.model import Model
    from tuning_core.training.trajectory import geometric_epochs, trajectories  # TensorFlow

    trial, fold = prepared(wanted.job)
    kept = trial.kept_epoch or 1
    marks = geometric_epochs(len(trial.history), kept)
    watch.begin(marks[-1])
    (path,) = trajectories(
        fold, [trial.hyperparameters], trial.seed, marks, MOST_WEIGHTS, report=watch.report, should_stop=watch.should_stop
    )
    watch.check()
    if kept not in path.epochs:
        raise diverged_now()
    networks = path.weights[1:]
    model = Model.from_trial(replace(trial, weights=path.weights[path.epochs.index(kept)]))
    numeric = numeric_columns(model)
    across, up = wanted.spec.get("columns") or numeric[:2]
    output = _output(model, wanted.spec.get("output"))
    surface = growing_surface(model, networks, (across, up), output)
    answer = {
        "target": model.target,
        "classes": list(model.classes),
        "output": output,
        "epochs": path.epochs[1:],
        "kept": kept,
        "last": len(trial.history),
        "seed": trial.seed,
        "as_recorded": as_recorded(trial.history, path.history, kept),
        "columns": surface.columns,
        "numeric": numeric,
        "values": [short(v) for v in surface.values],
        "surface": short(surface.predicted),
        "dots": _dots(model, trial.dataset, surface.columns),
        "held": _held(model, trial.dataset, networks, output),
        "network": _network(model, networks),
    }
    return File("insides.json", json.dumps(answer, separators=(",", ":")).encode())


def diverged_now() -> SettingsError:
    """For a training that ends earlier here than where it was recorded."""
    return SettingsError(
        "Trained again on this machine, the run diverges before the epoch that it kept.",
        kind="not_reproduced",
        remedy="It was trained elsewhere. Train it here with a smaller learning rate.",
    )


def as_recorded(recorded: History, again: History, kept: int) -> bool:
    """Whether the training was the same once more; one that was imported may come from another version of the libraries."""
    old, new = (h.val_loss if np.isfinite(h.val_loss[kept - 1]) else h.train_loss for h in (recorded, again))
    return bool(np.isclose(old[kept - 1], new[kept - 1], rtol=AS_RECORDED))


def short(values: np.ndarray) -> Any:
    """Lists of numbers with four digits; None where one is not finite."""
    if values.ndim > 1:
        return [short(part) for part in values]
    return [float(f"{v:.4g}") if np.isfinite(v) else None for v in values.tolist()]


def _output(model: Any, asked: Any) -> int:
    """The class whose share is drawn: the second of two, unless another one is asked for."""
    if model.task == "regression":
        return 0
    return int(asked) if asked in range(len(model.classes)) else min(1, len(model.classes) - 1) if len(model.classes) == 2 else 0


def _some(rows: np.ndarray, most: int) -> np.ndarray:
    return np.sort(np.random.default_rng(0).permutation(rows)[:most])


def _truth(model: Any, dataset: Any, rows: np.ndarray) -> np.ndarray:
    """Targets in their own units, or class numbers."""
    values = dataset.target_values[rows]
    return model.preparation.transform_target(values) if model.task == "classification" else np.asarray(values, np.float64)


def _dots(model: Any, dataset: Any, columns: tuple[str, str]) -> dict[str, Any]:
    """Training rows as they are, in both columns."""
    rows = _some(dataset.rows.train, DOTS)
    x, y = (dataset.frame[column].iloc[rows].to_numpy(dtype=np.float64, na_value=np.nan) for column in columns)
    return {"x": short(x), "y": short(y), "truth": short(_truth(model, dataset, rows))}


def _held(model: Any, dataset: Any, networks: Sequence[Any], output: int) -> dict[str, Any]:
    """Rows that did not train, or training rows where there are no others: the truth, and what each network says."""
    from tuning_core.prediction.growing_surface import outputs_of

    own = dataset.rows.validation if len(dataset.rows.validation) else dataset.rows.train
    rows = _some(own, ROWS)
    features = model.preparation.transform(dataset.frame, rows)
    predicted = np.stack([outputs_of(model, weights, features)[:, output] for weights in networks])
    side = "validation" if len(dataset.rows.validation) else "training"
    truth = short(_truth(model, dataset, rows))
    return {"side": side, "rows_in_all": len(own), "truth": truth, "predicted": short(predicted)}


def _network(model: Any, networks: Sequence[Any]) -> dict[str, Any]:
    """The strongest units of the kept network, and the weights between them in every network, shape (networks, lines).

    Lines go from every unit of a layer to every one of the next, layer after layer; a weight is a share of the largest that its
    layer has in the kept network.
    """
    kept = model.weights[::2]
    places = strongest(kept)
    pairs = [np.ix_(a, b) for a, b in pairwise(places)]
    largest = [np.abs(kernel).max() or 1.0 for kernel in kept]
    lines = [
        np.concatenate([(kernel[pair] / most).ravel() for kernel, pair, most in zip(weights[::2], pairs, largest, strict=True)])
        for weights in networks
    ]
    return {
        "sizes": [kept[0].shape[0], *(kernel.shape[1] for kernel in kept)],
        "places": [own.tolist() for own in places],
        "inputs": [model.preparation.feature_names[i] for i in places[0]],
        "lines": [[round(float(v), 3) if np.isfinite(v) else 0.0 for v in line] for line in lines],
    }
