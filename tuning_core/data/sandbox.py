"""Reading an upload in a process of its own, with limits on memory and time, so that no file can harm the server."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

from tuning_core.data.limits import READ_MEMORY, READ_SECONDS
from tuning_core.data.options import ReadOptions
from tuning_core.data.source import display_name
from tuning_core.errors import TableError, UserError


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
    command = [sys.executable, "-m", "tuning_core.data", str(Path(path).absolute()), str(folder.absolute())]
    command.append(f"--name={display_name(name)}")
    if options is not None:
        command += ["--options", json.dumps(options.to_json())]
    root = Path(__file__).resolve().parents[2]
    with tempfile.TemporaryFile() as log:
        try:
            done = subprocess.run(
                command, timeout=timeout, stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd=root, check=False
            )
        except subprocess.TimeoutExpired as late:
            raise _too_heavy(f"took longer than {timeout:g} seconds") from late
    if done.returncode == 0:
        return json.loads((folder / "profile.json").read_text(encoding="ascii"))
    try:
        raise error_from_json(json.loads((folder / "error.json").read_text(encoding="ascii")))
    except OSError as silent:  # killed before it could write: by the memory or the CPU limit
        raise _too_heavy("needed more memory or time than one upload may have") from silent


def _too_heavy(why: str) -> TableError:
    return TableError(
        f"Reading the file {why}.", kind="too_large", remedy="Upload fewer rows or columns, or save the file as plain UTF-8 CSV."
    )


def error_to_json(error: UserError) -> dict[str, Any]:
    return {
        "kind": error.kind,
        "message": error.message,
        "remedy": error.remedy,
        "line": getattr(error, "line", None),
        "column": getattr(error, "column", None),
    }


def error_from_json(values: dict[str, Any]) -> TableError:
    return TableError(
        values["message"], kind=values["kind"], remedy=values["remedy"], line=values["line"], column=values["column"]
    )


def limit_process() -> None:
    """Bound this process's memory and CPU time, where the platform can; it ends rather than the server."""
    try:
        import resource
    except ImportError:  # Windows has no such limits; the parent's timeout still holds
        return
    used = 0
    with suppress(OSError, ValueError, IndexError):
        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    if used:
        _lower(resource, resource.RLIMIT_AS, used + READ_MEMORY)
    _lower(resource, resource.RLIMIT_CPU, READ_SECONDS)


def _lower(resource: Any, what: int, value: int) -> None:
    _, hard = resource.getrlimit(what)
    bound = value if hard == resource.RLIM_INFINITY else min(value, hard)
    with suppress(OSError, ValueError):
        resource.setrlimit(what, (bound, bound))
