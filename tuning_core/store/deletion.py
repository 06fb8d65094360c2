"""Deleting what somebody has stored: all of it at once, or what is older than a server keeps."""

from __future__ import annotations

from tuning_core.store import classrooms, datasets, questions, runs
from tuning_core.store.database import Database
from tuning_core.store.migrations import NOW


def delete_workspace(db: Database, workspace: str) -> None:
    """Forget all tables, runs, classes and answers of a workspace. Looks at test rows stay counted, without their words.

    Backups of the engine (`store.backups`) hold what was there until newer ones have taken their place.
    """
    classrooms.forget_workspace(db, workspace)
    for row in db.rows("SELECT id FROM datasets WHERE workspace = ?", workspace):
        datasets.delete_dataset(db, row["id"])
    for row in db.rows("SELECT id FROM runs WHERE workspace = ?", workspace):
        runs.delete_run(db, row["id"])
    questions.forget(db, workspace)  # such as a run file that was opened
    db.write("DELETE FROM answers WHERE workspace = ?", workspace)
    db.write("DELETE FROM workspaces WHERE id = ?", workspace)
    db.write("UPDATE looks SET name = '', reason = '' WHERE workspace = ?", workspace)
    db.rows("PRAGMA wal_checkpoint(TRUNCATE)")  # the journal has it, too, and where somebody reads just now until the next one


def delete_older(db: Database, days: float) -> tuple[int, int]:
    """Forget runs that ended so many days ago, and tables as old that have no run left; (tables, runs).

    Samples and their examples stay, and so do tables of classes that are open.
    """
    before = f"{NOW} - ?"
    old_runs = db.rows(
        f"""SELECT id FROM runs WHERE workspace != ? AND status NOT IN ('queued', 'running')
            AND coalesce(finished, created) < {before}""",  # nosec B608
        *(datasets.SAMPLES, 86400 * days),
    )
    for row in old_runs:
        runs.delete_run(db, row["id"])
    old_tables = db.rows(
        f"""SELECT id FROM datasets WHERE workspace != ? AND created < {before}
            AND NOT EXISTS (SELECT 1 FROM runs WHERE dataset_id = datasets.id)
            AND NOT EXISTS (SELECT 1 FROM classrooms WHERE dataset_id = datasets.id AND expires > {NOW})""",  # nosec B608
        *(datasets.SAMPLES, 86400 * days),
    )
    for row in old_tables:
        datasets.delete_dataset(db, row["id"])
    questions.forget_older(db, 86400 * days)
    return len(old_tables), len(old_runs)
