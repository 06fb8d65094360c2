"""`python -m tests.hostile FOLDER [CASE ...]`: how the CSV files in a folder are read, against what is expected of them.

With a manifest.json in the folder (or the path of one) each case is scored, and passed/total printed by group. Of a folder
without, it is printed how each file is read: rows, columns and their kinds, notices, or the refusal; beside the sentences of
expected.json ({"file.csv": {"right": "..."}}) when there is one, for a person to judge.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from pathlib import Path

from tests.hostile.scoring import Outcome, run, score


def main(arguments: list[str]) -> int:
    if not arguments:
        print(__doc__)
        return 2
    given, wanted = Path(arguments[0]), set(arguments[1:])
    manifest = given / "manifest.json" if given.is_dir() else given
    if manifest.is_file():
        return score_manifest(manifest, wanted)
    return show_folder(given, wanted)


def score_manifest(manifest: Path, wanted: set[str]) -> int:
    """Score the cases that are wanted, or all; 0 when all of them pass."""
    cases = json.loads(manifest.read_text(encoding="utf-8"))["cases"]
    tally: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for case in cases:
        if wanted and case["id"] not in wanted:
            continue
        short = score(case, manifest.parent)
        tally[case["group"]][0] += not short
        tally[case["group"]][1] += 1
        if short:
            print(f"FAIL {case['id']}: " + "; ".join(short))
    for group, (passed, total) in sorted(tally.items()):
        print(f"{group:12s} {passed:3d}/{total}")
    passed, total = (sum(counts[at] for counts in tally.values()) for at in (0, 1))
    print(f"{'all':12s} {passed:3d}/{total}")
    return 0 if passed == total else 1


def show_folder(folder: Path, wanted: set[str]) -> int:
    """Print how each file is read; 1 when one of them crashes the reader."""
    expected = folder / "expected.json"
    right = json.loads(expected.read_text(encoding="utf-8")) if expected.is_file() else {}
    crashed = 0
    for path in sorted(path for path in folder.iterdir() if path.is_file() and path.suffix != ".json" and path.stem != "README"):
        if wanted and not {path.name, path.stem} & wanted:
            continue
        outcome = run(path, path.name, None, None)
        crashed += bool(outcome.crash)
        print(f"## {path.name}")
        if path.name in right:
            print(f"   right: {right[path.name]['right']}")
        print("\n".join(f"   {line}" for line in _lines(outcome)))
    return 1 if crashed else 0


def _lines(outcome: Outcome) -> list[str]:
    if outcome.crash or outcome.error is not None:
        return [f"CRASH {outcome.crash}" if outcome.crash else f"refused ({outcome.error.kind}): {outcome.error}"]
    table = outcome.table
    columns = [f"{column.name!r} {column.kind}, {column.missing} missing" for column in table.columns]
    head = f"{len(table.frame):,} rows, {table.reading['encoding']}, cut at {table.reading['delimiter']!r}"
    return [head, "; ".join(columns), *(f"{notice.kind}: {notice.message}" for notice in table.notices)]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
