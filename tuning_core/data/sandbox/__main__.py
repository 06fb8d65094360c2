"""`python -m tuning_core.data.sandbox SOURCE FOLDER --name UPLOADNAME [--options JSON]`: read one upload under limits.

Writes the table and profile.json into FOLDER and exits with 0, or error.json and exits with 2. With `--wait` the job is read
from standard input instead, as one line of JSON with source, folder, name and options.
"""

from __future__ import annotations

import argparse
import json
import logging
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet  # loaded before the limit, which counts what is added

from tuning_core.data.profile import profile
from tuning_core.data.reading.options import ReadOptions
from tuning_core.data.reading.progress import Progress
from tuning_core.data.reading.reader import read_table
from tuning_core.data.sandbox.parent import limit_process
from tuning_core.errors import TableError, UserError
from tuning_core.logs import set_up_logs

log = logging.getLogger("tunescope.reader")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tuning_core.data.sandbox", description=__doc__)
    parser.add_argument("source", nargs="?")
    parser.add_argument("folder", nargs="?")
    parser.add_argument("--name", default=None)
    parser.add_argument("--options", default="{}")
    parser.add_argument("--wait", action="store_true")
    given = parser.parse_args(arguments)
    if given.wait:
        _warm_up()
        line = sys.stdin.readline()
        if not line.strip():  # whoever started this has gone
            return 0
        return read(**json.loads(line))
    if given.source is None or given.folder is None:
        parser.error("SOURCE and FOLDER are needed")
    return read(given.source, given.folder, given.name, json.loads(given.options))


def read(source: str, folder: str, name: str | None, options: dict[str, Any]) -> int:
    """Read under limits; 0 with table and profile.json in the folder, or 2 with error.json."""
    out = Path(folder)
    out.mkdir(parents=True, exist_ok=True)
    try:
        limit_process()
        _read(Path(source), out, name, options)
    except UserError as error:
        problem: UserError = error
    except Exception as error:  # the last line of defence: a person gets a sentence, the log gets the rest
        log.error("an upload could not be read", exc_info=error)
        problem = _unexpected(error)
    else:
        return 0
    (out / "error.json").write_text(json.dumps(problem.to_json()), encoding="ascii")
    return 2


def _unexpected(error: Exception) -> TableError:
    words = f"{type(error).__name__} {error}".lower()
    if any(
        sign in words for sign in ("memory", "alloc", "thread", "temporarily unavailable")
    ):  # libraries name its lack in many ways
        return TableError(
            "Reading the file needs more memory than one upload may have.",
            kind="too_large",
            remedy="Upload fewer rows or columns.",
        )
    return TableError(
        f"The file could not be read ({type(error).__name__}).",
        kind="not_csv_text",
        remedy="Save it as plain UTF-8 CSV with a header line and upload it again.",
    )


def _read(source: Path, folder: Path, name: str | None, options: dict[str, Any]) -> None:
    report = Progress(folder)
    table = read_table(source, name, options=ReadOptions.from_json(options), report=report)
    report(0.9, "Saving and summing up")
    table.save(folder)
    (folder / "profile.json").write_text(json.dumps(profile(table), allow_nan=False), encoding="ascii")


def _warm_up() -> None:
    """Load what is loaded on first use, so that the upload does not wait for it."""
    pyarrow.set_cpu_count(2)
    rows = "".join(f"{at},{at / 3},w{at % 5},2024-01-{at % 28 + 1:02d},{at % 9}.{at % 7}00 €\n" for at in range(40))
    table = read_table(("a,b,c,d,e\n" + rows).encode())
    profile(table)
    with tempfile.TemporaryDirectory() as folder:
        table.save(folder)


if __name__ == "__main__":
    set_up_logs("reader")
    sys.exit(main())
