"""`python -m tuning_core.data SOURCE FOLDER --name UPLOADNAME [--options JSON]`: read one upload under limits.

Writes the table and profile.json into FOLDER and exits with 0, or error.json and exits with 2.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from tuning_core.data.options import ReadOptions
from tuning_core.data.reading import read_table
from tuning_core.data.sandbox import error_to_json, limit_process
from tuning_core.errors import TableError, UserError


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tuning_core.data", description=__doc__)
    parser.add_argument("source", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--name", default=None)
    parser.add_argument("--options", default="{}")
    given = parser.parse_args(arguments)
    given.folder.mkdir(parents=True, exist_ok=True)
    try:
        _read(given.source, given.folder, given.name, given.options)
    except UserError as error:
        problem: UserError = error
    except MemoryError:
        problem = TableError(
            "Reading the file needs more memory than one upload may have.",
            kind="too_large",
            remedy="Upload fewer rows or columns.",
        )
    except Exception as error:  # the last line of defence: a person gets a sentence, the log gets the rest
        import traceback

        traceback.print_exc()
        problem = TableError(
            f"The file could not be read ({type(error).__name__}).",
            kind="not_csv_text",
            remedy="Save it as plain UTF-8 CSV with a header line and upload it again.",
        )
    else:
        return 0
    (given.folder / "error.json").write_text(json.dumps(error_to_json(problem)), encoding="ascii")
    return 2


def _read(source: Path, folder: Path, name: str | None, options: str) -> None:
    import pyarrow
    import pyarrow.parquet  # loaded before the limit, which counts what is added

    pyarrow.set_cpu_count(2)
    limit_process()
    table = read_table(source, name, options=ReadOptions.from_json(json.loads(options)))
    table.save(folder)
    (folder / "profile.json").write_text(json.dumps(table.profile(), allow_nan=False), encoding="ascii")


if __name__ == "__main__":
    sys.exit(main())
