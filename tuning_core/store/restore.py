"""`python -m tuning_core.store.restore [NAME]`: put a backup in the place of a store's database, while no server is on it.

Without a name it lists what there is in the folder `backups` of the store (TUNESCOPE_HOME). The database that was there is kept
in a folder `replaced-...` beside it, with the tables that the backup does not know.
"""

from __future__ import annotations

import argparse
import sqlite3
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tuning_core.config import config_or_exit
from tuning_core.errors import UserError
from tuning_core.store.backups import put_in_place
from tuning_core.store.database import FILE
from tuning_core.store.engine_lock import has_engine
from tuning_core.store.whole_copy import FOLDER, is_sound


class RestoreError(UserError):
    """A backup that cannot be restored now."""


@dataclass(frozen=True)
class Backup:
    """A file in `backups`: `made` in seconds since 1970, and how many tables and runs it has; None where it is damaged."""

    path: Path
    made: float
    tables: int | None
    runs: int | None

    def sentence(self) -> str:
        when = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(self.made))
        if self.tables is None:
            return f"{self.path.name}  {when}  damaged"
        return f"{self.path.name}  {when}  tables {self.tables}, runs {self.runs}, {self.path.stat().st_size / 1e6:.1f} MB"


def list_backups(home: Path) -> list[Backup]:
    """All there are, the newest first: those that the engine made, and the one from before an upgrade."""
    found = [_look_into(path) for path in (home / FOLDER).glob("*.sqlite") if path.stem != "fresh"]
    return sorted(found, key=lambda backup: -backup.made)


def restore(home: Path, name: str) -> Path:
    """Put the backup of this name in its place; returns the folder with what was there.

    Raises
    ------
    RestoreError
        When there is no such backup, when it is damaged, or while a server is on the store.
    """
    there = {backup.path.name: backup for backup in list_backups(home)}
    if name not in there:
        known = f"There are: {', '.join(there)}." if there else "The engine makes one five minutes after something was stored."
        raise RestoreError(f"There is no backup {name!r} in {home / FOLDER}.", kind="no_backup", remedy=known)
    if there[name].tables is None:
        raise RestoreError(f"The backup {name!r} is damaged.", kind="damaged_backup", remedy="Take another one.")
    if has_engine(home) or _is_open(home / FILE):
        raise RestoreError(f"A server is at work on {home}.", kind="store_in_use", remedy="Stop it, then restore.")
    aside = home / f"replaced-{time.time_ns() // 1_000_000}"
    put_in_place(home / FILE, there[name].path, aside)
    return aside


def _look_into(path: Path) -> Backup:
    made = int(path.stem) / 1000 if path.stem.isdigit() else path.stat().st_mtime
    if not path.stat().st_size or not is_sound(path):
        return Backup(path, made, None, None)
    with closing(sqlite3.connect(path)) as store:
        tables, runs = store.execute("SELECT (SELECT count(*) FROM datasets), (SELECT count(*) FROM runs)").fetchone()
    return Backup(path, made, tables, runs)


def _is_open(file: Path) -> bool:
    """Whether another process has the database open: only the last connection may leave the mode of the journal."""
    if not file.exists():
        return False
    try:
        with closing(sqlite3.connect(file, timeout=0)) as store:
            store.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.DatabaseError as problem:
        return problem.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    return False


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m tuning_core.store.restore", description=__doc__)
    parser.add_argument("name", nargs="?", help="a backup of the list")
    given = parser.parse_args(arguments)
    home = config_or_exit().home
    if given.name is None:
        print("\n".join(backup.sentence() for backup in list_backups(home)) or f"There is no backup in {home / FOLDER}.")
        return
    try:
        aside = restore(home, given.name)
    except RestoreError as problem:
        sys.exit(str(problem))
    print(f"{given.name} is in its place. What was there is kept in {aside}: delete that folder when you need it no more.")


if __name__ == "__main__":
    main()
