"""The SQLite file that web and engine share: opening, migrating, transactions.

WAL lets pages read while the engine writes. A commit survives `kill -9` of any process.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from tuning_core.config import read_config
from tuning_core.store.migrations import MIGRATIONS

PATIENCE = 30  # seconds a write waits for another writer


class Busy(Exception):
    """Another writer held the store for longer than one was willing to wait."""


def keep_private() -> None:
    """What this process and its children write from now on is for this account alone: tables are other people's data."""
    os.umask(0o077)


class _Connection(sqlite3.Connection):
    """Closes itself when its thread ends or its store is let go."""

    def __del__(self) -> None:
        self.close()


class Database:
    """One store folder: the database file and the folders beside it. Threads each get a connection of their own."""

    def __init__(self, home: Path | str | None = None) -> None:
        self.home = Path(home) if home is not None else read_config().home
        keep_private()
        self.home.mkdir(parents=True, exist_ok=True)
        with suppress(PermissionError):  # somebody else's folder that this account may write to
            self.home.chmod(0o700)
        self.file = self.home / "tunescope.sqlite"
        self._local = threading.local()
        self._migrate()

    @property
    def connection(self) -> sqlite3.Connection:
        if not hasattr(self._local, "connection"):
            connection = sqlite3.connect(
                self.file, timeout=PATIENCE, isolation_level=None, factory=_Connection, check_same_thread=False
            )
            connection.row_factory = sqlite3.Row
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA foreign_keys = ON")
            self._local.connection = connection
        return self._local.connection

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing; takes the write lock at once, so that two writers queue instead of failing half-way."""
        connection = self.connection
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")

    def rows(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        return self.connection.execute(sql, values).fetchall()

    def row(self, sql: str, *values: Any) -> sqlite3.Row | None:
        return self.connection.execute(sql, values).fetchone()

    def write(self, sql: str, *values: Any) -> int:
        """One statement in a transaction of its own; returns the number of rows it changed."""
        return self.connection.execute(sql, values).rowcount

    @contextmanager
    def impatient(self, seconds: float) -> Iterator[None]:
        """Within it, this thread's writes wait so long for another writer, then raise `Busy`: for whoever can come back later."""
        self.connection.execute(f"PRAGMA busy_timeout = {round(1000 * seconds)}")
        try:
            yield
        except sqlite3.OperationalError as problem:
            if problem.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
                raise Busy(f"Another writer held the store for more than {seconds:g} s.") from None
            raise
        finally:
            self.connection.execute(f"PRAGMA busy_timeout = {1000 * PATIENCE}")

    def version(self) -> int:
        """Changes whenever another connection has committed something; costs microseconds."""
        return self.connection.execute("PRAGMA data_version").fetchone()[0]

    def close(self) -> None:
        """Close this thread's connection."""
        if hasattr(self._local, "connection"):
            self._local.connection.close()
            del self._local.connection

    def _migrate(self) -> None:
        with self.transaction() as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY)")
            done = {row["name"] for row in connection.execute("SELECT name FROM migrations")}
            for name, statements in MIGRATIONS:
                if name not in done:
                    for statement in statements:
                        connection.execute(statement)
                    connection.execute("INSERT INTO migrations (name) VALUES (?)", (name,))
