"""One engine for a store: whoever holds the lock file trains, and the lock ends with the process, however it ends."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import IO

FILE = "engine.lock"


def only_engine(home: Path, patience: float = 15.0) -> IO[bytes]:
    """Hold the store's lock for as long as this process lives; wait for a predecessor that is just ending."""
    handle = (home / FILE).open("wb")
    deadline = time.monotonic() + patience
    while not _lock(handle):
        if time.monotonic() > deadline:
            sys.exit(f"Another engine is working on {home}. Stop it, or set TUNESCOPE_HOME to another folder.")
        time.sleep(0.1)
    return handle


def has_engine(home: Path) -> bool:
    """Whether an engine, of this server or another one on the same store, is alive."""
    if not (home / FILE).exists():
        return False
    with (home / FILE).open("ab") as handle:
        return not _lock(handle)  # closing the file gives the lock back


def _lock(handle: IO[bytes]) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
