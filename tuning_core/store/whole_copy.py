"""One whole copy of a database file, and whether a file is sound: what backups, restoring and upgrades stand on."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from tuning_core.store.free_space import is_full

FOLDER = "backups"  # in the store's


def write_copy(file: Path, target: Path) -> bool:
    """Copy the whole database, as it is at one moment, and put the copy at `target` once it was found sound.

    False, and nothing at `target` is changed, when it would fill the disk or the database is damaged.
    """
    target.parent.mkdir(exist_ok=True)
    if is_full(file.parent, wanted=file.stat().st_size):
        return False
    fresh = target.with_name("fresh.sqlite")
    fresh.unlink(missing_ok=True)
    if not _copied(file, fresh) or not is_sound(fresh):
        fresh.unlink(missing_ok=True)
        return False
    os.replace(fresh, target)
    return True


def is_sound(file: Path) -> bool:
    """Whether SQLite finds nothing wrong with the file."""
    try:
        with closing(sqlite3.connect(file, timeout=30)) as connection:
            return connection.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok"
    except sqlite3.DatabaseError as problem:
        return _unless_damaged(problem)


def _copied(file: Path, target: Path) -> bool:
    try:
        with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(target)) as copy:
            source.backup(copy)
    except sqlite3.DatabaseError as problem:
        return _unless_damaged(problem)
    return True


def _unless_damaged(problem: sqlite3.DatabaseError) -> bool:
    """False where the file is damaged; any other problem is raised."""
    if problem.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return False
    raise problem
