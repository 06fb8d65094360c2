"""A recorded trial made whole again: read from the store by the engine, given its dataset and weights on a worker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from tuning_core.engine import uploads
from tuning_core.engine.worker.messages import FoldSource, TableSource
from tuning_core.engine.worker.tasks import fold_cache
from tuning_core.errors import UserError
from tuning_core.experiment import History, Hyperparameters, Trial, TrialStatus
from tuning_core.experiment.result import no_model
from tuning_core.store import Database, curves, runs, test_set_looks
from tuning_core.store.runs import StoredRun
from tuning_core.store.trials import get_trials
from tuning_core.training.fold_cache import FoldCache
from tuning_core.training.train_session import refit, with_weights


@dataclass(frozen=True, eq=False)
class TrialJob:
    """What a worker needs of one trial; the trial lacks its dataset, and its weights where they were too large to keep."""

    run: StoredRun
    source: TableSource
    trial: Trial
    refit: bool = False


def gather(db: Database, spec: Mapping[str, Any]) -> TrialJob:
    """Read the trial that a question is about, {"run", "trial", "refit"}; it must have ended.

    UserError when it is gone, still training, or left no model. With "refit" it is trained again on training and validation rows.
    """
    run_id, number = str(spec["run"]), int(spec["trial"])
    run = runs.get_run(db, run_id)
    found = [trial for trial in get_trials(db, run_id) if trial.number == number] if run else []
    if run is None or not found:
        raise UserError("This trial is no longer there.", kind="unknown_trial", remedy="Choose another run.")
    stored = found[0]
    if not stored.status.has_model or not stored.epochs:
        raise no_model(number, stored.status)
    trial = Trial(
        number=number,
        hyperparameters=Hyperparameters.from_json(stored.hyperparameters),
        seed=stored.seed,
        history=curves.histories(db, run_id).get(number, History.from_arrays(loss=[])),
        status=stored.status,
        best_epoch=stored.best_epoch,
        stopped_epoch=stored.stopped_epoch,
        fold=stored.fold,
        weights=curves.weights(db, run_id, number),
        chosen_from=test_set_looks.tried(
            db, run.workspace, run.dataset_id, test_set_looks.vault_of(db, run.dataset_id, run.setup) or ""
        ),
    )
    return TrialJob(run, uploads.table_source(db, run.dataset_id), trial, bool(spec.get("refit")))


def whole(job: TrialJob) -> Trial:
    """The trial with dataset, preparation and weights; runs on a worker, because it may have to be trained again.

    A fold of a cross-validation becomes the same setting trained on the dataset's own training rows.
    """
    trial, _ = with_dataset(job)
    return refit(trial) if job.refit else with_weights(trial)


def with_dataset(job: TrialJob) -> tuple[Trial, FoldCache]:
    """The trial with dataset and preparation, on a worker; and what gives the rows that it trains on."""
    folds = fold_cache(FoldSource(job.source, job.run.setup))
    preparation = folds.dataset.prepare(scale_target=job.trial.hyperparameters.scale_target)
    return replace(job.trial, dataset=folds.dataset, preparation=preparation), folds


def recorded_trials(db: Database, run_id: str) -> tuple[Trial, ...]:
    """Every trial of a run with its curves, without dataset and weights."""
    recorded, context = curves.histories(db, run_id), History.from_arrays(loss=[])
    return tuple(
        Trial(
            number=t.number,
            hyperparameters=Hyperparameters.from_json(t.hyperparameters),
            seed=t.seed,
            history=recorded.get(t.number, context),
            status=t.status if t.status.in_file else TrialStatus.STOPPED,
            best_epoch=t.best_epoch,
            stopped_epoch=t.stopped_epoch,
            diverged_epoch=t.diverged_epoch,
            fold=t.fold,
        )
        for t in get_trials(db, run_id)
    )
