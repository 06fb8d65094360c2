"""How a benchmark reports: ratios against a named peer from the same run, beside what was promised."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """One claim: how often our unit of work fits into the peer's."""

    claim: str
    ours: float  # seconds per unit
    peer: float  # seconds per unit
    unit: str
    promised: float | None = None

    @property
    def ratio(self) -> float:
        return self.peer / self.ours


def seconds(work: Callable[[], object], repeats: int = 3) -> float:
    """Median wall time of `work`."""
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def table(title: str, peer: str, lines: list[Line]) -> str:
    """A Markdown table of the lines."""
    rows = [f"### {title}", "", f"| what | ours | {peer} | ratio | promised |", "|---|---|---|---|---|"]
    for line in lines:
        promised = f"{line.promised:g}x" if line.promised else ""
        ours, theirs = _time(line.ours), _time(line.peer)
        rows.append(f"| {line.claim} | {ours} {line.unit} | {theirs} {line.unit} | **{line.ratio:.3g}x** | {promised} |")
    return "\n".join(rows) + "\n"


def _time(value: float) -> str:
    return f"{1000 * value:.3g} ms" if value < 1 else f"{value:.3g} s"
