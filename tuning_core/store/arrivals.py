"""Runs that come from elsewhere: kept as finished ones, with their curves and without weights."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from tuning_core.experiment import Trial
from tuning_core.store import curves
from tuning_core.store.database import Database
from tuning_core.store.trials import add_trials

STATUS = "finished"  # from the first moment, so that no engine takes it for work


def keep_run(
    db: Database,
    workspace: str,
    dataset_id: str,
    trials: Sequence[Trial],
    *,
    setup: Mapping[str, Any],
    name: str = "",
    note: str = "",
) -> str:
    """Keep the trials of a run file (see `tuning_core.export.read_run_file`) beside a dataset of this server; returns the id.

    `note` says where it comes from and, when the data differ, that they do. Several settings become a sweep; of each setting
    and seed one trial is kept, in a cross-validation that of its first fold.
    """
    settings = list({json.dumps(trial.hyperparameters.to_json()): trial.hyperparameters for trial in trials}.values())
    seeds = list(dict.fromkeys(trial.seed for trial in trials))
    kept: dict[int, Trial] = {}
    for trial in sorted(trials, key=lambda trial: (trial.fold or 0, trial.number)):
        number = settings.index(trial.hyperparameters) * len(seeds) + seeds.index(trial.seed)
        kept.setdefault(number, replace(trial, number=number, fold=None))
    listed = [hp.to_json() for hp in settings]
    spec: dict[str, Any] = {"settings": listed, "seeds": seeds}
    if len(settings) == 1:
        spec = {"hyperparameters": listed[0], "seeds": seeds}
    run_id = secrets.token_urlsafe(9)
    db.write(
        "INSERT INTO runs (id, workspace, dataset_id, setup, kind, spec, name, note, status) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        run_id,
        workspace,
        dataset_id,
        json.dumps(dict(setup)),
        "manual" if len(settings) == 1 else "sweep",
        json.dumps(spec),
        name[:80],
        note,
        STATUS,
    )
    add_trials(db, run_id, [(n, t.hyperparameters.to_json(), t.seed, None, n // len(seeds)) for n, t in kept.items()])
    curves.finish_trials(db, run_id, list(kept.values()))
    return run_id
