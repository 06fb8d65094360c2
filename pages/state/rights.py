"""What this browser may see and do: its own, what is shared with it, and everybody's samples."""

from __future__ import annotations

from pages.state.database import database
from pages.state.workspace import workspace
from tuning_core.store import classrooms, runs, sharing
from tuning_core.store.runs import StoredRun
from tuning_core.store.sharing import Right

PAUSED = "Your teacher has paused the class. Wait until it goes on."
REFUSED = ("What the link names is not shared with you.", "Ask its owner to share it. What is open to you is shown instead.")


def may_train(dataset_id: str) -> bool:
    """Whether a run of this browser may train on a table."""
    right = sharing.right_to_table(database(), dataset_id, workspace())
    return right is None or right >= Right.WORK


def held_back(dataset_id: str) -> str:
    """Why nothing may be trained on a table now, as the store would refuse it: the class on it is paused; "" where it may."""
    return PAUSED if classrooms.is_frozen(database(), workspace(), dataset_id) else ""


def is_closed_table(dataset_id: str) -> bool:
    """Whether a table is here, but not for this browser."""
    return sharing.right_to_table(database(), dataset_id, workspace()) is Right.NONE


def is_closed_run(run_id: str) -> bool:
    """Whether a run is here, but not for this browser."""
    return sharing.right_to_run(database(), run_id, workspace()) is Right.NONE


def seen_run(run_id: str) -> StoredRun | None:
    """A run that this browser may look at and that is not in the trash."""
    run = runs.get_run(database(), run_id) if sharing.right_to_run(database(), run_id, workspace()) else None
    return run if run is not None and run.deleted is None else None
