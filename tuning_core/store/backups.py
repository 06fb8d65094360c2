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
from tuning_core.store.whole_copy import FOLDER, is_sound, write_copy

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
    path = file.parent / FOLDER / f"{time.time_ns() // 1_000_000}.sqlite"
    if not write_copy(file, path):
        return None
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
    found = [path for path in (file.parent / FOLDER).glob("*.sqlite") if path.stem.isdigit()]
    return sorted(found, key=lambda path: -int(path.stem))


def recover(file: Path) -> Recovery | None:
    """At the start, before anybody has opened the database: put the last good backup in the place of a damaged file."""
    if not file.exists() or (file.stat().st_size and is_sound(file)) or not (file.stat().st_size or backups(file)):
        return None
    at = time.time()
    aside = file.parent / f"damaged-{int(at)}"
    good = next((path for path in backups(file) if is_sound(path)), None)
    put_in_place(file, good, aside)
    found = Recovery(at, int(good.stem) / 1000 if good is not None else None, aside.name)
    (file.parent / SAID).write_text(json.dumps(asdict(found)), encoding="ascii")
    return found


def put_in_place(file: Path, backup: Path | None, aside: Path) -> None:
    """Move the database into the new folder `aside`, and a copy of the backup into its place; nobody may have it open.

    Folders of tables that the backup does not name go with the database that names them: they would be strays.
    """
    aside.mkdir()
    named = _named_tables(backup) if backup is not None else set()
    for path in (file, *(file.with_name(file.name + suffix) for suffix in ("-wal", "-shm", "-wal.link", "-shm.link"))):
        if path.exists():
            os.replace(path, aside / path.name)
    if backup is not None:
        shutil.copyfile(backup, file)
    for folder in (file.parent / "datasets").glob("*"):
        if folder.name not in named:
            (aside / "datasets").mkdir(exist_ok=True)
            os.replace(folder, aside / "datasets" / folder.name)


def _named_tables(file: Path) -> set[str]:
    with closing(sqlite3.connect(file)) as connection:
        return {identity for (identity,) in connection.execute("SELECT id FROM datasets")}


def last_recovery(home: Path) -> Recovery | None:
    """What was done last; None when nothing ever had to be."""
    with suppress(OSError, ValueError, TypeError):
        return Recovery(**json.loads((home / SAID).read_text(encoding="ascii")))
    return None
