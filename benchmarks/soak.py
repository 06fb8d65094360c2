"""A worker's memory over hundreds of different programs: compiled code is dropped or the worker renewed.

    python -m benchmarks soak

Queues runs of different shapes on a real engine and samples the memory of its workers after each.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from tests.support.engine import LiveEngine

SHAPES = 240
LIMIT_MB = 1200  # above this a worker is renewed; low, so that the soak sees renewals


def main() -> str:
    os.environ["TUNESCOPE_WORKER_MB"] = str(LIMIT_MB)
    with tempfile.TemporaryDirectory() as home:
        engine = LiveEngine(Path(home)).ready()
        try:
            peaks = _soak(engine)
            renewed = (Path(home) / "engine.log").read_text().count("renewing worker")
        finally:
            engine.end()
    quarter = len(peaks) // 4
    return (
        f"### Soak: {SHAPES} different programs, workers renewed above {LIMIT_MB:,} MB\n\n"
        "| | MB |\n|---|---|\n"
        f"| largest worker, first quarter | {max(peaks[:quarter]):,.0f} |\n"
        f"| largest worker, last quarter | {max(peaks[-quarter:]):,.0f} |\n"
        f"| largest worker ever seen after a run | {max(peaks):,.0f} |\n"
        f"| workers renewed | {renewed} |\n"
    )


def _soak(engine: LiveEngine) -> list[float]:
    """The largest worker's memory in MB after each pair of runs; fails when a run does not finish."""
    peaks = []
    for i in range(0, SHAPES, 2):
        pair = [engine.run(1, epochs=2, hidden_units=[3 + j, 2 + j % 7], batch_size=64) for j in (i, i + 1)]
        for run_id in pair:
            run = engine.wait_ended(run_id, 120)
            if run.status != "finished":
                raise SystemExit(f"run {run_id} ended as {run.status}: {run.error}")
        peaks.append(max((worker.memory_info().rss for worker in engine.workers()), default=0) / 2**20)
    return peaks


if __name__ == "__main__":
    print(main())
