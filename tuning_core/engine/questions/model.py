"""Questions of the kind "model": {"run", "trial", "refit"}; the answer is a file for `tuning_core.prediction.Model.from_bytes`.

With it a page predicts by itself: forms, uploads of new rows and partial effects need no further question.
"""

from __future__ import annotations

from typing import Any

from tuning_core.engine.questions import stored_trial
from tuning_core.engine.questions.stored_trial import TrialJob
from tuning_core.store import Database
from tuning_core.store.questions import File


def gather(db: Database, spec: dict[str, Any]) -> TrialJob:
    return stored_trial.gather(db, spec)


def work(job: TrialJob) -> File:
    """On a worker: the weights may have to be trained again."""
    from tuning_core.prediction import Model

    return File("model.zip", Model.from_trial(stored_trial.whole(job)).to_bytes())
