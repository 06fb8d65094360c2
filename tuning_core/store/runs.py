"""Runs and their trials: requests from pages, progress from the engine.

A run is queued -> running -> finished | stopped | failed | interrupted. Whether trials diverged or stopped early is
theirs to say; a run all of whose trials diverged ends as diverged.

kind       spec
manual     {"hyperparameters": {...}, "seeds": [...]}: one trial for each seed
sweep      {"settings": [hyperparameters, ...], "seeds": [...]}: settings side by side; trial number = setting * seeds + seed
gallery    the same, from a page of examples
lesson     the same, from a chapter of the lessons
search     {"space": SearchSpace, "cv": CrossValidation or null, "seeds": [...]}; see `search_configurations`. An extended
           one has "first", the number of its first new setting.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from typing import Any

from tuning_core.experiment import RunStatus
from tuning_core.store import classrooms, questions
from tuning_core.store.database import Database
from tuning_core.store.limits import check_room
from tuning_core.store.migrations import NOW
from tuning_core.store.sharing import check_may_train

MAX_ATTEMPTS = 3
LOOKED_AT = 20  # waiting runs of a workspace that may be next


@dataclass(frozen=True)
class StoredRun:
    """One row of `runs`; `spec` and `setup` are the JSON that was asked for."""

    id: str
    workspace: str
    dataset_id: str
    setup: dict[str, Any]
    kind: str
    spec: dict[str, Any]
    name: str
    pinned: bool
    automatic: bool
    status: RunStatus
    stop_requested: bool
    attempts: int
    error: dict[str, Any] | None
    note: str
    epochs_total: int
    created: float
    started: float | None
    finished: float | None
    deleted: float | None = None
    shared: str | None = None
    classroom_id: str | None = None

    @property
    def live(self) -> bool:
        return self.status.live

    @property
    def whole(self) -> bool:
        """Trained to its end, as planned: comparable with others."""
        return self.status.whole


def add_run(
    db: Database,
    workspace: str,
    dataset_id: str,
    setup: dict[str, Any],
    kind: str,
    spec: dict[str, Any],
    *,
    automatic: bool = False,
    supersedes: str | None = None,
) -> str:
    """Queue a run; `supersedes` is the id of an automatic run of the same workspace that is asked to stop for it.

    Raises
    ------
    UserError
        Where as many wait already as one may have (kind "too_many_runs"), where the table is not shared for training
        ("not_shared"), or where the class is paused ("frozen").
    """
    run_id = secrets.token_urlsafe(9)
    with db.transaction() as connection:
        check_may_train(connection, workspace, dataset_id)
        classrooms.check_not_frozen(connection, workspace, dataset_id)
        check_room(connection, workspace, kind)
        seen_by = classrooms.class_of_new_run(connection, workspace, dataset_id, setup, kind)
        if supersedes is not None:
            connection.execute(
                """UPDATE runs SET stop_requested = 1
                   WHERE id = ? AND workspace = ? AND automatic = 1 AND status IN ('queued', 'running')""",
                (supersedes, workspace),
            )
        connection.execute(
            """INSERT INTO runs (id, workspace, dataset_id, setup, kind, spec, automatic, classroom_id)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
            (run_id, workspace, dataset_id, json.dumps(setup), kind, json.dumps(spec), int(automatic), seen_by),
        )
    return run_id


def get_run(db: Database, run_id: str) -> StoredRun | None:
    row = db.row("SELECT * FROM runs WHERE id = ?", run_id)
    return _run(row) if row else None


def list_runs(db: Database, workspace: str, *, kind: str | None = None, limit: int = 50) -> list[StoredRun]:
    """Pinned ones first, then the newest first."""
    rows = db.rows(
        """SELECT * FROM runs WHERE workspace = ? AND (? IS NULL OR kind = ?) AND deleted IS NULL
           ORDER BY pinned DESC, created DESC, rowid DESC LIMIT ?""",
        *(workspace, kind, kind, limit),
    )
    return [_run(row) for row in rows]


def count_runs(db: Database, dataset_id: str) -> int:
    """Runs and searches on a dataset that somebody would miss, of all workspaces."""
    counted = "SELECT count(*) AS n FROM runs WHERE dataset_id = ? AND kind IN ('manual', 'search') AND deleted IS NULL"
    row = db.row(counted, dataset_id)
    return row["n"] if row else 0


def newest(db: Database, workspace: str, kind: str, dataset_id: str, limit: int) -> list[tuple[str, RunStatus]]:
    """(id, status) of a workspace's runs of one kind on one dataset, the newest first: for pages that look at each rerun."""
    rows = db.rows(
        """SELECT id, status FROM runs WHERE workspace = ? AND kind = ? AND dataset_id = ? AND deleted IS NULL
           ORDER BY created DESC, rowid DESC LIMIT ?""",
        *(workspace, kind, dataset_id, limit),
    )
    return [(row["id"], RunStatus(row["status"])) for row in rows]


def last_run(db: Database, workspace: str) -> StoredRun | None:
    """The newest training of a workspace, of any dataset, that is not deleted."""
    row = db.row(
        """SELECT * FROM runs WHERE workspace = ? AND kind = 'manual' AND deleted IS NULL
           ORDER BY created DESC, rowid DESC LIMIT 1""",
        workspace,
    )
    return _run(row) if row else None


def progress(db: Database, run_id: str) -> float:
    """Share of the planned epochs that is trained, 0 to 1; trials that have ended early count whole."""
    row = db.row(
        """SELECT sum(CASE WHEN status IN ('queued', 'running') THEN epochs ELSE planned END) AS done, sum(planned) AS planned
           FROM (SELECT status, epochs, json_extract(hyperparameters, '$.epochs') AS planned FROM trials WHERE run_id = ?)""",
        run_id,
    )
    return min(1.0, row["done"] / row["planned"]) if row and row["planned"] else 0.0


def request_stop(db: Database, run_id: str) -> None:
    db.write("UPDATE runs SET stop_requested = 1 WHERE id = ? AND status IN ('queued', 'running')", run_id)


def request_continue(db: Database, run_id: str) -> None:
    """Queue an interrupted, stopped or failed run again; what was recorded stays, training is deterministic.

    UserError (kind "frozen") where the class of its owner is paused.
    """
    with db.transaction() as connection:
        classrooms.check_run_not_frozen(connection, run_id)
        connection.execute(
            """UPDATE runs SET status = 'queued', stop_requested = 0, attempts = 0, error = NULL, note = '', finished = NULL
               WHERE id = ? AND status IN ('interrupted', 'stopped', 'failed')""",
            (run_id,),
        )


def extend_search(db: Database, run_id: str, space_json: dict[str, Any]) -> bool:
    """Queue a search that has ended again, with another space: more settings, other axes. What was tried is kept.

    Settings that were scored are not tried again; strategies that learn learn from them. False when the run is no search or
    is still going. The space is what `SearchSpace.extended(...).to_json()` gives. UserError as of `request_continue`.
    """
    with db.transaction() as connection:
        classrooms.check_run_not_frozen(connection, run_id)
        row = connection.execute("SELECT kind, status, spec FROM runs WHERE id = ?", (run_id,)).fetchone()
        if row is None or row["kind"] != "search" or RunStatus(row["status"]).live:
            return False
        last = connection.execute("SELECT max(number) FROM settings WHERE run_id = ?", (run_id,)).fetchone()[0]
        spec = json.loads(row["spec"]) | {"space": space_json, "first": 0 if last is None else last + 1}
        connection.execute(
            """UPDATE runs SET spec = ?, status = 'queued', stop_requested = 0, attempts = 0, error = NULL, note = '',
               started = NULL, finished = NULL WHERE id = ?""",
            (json.dumps(spec), run_id),
        )
    return True


def rename(db: Database, run_id: str, name: str) -> None:
    db.write("UPDATE runs SET name = ? WHERE id = ?", name[:80], run_id)


def set_pinned(db: Database, run_id: str, pinned: bool) -> None:
    db.write("UPDATE runs SET pinned = ? WHERE id = ?", int(pinned), run_id)


def trash_run(db: Database, run_id: str) -> None:
    """Stop it if it is live, and leave it out of every list; `restore_run` brings it back until the trash is emptied."""
    db.write(
        f"""UPDATE runs SET deleted = {NOW}, stop_requested = stop_requested OR status IN ('queued', 'running') WHERE id = ?""",  # nosec B608
        run_id,
    )


def restore_run(db: Database, run_id: str) -> None:
    db.write("UPDATE runs SET deleted = NULL WHERE id = ?", run_id)


def empty_trash(db: Database, older_than: float) -> int:
    """Forget runs that have been in the trash for so many seconds; returns how many."""
    found = db.rows(f"SELECT id FROM runs WHERE deleted < {NOW} - ?", older_than)  # nosec B608
    for row in found:
        delete_run(db, row["id"])
    return len(found)


def delete_run(db: Database, run_id: str) -> None:
    """Stop it if it is live, and forget it with its curves and what was asked about it."""
    questions.forget(db, run_id)
    db.write("DELETE FROM runs WHERE id = ?", run_id)


# ---- the engine's side ----------------------------------------------------------------------------------------------


def queued_runs(db: Database) -> list[StoredRun]:
    """The oldest ones of every workspace: nobody waits behind all that somebody else has asked for."""
    rows = db.rows(
        """SELECT * FROM runs WHERE id IN (SELECT id FROM (
               SELECT id, row_number() OVER (PARTITION BY workspace ORDER BY created, rowid) AS place
               FROM runs WHERE status = 'queued') WHERE place <= ?) ORDER BY created""",
        LOOKED_AT,
    )
    return [_run(row) for row in rows]


def stop_requests(db: Database) -> list[str]:
    """Ids of runs that should stop."""
    return [row["id"] for row in db.rows("SELECT id FROM runs WHERE stop_requested = 1 AND status = 'running'")]


def claim(db: Database, run_id: str) -> bool:
    """queued -> running; False when somebody else was faster or the run is gone."""
    return (
        db.write(
            f"""UPDATE runs SET status = 'running', started = coalesce(started, {NOW}), attempts = attempts + 1
           WHERE id = ? AND status = 'queued' AND stop_requested = 0""",  # nosec B608
            run_id,
        )
        == 1
    )


def finish(db: Database, run_id: str, status: RunStatus, *, error: dict[str, Any] | None = None, note: str = "") -> None:
    """End a run; its unfinished trials and settings take the same status."""
    with db.transaction() as connection:
        connection.execute(
            f"UPDATE runs SET status = ?, error = ?, note = ?, finished = {NOW} WHERE id = ?",  # nosec B608
            (status, json.dumps(error) if error else None, note, run_id),
        )
        for table in ("trials", "settings"):
            connection.execute(
                f"UPDATE {table} SET status = ? WHERE run_id = ? AND status IN ('queued', 'running')",  # nosec B608
                (status, run_id),
            )


def settle_orphans(db: Database, *, requeue: bool, note: str) -> list[str]:
    """Runs left `running` by an engine that is gone: queued again while attempts are left, else marked interrupted."""
    with db.transaction() as connection:
        orphans = connection.execute("SELECT id, attempts, stop_requested FROM runs WHERE status = 'running'").fetchall()
        for row in orphans:
            again = requeue and row["attempts"] < MAX_ATTEMPTS and not row["stop_requested"]
            status = RunStatus.STOPPED if row["stop_requested"] else RunStatus.QUEUED if again else RunStatus.INTERRUPTED
            connection.execute("UPDATE runs SET status = ?, note = ? WHERE id = ?", (status, note, row["id"]))
    return [row["id"] for row in orphans]


def _run(row: Any) -> StoredRun:
    values = dict(row)
    for name in ("setup", "spec"):
        values[name] = json.loads(values[name])
    values["error"] = json.loads(values["error"]) if values["error"] else None
    values["status"] = RunStatus(values["status"])
    for name in ("pinned", "automatic", "stop_requested"):
        values[name] = bool(values[name])
    return StoredRun(**values)
