"""Runs that were trained elsewhere: kept like own ones, finished from the start, without weights."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from tuning_core.experiment import Trial
from tuning_core.store import curves
from tuning_core.store.database import Database
from tuning_core.store.migrations import NOW
from tuning_core.store.trials import add_trials


def import_run(
    db: Database,
    workspace: str,
    dataset_id: str,
    setup: Mapping[str, Any],
    trials: Sequence[Trial],
    *,
    name: str = "",
    note: str = "",
    run_id: str | None = None,
) -> str:
    """Keep a run with its curves; one setting becomes a manual run, several a sweep. Returns its id, by default a new one.

    Trials are numbered anew, setting by setting, so that a run file cannot claim numbers of its own.
    """
    settings: dict[str, list[Trial]] = {}
    for trial in trials:
        settings.setdefault(json.dumps(trial.hyperparameters.to_json(), sort_keys=True), []).append(trial)
    order = [(number, trial) for number, same in enumerate(settings.values()) for trial in same]
    seeds = sorted({trial.seed for trial in trials})
    found = [same[0].hyperparameters.to_json() for same in settings.values()]
    kind = "manual" if len(found) == 1 else "sweep"
    spec = {"hyperparameters": found[0], "seeds": seeds} if kind == "manual" else {"settings": found, "seeds": seeds}
    run_id = run_id or secrets.token_urlsafe(9)
    db.write(
        f"""INSERT INTO runs (id, workspace, dataset_id, setup, kind, spec, name, note, status, finished)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'finished', {NOW})""",  # nosec B608
        run_id,
        workspace,
        dataset_id,
        json.dumps(dict(setup)),
        kind,
        json.dumps(spec),
        name[:80],
        note,
    )
    rows = [(i, t.hyperparameters.to_json(), t.seed, t.fold, number) for i, (number, t) in enumerate(order)]
    add_trials(db, run_id, rows)
    curves.finish_trials(db, run_id, [replace(trial, number=i, weights=()) for i, (_, trial) in enumerate(order)])
    return run_id
