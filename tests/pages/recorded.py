"""Finished runs in a store without an engine: recorded curves that a page can show."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tuning_core.experiment import History, Hyperparameters, Split, Trial
from tuning_core.store import Database, curves, runs
from tuning_core.store.trials import add_trials

SETUP = {"target": "charges", "features": None, "split": Split().to_json(), "task": None, "kinds": {}}
CONTEXT = {"task": "regression", "loss_name": "mse", "metric_name": "mae", "n_params": 833}


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
