"""Bringing a store to this program's schema: what was there is copied first, and a newer program's store is left alone."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from tuning_core.errors import UserError
from tuning_core.store.free_space import DiskFull
from tuning_core.store.migrations import MIGRATIONS
from tuning_core.store.whole_copy import FOLDER, write_copy

KNOWN = tuple(name for name, _ in MIGRATIONS)


class NewerStore(UserError):
    """A store with steps of the schema that this program does not know."""

    def __init__(self, home: Path, unknown: set[str]) -> None:
        first = min(unknown)
        copy = home / FOLDER / _copy_name(first)
        ways = ["Upgrade Tunescope", "set TUNESCOPE_HOME to another folder"]
        if copy.exists():
            ways.append(f"go back to the copy from before with python -m tuning_core.store.restore {copy.name}")
        super().__init__(
            f"The store in {home} was made by a newer Tunescope: its schema has {first!r}, and this one ends at {KNOWN[-1]!r}.",
            kind="newer_store",
            remedy=f"{', '.join(ways[:-1])}, or {ways[-1]}.",
        )


def steps_done(connection: sqlite3.Connection) -> set[str]:
    """The steps of the schema that the store has; none where it is new."""
    if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'migrations'").fetchone() is None:
        return set()
    return {name for (name,) in connection.execute("SELECT name FROM migrations")}


def upgrade(connection: sqlite3.Connection, file: Path) -> None:
    """Take the steps that are missing, within a transaction of the caller's; of a store that is not new, keep a copy.

    Raises
    ------
    DiskFull
        When there is no room for the copy.
    """
    done = steps_done(connection)
    missing = [(name, statements) for name, statements in MIGRATIONS if name not in done]
    if done and missing:
        _keep_copy(file, missing[0][0])
    connection.execute("CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY)")
    for name, statements in missing:
        for statement in statements:
            connection.execute(statement)
        connection.execute("INSERT INTO migrations (name) VALUES (?)", (name,))


def _keep_copy(file: Path, step: str) -> None:
    """The store as it was before this step; the copy from before an earlier upgrade has served its time."""
    copy = file.parent / FOLDER / _copy_name(step)
    if not write_copy(file, copy):
        raise DiskFull
    for old in copy.parent.glob(_copy_name("*")):
        if old != copy:
            old.unlink(missing_ok=True)


def _copy_name(step: str) -> str:
    return f"before-{step}.sqlite"
