"""Questions of the kind "landscape": {"run", "rates"}; the loss around the way of a run's first seed, with other rates' ways."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from tuning_core.engine.questions import insides
from tuning_core.engine.questions.insides import Wanted, short
from tuning_core.engine.questions.watch import Watch
from tuning_core.store import Database

MOST_WEIGHTS = 200_000  # of a network: some hundred vectors of them are in memory together
MOST_RATES = 6
EPOCHS = 32


def gather(db: Database, spec: dict[str, Any]) -> Wanted:
    return insides.gather(db, spec)


def work(wanted: Wanted, watch: Watch) -> dict[str, Any]:
    """JSON of the grid of losses, the variance that its plane holds, and each rate's path on it."""
    from tuning_core.training.landscape import flat, landscape, losses_at
    from tuning_core.training.trajectory import geometric_epochs, trajectories  # TensorFlow

    trial, fold = insides.prepared(wanted.job)
    hp, kept = trial.hyperparameters, trial.kept_epoch or 1
    marks = geometric_epochs(len(trial.history), kept, EPOCHS)
    rates = [hp.learning_rate, *(rate for rate in wanted.spec["rates"][:MOST_RATES] if rate != hp.learning_rate)]
    began = time.perf_counter()
    watch.begin(marks[-1])
    ways = [hp.replace(learning_rate=rate) for rate in rates]
    paths = trajectories(fold, ways, trial.seed, marks, MOST_WEIGHTS, report=watch.report, should_stop=watch.should_stop)
    watch.check()
    trained = time.perf_counter()
    if kept not in paths[0].epochs:
        raise insides.diverged_now()
    found = landscape(fold, hp, paths, kept)
    shapes = [w.shape for w in paths[0].weights[0]]
    drawn = []
    for rate, path in zip(rates, paths, strict=True):
        places, off = found.plane.place(path.weights)
        losses = losses_at(np.stack([flat(w) for w in path.weights]), shapes, fold, hp)
        drawn.append(
            {
                "rate": rate,
                "epochs": list(path.epochs),
                "x": short(places[:, 0]),
                "y": short(places[:, 1]),
                "off": short(off),
                "loss": short(losses),
                "diverged": path.epochs[-1] < marks[-1],
            }
        )
    return {
        "x": short(found.x),
        "y": short(found.y),
        "loss": short(found.loss),
        "side": found.side,
        "rows": found.rows,
        "rows_in_all": found.rows_in_all,
        "loss_name": fold.context["loss_name"],
        "explained": short(found.plane.explained),
        "weights": int(sum(np.prod(s) for s in shapes)),
        "kept": kept,
        "last": len(trial.history),
        "seed": trial.seed,
        "as_recorded": insides.as_recorded(trial.history, paths[0].history, kept),
        "paths": drawn,
        "seconds": {"training": round(trained - began, 2), "landscape": round(time.perf_counter() - trained, 2)},
    }
