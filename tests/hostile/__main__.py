"""`python -m tests.hostile MANIFEST [CASE ...]`: run a manifest's cases and print passed/total by group."""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from pathlib import Path

from tests.hostile.scoring import score


def main(arguments: list[str]) -> int:
    if not arguments:
        print(__doc__)
        return 2
    manifest = Path(arguments[0])
    cases = json.loads(manifest.read_text(encoding="utf-8"))["cases"]
    wanted = set(arguments[1:])
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


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
