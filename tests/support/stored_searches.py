"""A search as the engine would have written it, with scores that are a function of the setting."""

from __future__ import annotations

import math

import numpy as np

from tuning_core.experiment import Hyperparameters, SearchSpace, Trial
from tuning_core.experiment.history import History
from tuning_core.search_strategies import make_strategy
from tuning_core.store import curves, runs, search_configurations
from tuning_core.store.trials import add_trials

CONTEXT = {"task": "regression", "loss_name": "mse", "metric_name": "mae", "dummy_loss": 4.0, "linear_loss": 2.0}


def score(hp: Hyperparameters) -> float:
    """Best at a learning rate of 0.1 or above; settings above 0.5 diverge."""
    rate = hp.learning_rate
    return math.nan if rate > 0.5 else 1 + (math.log10(rate) + 0.5) ** 2 + hp.batch_size / 1000


def curve_of(hp: Hyperparameters, epochs: int) -> np.ndarray:
    """Five series of shape (epochs,) that fall to the score; NaN in the end where the setting diverges."""
    last = score(hp)
    values = (1.0 if math.isnan(last) else last) + 3 * np.exp(-np.arange(epochs) / 5.0)
    if math.isnan(last):
        values[epochs // 2 :] = np.nan
    return np.tile(values, (5, 1))


def write_search(db, run_id: str, *, ended: int | None = None, epochs: int = 20) -> list[Hyperparameters]:
    """Claim the run; the first `ended` settings (all by default, and then the run) are trained and scored."""
    run = runs.get_run(db, run_id)
    space = SearchSpace.from_json(run.spec["space"])
    runs.claim(db, run_id)
    asked = make_strategy(space).ask()
    each = len(run.spec["seeds"])
    search_configurations.add_settings(db, run_id, [(c.number, c.values, c.hyperparameters) for c in asked])
    rows = [(c.number * each + s, c.hyperparameters.to_json(), s, None, c.number) for c in asked for s in range(each)]
    add_trials(db, run_id, rows)
    for c in asked[: len(asked) if ended is None else ended]:
        status = "diverged" if math.isnan(score(c.hyperparameters)) else "finished"
        history = History.from_matrix(curve_of(c.hyperparameters, epochs), CONTEXT)
        trials = [Trial(c.number * each + s, c.hyperparameters, s, history, status, best_epoch=epochs) for s in range(each)]
        curves.finish_trials(db, run_id, trials)
        search_configurations.score_setting(db, run_id, c.number, status, [score(c.hyperparameters)] * each, [1.5] * each)
    if ended is None:
        runs.finish(db, run_id, "finished")
    return [c.hyperparameters for c in asked]
