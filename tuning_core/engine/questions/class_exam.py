"""Questions of the kind "class_exam": {"classroom"}; the answer is the same, the numbers stand in `store.class_exam`.

One question a class: asking again opens nothing twice, it only scores what a fault has left unscored.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from tuning_core.engine.questions import stored_trial
from tuning_core.engine.questions.exam import checked_vault
from tuning_core.engine.questions.stored_trial import TrialJob
from tuning_core.errors import UserError
from tuning_core.store import Database, class_exam, classrooms

log = logging.getLogger("tunescope.engine")


@dataclass(frozen=True, eq=False)
class Examinee:
    """The models of one member, one a seed; `error` says why there is none."""

    workspace: str
    jobs: tuple[TrialJob, ...]
    error: str = ""


def gather(db: Database, spec: dict[str, Any]) -> list[Examinee]:
    """Open the vault, once, with a look for each member; then read the models."""
    classroom = classrooms.get_classroom(db, str(spec["classroom"]))
    if classroom is None:
        raise UserError("This class has ended.", kind="unknown_class", remedy="Make another one.")
    class_exam.open_vault(db, classroom, checked_vault(db, classroom.dataset_id, classroom.setup))
    return [_examinee(db, *who) for who in class_exam.to_score(db, classroom.id)]


def _examinee(db: Database, workspace: str, run_id: str, setting: int) -> Examinee:
    try:
        numbers = class_exam.trials_of(db, run_id, setting)
        jobs = tuple(stored_trial.gather(db, {"run": run_id, "trial": number}) for number in numbers)
    except UserError as problem:
        return Examinee(workspace, (), problem.message)
    return Examinee(workspace, jobs, "" if jobs else "The run was deleted.")


def work(gathered: list[Examinee]) -> dict[str, dict[str, Any]]:
    """On a worker: by workspace what `class_exam.keep` takes. One model that cannot be scored keeps no other from it."""
    return {examinee.workspace: _scored(examinee) for examinee in gathered}


def _scored(examinee: Examinee) -> dict[str, Any]:
    from tuning_core.exam import metric_by_part

    if examinee.error:
        return {"error": examinee.error}
    try:
        wholes = [stored_trial.whole(job) for job in examinee.jobs]
        scores = [metric_by_part(trial) for trial in wholes]
    except UserError as problem:
        return {"error": problem.message}
    except Exception as problem:
        log.exception("a model of a class's exam failed")
        return {"error": f"The model could not be scored ({type(problem).__name__})."}
    validation, test = (sum(score[part] for score in scores) / len(scores) for part in ("validation", "test"))
    gap = test - validation if wholes[0].dataset.task == "regression" else validation - test
    return {"seeds": len(scores), "validation": validation, "test": test, "gap": gap}


def keep(db: Database, spec: dict[str, Any], found: dict[str, dict[str, Any]]) -> dict[str, Any]:
    class_exam.keep(db, str(spec["classroom"]), found)
    return {"classroom": spec["classroom"]}
