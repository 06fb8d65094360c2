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
from tuning_core.store import Database, test_set_looks


@dataclass(frozen=True, eq=False)
class ExamJob:
    job: TrialJob
    looks: tuple[TestSetLook, ...]
    other_looks: int


def gather(db: Database, spec: dict[str, Any]) -> ExamJob:
    """Count the look, then read the trial; a look that cannot give a report is refused before it is counted."""
    job = stored_trial.gather(db, spec)
    run = job.run
    vault_id = test_set_looks.vault_of(db, run.dataset_id, run.setup)
    if vault_id is None:
        raise SettingsError(
            "The split of this run has not been checked yet.", kind="setup_unknown", remedy="Open it on the Tune page first."
        )
    if not run.setup.get("split", {}).get("test", 0.1):
        raise DatasetError(
            "The split keeps no test rows, so there is nothing to examine the model on.",
            kind="no_test_rows",
            remedy="Choose a split with test rows on the Data page, and train again.",
        )
    test_set_looks.add_look(db, spec["look"], run, spec["trial"], vault_id, spec.get("reason", ""))
    looks = test_set_looks.looks(db, run.workspace, vault_id, until=spec["look"])
    return ExamJob(job, looks, test_set_looks.other_looks(db, run.workspace, run.dataset_id, vault_id))


def work(gathered: ExamJob) -> dict[str, Any]:
    """On a worker: the report."""
    from tuning_core.exam import examine

    return examine(stored_trial.whole(gathered.job), looks=gathered.looks, other_looks=gathered.other_looks).to_json()
