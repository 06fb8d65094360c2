"""A class without accounts: a teacher gives a table, a setup and a guide to those who know its code; all of it expires.

Students keep their own workspaces. What the class sees of them are the runs that `class_of_new_run` marks as its own: trained by
a member, on the class's table and setup. Who may do what with such a run is said in `sharing`.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tuning_core.errors import UserError
from tuning_core.store import questions, sharing
from tuning_core.store.database import Database
from tuning_core.store.datasets import SAMPLES, get_dataset, request_setup, setup_id
from tuning_core.store.migrations import NOW
from tuning_core.store.sharing import Right

CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none looks like another
CODE_LENGTH = 6
LONGEST_NAME, LONGEST_GUIDE = 80, 4_000  # characters
DAYS = 14.0
MOST_DAYS = 90.0
MOST_CLASSES = 20  # of one teacher at a time
COUNTED = ("manual", "sweep", "search")  # kinds of runs that somebody tunes by


class Board(StrEnum):
    """What students see of the board: nothing, everybody's dots without names, or with nicknames."""

    HIDDEN = "hidden"
    UNNAMED = "unnamed"
    NAMED = "named"


@dataclass(frozen=True)
class Classroom:
    """One row of `classrooms`.

    Attributes
    ----------
    owner : the teacher's workspace.
    setup : target, features and split, the same for all; runs on another setup do not count.
    guide : text of a teacher's link, "" for none.
    version : rises by 1 with everything that the teacher does to the class.
    shown_run : the run that everybody may look at, where one is shown.
    created, expires : seconds since 1970.
    opened : when the class's vault was opened, in the same seconds; None before.
    sent : the version that came with the guide that was sent last; 0 while it is the first one.
    """

    id: str
    owner: str
    name: str
    code: str
    dataset_id: str
    setup: dict[str, Any]
    guide: str
    board: Board
    frozen: bool
    version: int
    shown_run: str | None
    created: float
    expires: float
    opened: float | None
    sent: int


def add_classroom(
    db: Database,
    owner: str,
    name: str,
    dataset_id: str,
    setup: dict[str, Any],
    *,
    guide: str = "",
    board: Board = Board.UNNAMED,
    days: float = DAYS,
) -> Classroom:
    """Make a class on a table of the owner's, or on a sample, and share that table for working.

    Raises
    ------
    UserError
        Where the table is somebody else's (kind "not_owner") or gone ("unknown_table"), for a name, a guide or a number of days
        outside their rules ("out_of_range"), or where there are as many classes as one may have ("too_many_classes").
    """
    name = " ".join(name.split())
    _check(db, owner, name, dataset_id, guide, days)
    request_setup(db, dataset_id, setup)
    table = get_dataset(db, dataset_id)
    if table is not None and table.workspace != SAMPLES:
        sharing.share_table(db, dataset_id, owner, sharing.WORK)
    identity = secrets.token_urlsafe(9)
    values = (owner, name, dataset_id, json.dumps(setup), setup_id(dataset_id, setup), guide, Board(board), 86400 * days)
    while True:
        code = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
        added = db.write(
            f"""INSERT INTO classrooms (id, code, owner, name, dataset_id, setup, setup_id, guide, board, expires)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, {NOW} + ?) ON CONFLICT (code) DO NOTHING""",  # nosec B608
            *(identity, code, *values),
        )
        if added:
            found = get_classroom(db, identity)
            assert found is not None
            return found


def _check(db: Database, owner: str, name: str, dataset_id: str, guide: str, days: float) -> None:
    right = sharing.right_to_table(db, dataset_id, owner)
    table = get_dataset(db, dataset_id)
    if table is None or right is None:
        raise UserError("The table of this class is not there any more.", kind="unknown_table", remedy="Choose another table.")
    if right < Right.OWN and table.workspace != SAMPLES:
        raise UserError(
            f"The table {table.name!r} is somebody else's, and only its owner may make a class on it.",
            kind="not_owner",
            remedy="Upload the file yourself, or take a sample.",
        )
    if not 1 <= len(name) <= LONGEST_NAME:
        raise _out_of_range(f"The name of the class has {len(name)} characters, but it must have 1 to {LONGEST_NAME}.")
    if len(guide) > LONGEST_GUIDE:
        raise _out_of_range(f"The guide has {len(guide):,} characters, but no more than {LONGEST_GUIDE:,} are kept.")
    if not 0 < days <= MOST_DAYS:
        raise _out_of_range(f"The class is to last {days:g} days, but it must be more than 0 and at most {MOST_DAYS:g}.")
    if len(classrooms_of(db, owner)) >= MOST_CLASSES:
        raise UserError(
            f"You have {MOST_CLASSES} classes already, and no more may be open at once.",
            kind="too_many_classes",
            remedy="End one of them.",
        )


def get_classroom(db: Database, classroom_id: str) -> Classroom | None:
    """None where it has ended or expired."""
    return _one(db, "id = ?", classroom_id)


def classroom_by_code(db: Database, code: str) -> Classroom | None:
    """Small letters, blanks and hyphens do not matter."""
    return _one(db, "code = ?", plain_code(code))


def plain_code(code: str) -> str:
    """Without what people add when they type: blanks, hyphens, small letters."""
    return "".join(sign for sign in code.upper() if sign.isalnum())


def classrooms_of(db: Database, owner: str) -> list[Classroom]:
    """A teacher's classes, the newest first."""
    rows = db.rows(f"{_ALL} AND owner = ? ORDER BY created DESC, rowid DESC", owner)
    return [_classroom(row) for row in rows]


def version(db: Database, classroom_id: str) -> int:
    """Rises with everything that the teacher does; 0 where the class has ended or expired."""
    row = db.row(f"SELECT version FROM classrooms WHERE id = ? AND expires > {NOW}", classroom_id)  # nosec B608
    return row["version"] if row else 0


# ---- what the teacher does; nothing happens where the class is not the owner's ----------------------------------------


def freeze(db: Database, classroom_id: str, owner: str, frozen: bool) -> None:
    """While a class is frozen its members begin no training on its table; what trains already goes on to its end."""
    _change(db, classroom_id, owner, "frozen", int(frozen))


def send_guide(db: Database, classroom_id: str, owner: str, guide: str) -> None:
    """Give all members a guide, now: another one, or the same once more."""
    if len(guide) > LONGEST_GUIDE:
        raise _out_of_range(f"The guide has {len(guide):,} characters, but no more than {LONGEST_GUIDE:,} are kept.")
    db.write(
        "UPDATE classrooms SET guide = ?, version = version + 1, sent = version + 1 WHERE id = ? AND owner = ?",
        *(guide, classroom_id, owner),
    )


def choose_board(db: Database, classroom_id: str, owner: str, board: Board) -> None:
    _change(db, classroom_id, owner, "board", Board(board))


def show_run(db: Database, classroom_id: str, owner: str, run_id: str | None) -> None:
    """Let all members look at a run that the teacher may look at, on the class's table; None to end it.

    UserError (kind "not_shown") for any other.
    """
    found = get_classroom(db, classroom_id)
    row = db.row("SELECT dataset_id FROM runs WHERE id = ? AND deleted IS NULL", run_id)
    on_table = found is not None and row is not None and row["dataset_id"] == found.dataset_id
    if run_id is not None and not (on_table and sharing.right_to_run(db, run_id, owner)):
        raise UserError(
            "This run cannot be shown to the class: it is not on the class's table, or not yours to see.",
            kind="not_shown",
            remedy="Choose a run of the board, or one of your own on the class's table.",
        )
    _change(db, classroom_id, owner, "shown_run", run_id)


def end_classroom(db: Database, classroom_id: str, owner: str) -> None:
    """Forget the class with its nicknames, answers and exam. Students keep their runs; the table stays shared as it is."""
    if db.write("DELETE FROM classrooms WHERE id = ? AND owner = ?", classroom_id, owner):
        questions.forget(db, classroom_id)


def forget_expired(db: Database) -> int:
    """Forget the classes whose days are over, with their nicknames, answers and exams; returns how many."""
    expired = db.rows(f"SELECT id, owner FROM classrooms WHERE expires <= {NOW}")  # nosec B608
    for row in expired:
        end_classroom(db, row["id"], row["owner"])
    return len(expired)


def forget_workspace(db: Database, workspace: str) -> None:
    """Of somebody who deletes everything: the own classes end, and in others nothing is left of them."""
    for row in db.rows("SELECT id FROM classrooms WHERE owner = ?", workspace):
        end_classroom(db, row["id"], workspace)
    db.write("DELETE FROM members WHERE workspace = ?", workspace)
    db.write("DELETE FROM class_removals WHERE workspace = ?", workspace)


# ---- asked by `runs`, within its transaction ---------------------------------------------------------------------------

_OF_MEMBER = f"""
SELECT c.id, c.frozen FROM members AS m JOIN classrooms AS c ON c.id = m.classroom_id
WHERE m.workspace = ? AND c.dataset_id = ? AND c.expires > {NOW}"""  # nosec B608


_ON_TABLE = f"{_OF_MEMBER} ORDER BY m.entered DESC LIMIT 1"


def is_frozen(db: Database, workspace: str, dataset_id: str) -> bool:
    """Whether the class that a workspace is in on this table, the one entered last, is frozen."""
    row = db.row(_ON_TABLE, workspace, dataset_id)
    return row is not None and bool(row["frozen"])


def check_not_frozen(connection: sqlite3.Connection, workspace: str, dataset_id: str) -> None:
    """UserError (kind "frozen") where `is_frozen`."""
    row = connection.execute(_ON_TABLE, (workspace, dataset_id)).fetchone()
    if row is not None and row["frozen"]:
        raise UserError("Your teacher has paused the class.", kind="frozen", remedy="Wait until it goes on.")


def check_run_not_frozen(connection: sqlite3.Connection, run_id: str) -> None:
    """The same for a run that is to go on."""
    row = connection.execute("SELECT workspace, dataset_id FROM runs WHERE id = ?", (run_id,)).fetchone()
    if row is not None:
        check_not_frozen(connection, row["workspace"], row["dataset_id"])


def class_of_new_run(
    connection: sqlite3.Connection, workspace: str, dataset_id: str, setup: dict[str, Any], kind: str
) -> str | None:
    """The class that sees a run which is queued now; None where it is nobody's but its owner's.

    Of several classes on the same table and setup it is the one entered last.
    """
    if kind not in COUNTED:
        return None
    found = connection.execute(
        f"{_OF_MEMBER} AND c.setup_id = ? ORDER BY m.entered DESC LIMIT 1",
        (workspace, dataset_id, setup_id(dataset_id, setup)),
    ).fetchone()
    return found["id"] if found else None


_ALL = f"""
SELECT id, owner, name, code, dataset_id, setup, guide, board, frozen, version, shown_run, created, expires, opened, sent
FROM classrooms WHERE expires > {NOW}"""  # nosec B608


def _one(db: Database, condition: str, value: str) -> Classroom | None:
    row = db.row(f"{_ALL} AND {condition}", value)
    return _classroom(row) if row else None


def _change(db: Database, classroom_id: str, owner: str, column: str, value: Any) -> None:
    db.write(
        f"UPDATE classrooms SET {column} = ?, version = version + 1 WHERE id = ? AND owner = ?",  # nosec B608
        *(value, classroom_id, owner),
    )


def _out_of_range(message: str) -> UserError:
    return UserError(message, kind="out_of_range", remedy="Change it and try again.")


def _classroom(row: sqlite3.Row) -> Classroom:
    values = dict(row)
    values["setup"], values["board"], values["frozen"] = json.loads(row["setup"]), Board(row["board"]), bool(row["frozen"])
    return Classroom(**values)
