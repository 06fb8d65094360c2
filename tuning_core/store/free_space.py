"""What is left on the disk of a store: writing ends before it is full, so that what is stored can be read on."""

from __future__ import annotations

import errno
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tuning_core.errors import UserError

RESERVE = 16 * 2**20
"""Bytes that are never written to: deleting needs some, and so does whoever reads."""


class DiskFull(UserError):
    """Nothing more can be written."""

    def __init__(self) -> None:
        super().__init__(
            "The disk is full: nothing more can be stored.",
            kind="disk_full",
            remedy="What is stored can still be read. Delete tables or runs, or ask whoever runs this server for space.",
        )


def is_full(home: Path, wanted: int = 0) -> bool:
    """Whether the disk has no room for `wanted` bytes beyond the reserve; takes microseconds."""
    try:
        return shutil.disk_usage(home).free < RESERVE + wanted
    except OSError:  # some file systems do not say
        return False


@contextmanager
def disk_full_said() -> Iterator[None]:
    """Within it, a full disk is said as `DiskFull`, whoever finds it: SQLite or the system."""
    try:
        yield
    except sqlite3.OperationalError as problem:
        if problem.sqlite_errorcode & 0xFF == sqlite3.SQLITE_FULL:
            raise DiskFull from None
        raise
    except OSError as problem:
        if problem.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull from None
        raise
