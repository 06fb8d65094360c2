"""The SQLite file that web and engine share: opening, migrating, transactions.

WAL lets pages read while the engine writes. A commit survives `kill -9` of any process.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from tuning_core.config import read_config
from tuning_core.store.free_space import DiskFull, disk_full_said, is_full
from tuning_core.store.journal_links import keep_links, restore_links
from tuning_core.store.upgrading import KNOWN, NewerStore, steps_done, upgrade

FILE = "tunescope.sqlite"
PATIENCE = 30  # seconds a write waits for another writer
SPACE_SECONDS = 0.5  # between looks of a patient writer at a full disk


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
    """One store folder: the database file and the folders beside it. Threads each get a connection of their own.

    On a full disk a write is refused with `DiskFull`; of a `patient` store it waits until there is room, and nothing is lost.
    """

    def __init__(self, home: Path | str | None = None, *, patient: bool = False) -> None:
        self.home = Path(home) if home is not None else read_config().home
        keep_private()
        self.home.mkdir(parents=True, exist_ok=True)
        with suppress(PermissionError):  # somebody else's folder that this account may write to
            self.home.chmod(0o700)
        self.file = self.home / FILE
        self.patient = patient
        self._local = threading.local()
        self._open: weakref.WeakSet[sqlite3.Connection] = weakref.WeakSet()
        self._migrate()

    @property
    def connection(self) -> sqlite3.Connection:
        if not hasattr(self._local, "connection"):
            self.restore_journal()
            connection = sqlite3.connect(
                self.file, timeout=PATIENCE, isolation_level=None, factory=_Connection, check_same_thread=False
            )
            connection.row_factory = sqlite3.Row
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA secure_delete = ON")  # what is deleted is overwritten, not only unlinked
            self._local.connection = connection
            connection.execute("SELECT 1 FROM sqlite_master").fetchone()  # now its journal is there
            keep_links(self.file)
            self._open.add(connection)
        return self._local.connection

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing; takes the write lock at once, so that two writers queue instead of failing half-way."""
        self.need_space()
        connection = self.connection
        with disk_full_said():
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:  # SQLite itself takes back what a full disk cut short
                    connection.execute("ROLLBACK")
                raise

    def rows(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        return self.connection.execute(sql, values).fetchall()

    def row(self, sql: str, *values: Any) -> sqlite3.Row | None:
        return self.connection.execute(sql, values).fetchone()

    def write(self, sql: str, *values: Any) -> int:
        """One statement in a transaction of its own; returns the number of rows it changed."""
        if not sql.startswith("DELETE"):  # which makes room
            self.need_space()
        with disk_full_said():
            return self.connection.execute(sql, values).rowcount

    def need_space(self, wanted: int = 0) -> None:
        """Raise `DiskFull` where there is no room for so many bytes; a patient store waits instead."""
        while is_full(self.home, wanted):
            if not self.patient:
                raise DiskFull
            time.sleep(SPACE_SECONDS)

    def restore_journal(self) -> bool:
        """Put SQLite's own files back where somebody deleted them from under this store; True when it was so."""
        return bool(len(self._open)) and restore_links(self.file)

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
            self._open.discard(self._local.connection)
            self._local.connection.close()
            del self._local.connection

    def _migrate(self) -> None:
        """Bring the schema up to date; a store that is, or that a newer program made, is not written to."""
        done = steps_done(self.connection)
        if done - set(KNOWN):
            self.close()
            raise NewerStore(self.home, done - set(KNOWN))
        if done < set(KNOWN):
            with self.transaction() as connection:
                upgrade(connection, self.file)
