"""Several lessons in one table, beside what is aimed at on two quiet cores."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from benchmarks.students.lesson import Lesson

SECONDS, LINGER = 55.0, 30.0
WHOLE = (
    *(Lesson(students, SECONDS, linger=LINGER) for students in (10, 30, 60, 100)),
    Lesson(100, 45.0, rounds=1, arrive=15.0, linger=LINGER, name="100 arrive in 15 s"),
)
"""What a server is judged by; with rests and the start of the server it takes seven minutes, and never more than eight."""
AIMS = (
    "Aims: 60 students p95 under 0.6 s, 100 under 2 s; pages p95 under 0.5 s; first page p95 under 3 s; web under 300 MB; "
    "none failed."
)
COLUMNS = {"press to curve": "press to complete curve", "page": "page interaction", "first page": "open: first page"}


def summary(results: Sequence[dict[str, Any]]) -> str:
    """A line for each lesson: median and 95th percentile in seconds, memory of the web process at its begin and end, errors."""
    head = ["lesson", *(f"{name} p50 / p95, s (n)" for name in COLUMNS), "web begin, MB", "web end, MB", "failed"]
    lines = [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    for result in results:
        times = [result["times"].get(key) for key in COLUMNS.values()]
        cells = [f"{row['p50']:.2f} / {row['p95']:.2f} ({row['n']})" if row else "none" for row in times]
        memory = [str(result["server"][when]["web"]) for when in ("rss_first", "rss_last")]
        lines.append(f"| {' | '.join([result['name'], *cells, *memory, str(sum(result['errors'].values()))])} |")
    failed = [f"- {result['name']}: {result['errors']}" for result in results if result["errors"]]
    return "\n".join([*lines, "", AIMS, *failed])
