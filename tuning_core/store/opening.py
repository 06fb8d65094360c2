"""Opening a store at the start of a server: mended where it is damaged, or refused in one sentence."""

from __future__ import annotations

import logging
import sqlite3
import sys
from pathlib import Path

from tuning_core.errors import UserError
from tuning_core.store.backups import recover
from tuning_core.store.database import FILE, Database
from tuning_core.store.engine_lock import has_engine

log = logging.getLogger("tunescope.store")


class StoreError(UserError):
    """A store that cannot be opened."""


def open_store(home: Path, *, patient: bool = False) -> Database:
    """The store in `home`; a `patient` one, which is an engine's, is not mended: others may have it open.

    Raises
    ------
    UserError
        When it cannot be written, belongs to somebody else (`StoreError`), has no room (`DiskFull`), or was made by a newer
        program (`NewerStore`).
    """
    try:
        home.mkdir(parents=True, exist_ok=True)
        done = None if patient or has_engine(home) else recover(home / FILE)
        if done is not None:
            log.error("the database was damaged and is kept in %s; backup in its place: %s", done.kept, done.backup)
        db = Database(home, patient=patient)
        db.write("UPDATE engine SET detail = detail WHERE id = 1")  # a read-only file is found here, not by a visitor
        return db
    except (sqlite3.DatabaseError, OSError) as problem:
        raise StoreError(
            f"The store in {home} cannot be opened for writing ({_why(problem)}).",
            kind="store_unusable",
            remedy="Give this account the right to write there, or set TUNESCOPE_HOME to a folder of its own.",
        ) from problem


def open_or_exit(home: Path, *, patient: bool = False) -> Database:
    """For what a person starts: the store, or the end of this process with the refusal as its last words."""
    try:
        return open_store(home, patient=patient)
    except UserError as problem:
        sys.exit(str(problem))


def _why(problem: Exception) -> str:
    return (getattr(problem, "strerror", None) or str(problem)).lower()
