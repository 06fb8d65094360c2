"""Questions of the kind "exam": {"run", "trial", "refit", "reason", "look"}; the answer is `ExamReport.to_json()`.

"look" is a word of the page's own making, new for every press of the button: asking again with the same one is the same look.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tuning_core.engine.questions import stored_trial
from tuning_core.engine.questions.stored_trial import TrialJob
from tuning_core.errors import DatasetError, SettingsError
from tuning_core.experiment import TestSetLook
from tuning_core.store import Database, class_exam, test_set_looks


@dataclass(frozen=True, eq=False)
class ExamJob:
    job: TrialJob
    looks: tuple[TestSetLook, ...]
    other_looks: int
    seed_scores: tuple[float, ...]


def gather(db: Database, spec: dict[str, Any]) -> ExamJob:
    """Count the look, then read the trial; a look that cannot give a report is refused before it is counted."""
    job = stored_trial.gather(db, spec)
    run = job.run
    vault_id = checked_vault(db, run.dataset_id, run.setup)
    _check_not_sealed(db, run.workspace, vault_id)
    test_set_looks.add_look(db, spec["look"], run, spec["trial"], vault_id, spec.get("reason", ""))
    looks = test_set_looks.looks(db, run.workspace, vault_id, until=spec["look"])
    others = test_set_looks.other_looks(db, run.workspace, run.dataset_id, vault_id)
    return ExamJob(job, looks, others, _seed_scores(db, job))


def checked_vault(db: Database, dataset_id: str, setup: dict[str, Any]) -> str:
    """The vault of a setup; raises where it has none, or none that is known yet."""
    vault_id = test_set_looks.vault_of(db, dataset_id, setup)
    if vault_id is None:
        raise SettingsError(
            "The split of this run has not been checked yet.", kind="setup_unknown", remedy="Open it on the Tune page first."
        )
    if not setup.get("split", {}).get("test", 0.1):
        raise DatasetError(
            "The split keeps no test rows, so there is nothing to examine the model on.",
            kind="no_test_rows",
            remedy="Choose a split with test rows on the Data page, and train again.",
        )
    return vault_id


def _check_not_sealed(db: Database, workspace: str, vault_id: str) -> None:
    """In a class nobody looks before the others."""
    found = class_exam.sealed_by(db, workspace, vault_id)
    if found is not None:
        raise SettingsError(
            f"These test rows belong to the class {found.name!r}: they are opened once, for all.",
            kind="class_vault",
            remedy="Open them on the class's board." if found.owner == workspace else "Your teacher opens them at the end.",
        )


def _seed_scores(db: Database, job: TrialJob) -> tuple[float, ...]:
    """The metric on the validation rows of all seeds of the same setting, at the epoch that each keeps; none of folds."""
    same = [
        trial
        for trial in stored_trial.recorded_trials(db, job.run.id)
        if trial.fold is None and trial.status.has_model and trial.hyperparameters == job.trial.hyperparameters
    ]
    kept = [(trial.history.val_metric, trial.kept_epoch) for trial in same]
    return tuple(float(curve[epoch - 1]) for curve, epoch in kept if epoch is not None and epoch <= len(curve))


def work(gathered: ExamJob) -> dict[str, Any]:
    """On a worker: the report."""
    from tuning_core.exam import examine

    whole = stored_trial.whole(gathered.job)
    looks, others = gathered.looks, gathered.other_looks
    return examine(whole, looks=looks, other_looks=others, seed_scores=gathered.seed_scores).to_json()
