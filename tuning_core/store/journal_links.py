"""Second names of SQLite's own files beside a store: deleted by a stranger while they are in use, they come back.

Until a checkpoint, what was committed lies in the file `-wal` alone, and all connections must share one; SQLite forbids to delete
it. Connections that are open keep a deleted file, but a new one would begin another, and both would write over each other. So
each of the files has a hard link, and is put back from it before a connection is opened, and once a second by the engine.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

SUFFIXES = ("-wal", "-shm")


def keep_links(file: Path) -> None:
    """Give the files that are in use now their second names. Called by whoever has just opened a connection."""
    for suffix in SUFFIXES:
        used, link = _names(file, suffix)
        with suppress(OSError):  # a file system without links, or another process was faster
            if link.exists() and link.samefile(used):
                continue
            fresh = link.with_name(f"{link.name}.{os.getpid()}")
            fresh.unlink(missing_ok=True)
            os.link(used, fresh)
            os.replace(fresh, link)


def restore_links(file: Path) -> bool:
    """Put deleted files back; True when one was. Only while a connection of this process is open: SQLite itself deletes them
    when the last one is closed."""
    restored = False
    for suffix in SUFFIXES:
        used, link = _names(file, suffix)
        if not used.exists():
            with suppress(OSError):
                os.link(link, used)
                restored = True
    return restored


def _names(file: Path, suffix: str) -> tuple[Path, Path]:
    return file.with_name(file.name + suffix), file.with_name(f"{file.name}{suffix}.link")
