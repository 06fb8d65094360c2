"""Finished runs in a store without an engine: recorded curves that a page can show."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tests.support.datasets import SETUP
from tests.support.engine_answers import answer_setups
from tuning_core.experiment import History, Hyperparameters, Trial
from tuning_core.store import Database, curves, datasets, runs, sharing
from tuning_core.store.trials import add_trials

CONTEXT = {"task": "regression", "loss_name": "mse", "metric_name": "mae", "n_params": 833}
LINEAR = Hyperparameters(hidden_units=(), epochs=4)
OF_GALLERY = {"task": "regression", "dummy_loss": 1.0, "linear_loss": 0.5, "n_train": 936, "n_validation": 268}
CLASSES = {"task": "classification", "loss_name": "sparse_categorical_crossentropy", "metric_name": "accuracy"}


def recorded_run(
    db: Database,
    workspace: str,
    settings: Sequence[Hyperparameters],
    *,
    level: float = 10.0,
    seeds: Sequence[int] = (0, 1, 2),
    setup: dict | None = None,
    context: dict | None = None,
    kind: str = "manual",
    dataset_id: str = "insurance",
    weights: tuple[np.ndarray, ...] = (),
) -> str:
    """A finished run: each setting's validation loss ends near `level`, 1 higher for each further setting.

    All its trials have the same `weights`, kernel and bias of each layer.
    """
    spec = {"hyperparameters": settings[0].to_json(), "seeds": list(seeds)}
    run_id = runs.add_run(db, workspace, dataset_id, setup or SETUP, kind, spec)
    runs.claim(db, run_id)
    trials = []
    for i, hp in enumerate(settings):
        for seed in seeds:
            curve = (level + i + 0.1 * seed) * np.array([3.0, 2.0, 1.0, 1.2])
            history = History.from_arrays(curve, curve * 0.9, curve, curve * 0.4, curve * 0.5, CONTEXT | (context or {}))
            trials.append(Trial(len(trials), hp, seed, history, "finished", best_epoch=3, weights=weights))
    add_trials(db, run_id, [(t.number, t.hyperparameters.to_json(), t.seed, None, t.number // len(seeds)) for t in trials])
    curves.finish_trials(db, run_id, trials)
    runs.finish(db, run_id, "finished")
    return run_id


def trained(db, workspace, setup=SETUP, dataset_id="insurance", outputs=1, **more) -> str:
    """A run whose models are linear, with small weights of the right shapes; its setup has been checked."""
    datasets.request_setup(db, dataset_id, setup)
    answer_setups(db)
    stored = datasets.get_setup(db, datasets.setup_id(dataset_id, setup))
    rng = np.random.default_rng(0)
    shape = (stored.summary["encoded_features"], outputs)
    weights = (rng.normal(0, 0.3, shape).astype("f4"), np.zeros(outputs, "f4"))
    return recorded_run(db, workspace, [LINEAR], setup=setup, dataset_id=dataset_id, weights=weights, **more)


def finish_gallery(db, run):
    """Curves as an engine would write them: some that explode and many that fall and settle."""
    runs.claim(db, run.id)
    settings = [Hyperparameters.from_json(hp) for hp in run.spec["settings"]]
    add_trials(db, run.id, [(i, hp.to_json(), 0, None, i) for i, hp in enumerate(settings)])
    for i, hp in enumerate(settings):
        values = 0.2 + 0.8 * np.exp(-np.arange(60) / 5)
        if i < 3:
            values = np.where(np.arange(60) < 10 + i, 2.0 ** np.arange(60), np.nan)
        history = History.from_matrix(np.stack([values] * 5), OF_GALLERY | {"hyperparameters": hp.to_json()})
        curves.finish_trials(db, run.id, [Trial(i, hp, 0, history, "finished", best_epoch=60)])
    runs.finish(db, run.id, "finished")


def all_runs(db):
    return [runs.get_run(db, row["id"]) for row in db.rows("SELECT id FROM runs ORDER BY created, rowid")]


def share(db: Database, *run_ids: str, how: str = "view") -> None:
    """As their owners would."""
    for run_id in run_ids:
        run = runs.get_run(db, run_id)
        sharing.share_run(db, run_id, run.workspace, how)
