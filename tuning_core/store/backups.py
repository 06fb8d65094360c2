"""Backups of the database file, made by the engine, and what happens at the start when the file is damaged.

A backup is the whole database as one file, checked before it takes the place of an older one; `KEPT` of them are kept. A damaged
file is never deleted: it is moved aside, with what belongs to it.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import time
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from tuning_core.store.database import Database
from tuning_core.store.free_space import is_full

KEPT = 2
SAID = "recovered.json"


@dataclass(frozen=True)
class Recovery:
    """What was done about a damaged store.

    Parameters
    ----------
    at : float
        When, in seconds since 1970.
    backup : float or None
        When the backup was made that is in its place now; None when there was none, and the store began anew.
    kept : str
        Name of the folder, in the store's, with the damaged files.
    """

    at: float
    backup: float | None
    kept: str


def back_up(file: Path) -> Path | None:
    """Write a backup of the database beside it; None when it would fill the disk, or would be damaged itself."""
    folder = file.parent / "backups"
    folder.mkdir(exist_ok=True)
    if is_full(file.parent, wanted=file.stat().st_size):
        return None
    fresh = folder / "fresh.sqlite"
    fresh.unlink(missing_ok=True)
    if not _copied(file, fresh) or not is_sound(fresh):
        fresh.unlink(missing_ok=True)
        return None
    path = folder / f"{time.time_ns() // 1_000_000}.sqlite"
    os.replace(fresh, path)
    for old in backups(file)[KEPT:]:
        old.unlink(missing_ok=True)
    return path


def contents(db: Database) -> tuple[int | float | None, ...]:
    """Numbers that change when something is added that a backup should have; heartbeats do not count."""
    row = db.row(
        """SELECT (SELECT max(cursor) FROM curves), (SELECT count(*) FROM datasets), (SELECT count(*) FROM runs),
           (SELECT max(created) FROM runs), (SELECT count(*) FROM looks), (SELECT count(*) FROM questions)"""
    )
    return tuple(row or ())


def backups(file: Path) -> list[Path]:
    """The newest first."""
    found = [path for path in (file.parent / "backups").glob("*.sqlite") if path.stem.isdigit()]
    return sorted(found, key=lambda path: -int(path.stem))


def is_sound(file: Path) -> bool:
    """Whether SQLite finds nothing wrong with the file."""
    try:
        with closing(sqlite3.connect(file, timeout=30)) as connection:
            return connection.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok"
    except sqlite3.DatabaseError as problem:
        return _unless_damaged(problem)


def _copied(file: Path, target: Path) -> bool:
    """Whether the whole database could be copied, as it is at one moment."""
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


def recover(file: Path) -> Recovery | None:
    """At the start, before anybody has opened the database: put the last good backup in the place of a damaged file."""
    if not file.exists() or (file.stat().st_size and is_sound(file)) or not (file.stat().st_size or backups(file)):
        return None
    at = time.time()
    aside = file.parent / f"damaged-{int(at)}"
    aside.mkdir()
    for path in (file, *(file.with_name(file.name + suffix) for suffix in ("-wal", "-shm", "-wal.link", "-shm.link"))):
        if path.exists():
            os.replace(path, aside / path.name)
    good = next((path for path in backups(file) if is_sound(path)), None)
    if good is not None:
        shutil.copyfile(good, file)
    found = Recovery(at, int(good.stem) / 1000 if good is not None else None, aside.name)
    (file.parent / SAID).write_text(json.dumps(asdict(found)), encoding="ascii")
    return found


def last_recovery(home: Path) -> Recovery | None:
    """What was done last; None when nothing ever had to be."""
    with suppress(OSError, ValueError, TypeError):
        return Recovery(**json.loads((home / SAID).read_text(encoding="ascii")))
    return None
