"""Reading an upload in a process of its own, with limits on memory and time, so that no file can harm the server.

Starting Python and pandas takes longer than reading most files: `keep_spare` has a reader waiting for the next upload.
"""

from __future__ import annotations

import atexit
import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from tuning_core.data.limits import READ_MEMORY, READ_SECONDS
from tuning_core.data.reading.options import ReadOptions
from tuning_core.data.reading.upload import display_name
from tuning_core.errors import TableError

KILLED = -signal.SIGKILL if hasattr(signal, "SIGKILL") else None  # how a process ended that was killed
ROOT = Path(__file__).resolve().parents[3]


def read_sandboxed(
    path: str | Path, folder: str | Path, name: str, options: ReadOptions | None = None, timeout: float = READ_SECONDS
) -> dict[str, Any]:
    """Read `path` in a child process into `folder` (Table.save and profile.json) and return the profile.

    Raises
    ------
    TableError
        What the reader says, or that it ran out of time or memory.
    """
    folder = Path(folder)
    job = {
        "source": str(Path(path).absolute()),
        "folder": str(folder.absolute()),
        "name": display_name(name),
        "options": (options or ReadOptions()).to_json(),
    }
    began = time.monotonic()
    status = _run_reader(job, timeout)
    if status == KILLED and time.monotonic() - began < timeout / 2:  # by a stranger, not by its limits
        status = _run_reader(job, timeout)
    if status == 0:
        return json.loads((folder / "profile.json").read_text(encoding="ascii"))
    try:
        raise TableError.from_json(json.loads((folder / "error.json").read_text(encoding="ascii")))
    except OSError as silent:  # killed before it could write: by the memory or the CPU limit
        raise _too_heavy("needed more memory or time than one upload may have") from silent


def _run_reader(job: dict[str, Any], timeout: float) -> int:
    """Have a reader do a job; the status it ended with. TableError where it took too long."""
    reader = _spare.take()
    try:
        reader.communicate(json.dumps(job).encode() + b"\n", timeout=timeout)
    except subprocess.TimeoutExpired as late:
        raise _too_heavy(f"took longer than {timeout:g} seconds") from late
    finally:
        if reader.poll() is None:
            reader.kill()
            reader.communicate()
        _spare.refill()
    return reader.returncode


def keep_spare(wanted: bool = True) -> None:
    """From now on have a reader waiting (about 130 MB); `False` ends it. Each reader reads one file and is gone."""
    _spare.keep(wanted)


class _Spare:
    """At most one reader that has started and waits for its job; it ends by itself when this process does."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wanted = False
        self._waiting: subprocess.Popen[bytes] | None = None

    def take(self) -> subprocess.Popen[bytes]:
        with self._lock:
            waiting, self._waiting = self._waiting, None
        if waiting is not None and waiting.poll() is None:
            return waiting
        return _start_reader()

    def refill(self) -> None:
        with self._lock:
            if self._wanted and self._waiting is None:
                self._waiting = _start_reader()

    def keep(self, wanted: bool) -> None:
        self._wanted = wanted
        if wanted:
            self.refill()
            return
        with self._lock:
            waiting, self._waiting = self._waiting, None
        if waiting is not None:
            waiting.kill()
            waiting.communicate()


_spare = _Spare()
atexit.register(_spare.keep, False)


def _start_reader() -> subprocess.Popen[bytes]:
    """A reader that takes its job from standard input. Freed memory goes back to the system at once (mimalloc is Arrow's)."""
    return subprocess.Popen(
        [sys.executable, "-m", "tuning_core.data.sandbox", "--wait"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        cwd=ROOT,
        env={**os.environ, "MIMALLOC_PURGE_DELAY": "0"},
    )


def _too_heavy(why: str) -> TableError:
    return TableError(
        f"Reading the file {why}.", kind="too_large", remedy="Upload fewer rows or columns, or save the file as plain UTF-8 CSV."
    )


def limit_process() -> None:
    """Bound this process's memory and CPU time from here on, where the platform can; it ends rather than the server."""
    try:
        import resource
    except ImportError:  # Windows has no such limits; the parent's timeout still holds
        return
    used = 0
    with suppress(OSError, ValueError, IndexError):
        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    if used:
        _lower(resource, resource.RLIMIT_AS, used + READ_MEMORY)
    _lower(resource, resource.RLIMIT_CORE, 0)  # a process that ends at its limit should not write its memory to the disk first
    _lower(resource, resource.RLIMIT_CPU, int(time.process_time()) + READ_SECONDS)


def _lower(resource: Any, what: int, value: int) -> None:
    _, hard = resource.getrlimit(what)
    bound = value if hard == resource.RLIM_INFINITY else min(value, hard)
    with suppress(OSError, ValueError):
        resource.setrlimit(what, (bound, bound))
