"""Who may do what with somebody's table or run: its owner all, others nothing until it is shared, by link, and until that ends.

A run is seen through its table: who may not see the table sees no run on it, and a run that the table's owner shares lets its
table be seen. Samples and recorded examples are everybody's. While a class lives, its teacher may view the runs that its members
train for it, and its members the one run that the teacher shows them.
"""

from __future__ import annotations

import sqlite3
from enum import IntEnum

from tuning_core.errors import UserError
from tuning_core.store.database import Database
from tuning_core.store.datasets import SAMPLES
from tuning_core.store.migrations import NOW

VIEW, WORK = "view", "work"  # what stands in the column `shared`


class Right(IntEnum):
    """VIEW: look, compare, export. WORK: train runs of one's own on the table, too. OWN: stop, rename, delete, open the vault."""

    NONE = 0
    VIEW = 1
    WORK = 2
    OWN = 3


_RIGHTS = {None: Right.NONE, VIEW: Right.VIEW, WORK: Right.WORK}
_TABLE = """
SELECT workspace, shared, (SELECT max(r.shared) FROM runs AS r WHERE r.dataset_id = d.id AND r.shared IS NOT NULL
    AND r.workspace = d.workspace AND r.deleted IS NULL) AS by_a_run
FROM datasets AS d WHERE id = ?"""  # "view" < "work"
_BY_CLASS = f"""
SELECT 1 FROM classrooms AS c JOIN members AS m ON m.classroom_id = c.id WHERE c.expires > {NOW} AND (
    (c.owner = :asks AND c.id = :of_class AND m.workspace = :trained_by)
    OR (m.workspace = :asks AND c.shown_run = :run)) LIMIT 1"""  # nosec B608


def right_to_table(db: Database, dataset_id: str, workspace: str | None) -> Right | None:
    """What a workspace (None: nobody's) may do with a table; None where there is no such table."""
    return _right_to_table(db.connection, dataset_id, workspace)


def _right_to_table(connection: sqlite3.Connection, dataset_id: str, workspace: str | None) -> Right | None:
    row = connection.execute(_TABLE, (dataset_id,)).fetchone()
    if row is None:
        return None
    if row["workspace"] == SAMPLES:
        return Right.WORK
    return Right.OWN if row["workspace"] == workspace else max(_RIGHTS[row["shared"]], _RIGHTS[row["by_a_run"]])


def right_to_run(db: Database, run_id: str, workspace: str | None) -> Right | None:
    """NONE, VIEW or OWN, also of a run in the trash; None where there is no such run. Working is a right to its table."""
    row = db.row("SELECT workspace, dataset_id, shared, classroom_id FROM runs WHERE id = ?", run_id)
    if row is None:
        return None
    if not right_to_table(db, row["dataset_id"], workspace):
        return Right.NONE
    if row["workspace"] == workspace:
        return Right.OWN
    if row["shared"] or row["workspace"] == SAMPLES:
        return Right.VIEW
    asked = {"asks": workspace, "of_class": row["classroom_id"], "trained_by": row["workspace"], "run": run_id}
    return Right.VIEW if db.connection.execute(_BY_CLASS, asked).fetchone() else Right.NONE


def share_run(db: Database, run_id: str, owner: str, shared: str | None) -> None:
    """For viewing, for working (on its table, where that is the owner's as well), or with nobody any more (None)."""
    db.write("UPDATE runs SET shared = ? WHERE id = ? AND workspace = ?", shared, run_id, owner)


def share_table(db: Database, dataset_id: str, owner: str, shared: str | None) -> None:
    """As `share_run`. Runs of the owner that are shared by themselves go on showing the table."""
    db.write("UPDATE datasets SET shared = ? WHERE id = ? AND workspace = ?", shared, dataset_id, owner)


def check_may_train(connection: sqlite3.Connection, workspace: str, dataset_id: str) -> None:
    """UserError (kind "not_shared") where a workspace may not train on a table."""
    right = _right_to_table(connection, dataset_id, workspace)
    if right is not None and right < Right.WORK:
        seen = "is shared with you for viewing, not for working" if right else "is not shared with you"
        raise UserError(
            f"This table {seen}, so no run of yours can train on it.",
            kind="not_shared",
            remedy="Ask its owner to share it for working.",
        )
