"""Answers to "estimate": how many trainings a search is, in how many stacks, and how long it will take here.

See `runs.run_duration`. No row is read, nothing is trained.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from tuning_core.engine import uploads
from tuning_core.engine.runs.machine_speed import MachineSpeed
from tuning_core.engine.runs.run_duration import expected_settings, folds_of, portions_duration, portions_of
from tuning_core.errors import UserError
from tuning_core.experiment import CrossValidation, SearchSpace
from tuning_core.experiment.search_size import check_size, may_stop_early
from tuning_core.store import Database, datasets, engine_status, machine_speed
from tuning_core.training.train_session import check_seeds


def answer(db: Database, spec: dict[str, Any], compiled: Sequence[Collection[Any]] = ()) -> dict[str, Any]:
    """The size of a search, before anything is trained.

    Parameters
    ----------
    spec : {"dataset_id", "setup", "space", "cv", "seeds"}; the last three may lie under "search"
    compiled : the programs that each worker has

    Returns
    -------
    {"settings", "trials", "stacks", "programs", "seconds", "most_seconds", "workers", "early_stopping"}: how many, how long when
    trainings stop as early as they have done here so far and when none does, and whether they may; with a time budget, what fits
    into it.

    Raises
    ------
    UserError
        For a space or setup that cannot be trained, or more trainings than one search may have.
    """
    asked = spec.get("search", spec)
    space, seeds = SearchSpace.from_json(asked["space"]), check_seeds(asked["seeds"])
    cv = CrossValidation.from_json(asked["cv"]) if asked["cv"] else None
    each = len(seeds) * (cv.n_divisions if cv else 1)
    check_size(space, each)
    folds = folds_of(summary_of(db, spec["dataset_id"], spec["setup"]), cv, may_stop_early(space))
    workers, speed = max(1, engine_status.get_engine(db).workers), MachineSpeed.from_json(machine_speed.load(db))
    settings = expected_settings(space)
    portions = list(portions_of(space, settings, seeds, folds))
    stacks = sum(len(portion) for portion in portions)
    programs = len({stack.program_key for portion in portions for stack in portion})
    known = compiled or [()] * workers
    found = portions_duration(portions, folds, speed, known)
    n, seconds = len(settings), found.seconds
    if space.seconds is not None and (seconds > space.seconds or space.n_iter is None):
        share = space.seconds / seconds
        n, stacks, seconds = max(1, round(n * share)), max(1, round(stacks * share)), space.seconds
    return {
        "settings": n,
        "trials": n * each,
        "stacks": stacks,
        "programs": programs,
        "seconds": seconds,
        "most_seconds": found.most_seconds,
        "workers": workers,
        "early_stopping": may_stop_early(space),
    }


def summary_of(db: Database, dataset_id: str, setup: dict[str, Any]) -> dict[str, Any]:
    """The summary of a checked setup; it is checked now when nobody has asked for that yet."""
    stored = datasets.get_setup(db, datasets.setup_id(dataset_id, setup))
    if stored is not None and stored.summary is not None:
        return stored.summary
    found = uploads.check(datasets.folder(db, dataset_id), setup)
    if "error" in found:
        raise UserError(found["error"]["message"], kind=found["error"]["kind"], remedy=found["error"]["remedy"])
    return found["summary"]
