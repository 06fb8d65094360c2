"""How long the disease gallery and the sweeps under the sliders take on insurance.csv, from the click to the last curve.

    python -m benchmarks gallery

Starts the real app on a store of its own and asks as the pages do. Cold is the first time, when programs must be compiled; warm
is a later time with another seed, so that nothing but the programs is there already.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from benchmarks.slider import free_port, serve, wait_ready
from tests.support.datasets import SETUP
from tests.support.waiting import wait_for
from tuning_core.diagnosis import gallery_settings
from tuning_core.diagnosis.sweep import sweep_settings
from tuning_core.experiment import EarlyStopping, Hyperparameters
from tuning_core.store import Database, datasets, runs

START = Hyperparameters(early_stopping=EarlyStopping(patience=20))  # what docs/benchmarks.md was measured with
N_TRAIN = 936


def seconds(db: Database, kind: str, settings: list[Hyperparameters], seed: int) -> float:
    """From the request to the end of the run."""
    spec = {"settings": [hp.to_json() for hp in settings], "seeds": [seed]}
    began = time.perf_counter()
    run_id = runs.add_run(db, "benchmark", "insurance", SETUP, kind, spec)
    wait_for(lambda: not runs.get_run(db, run_id).live, 300)
    taken = time.perf_counter() - began
    run = runs.get_run(db, run_id)
    if run.status != "finished":
        raise SystemExit(f"the {kind} ended as {run.status}: {run.error}")
    return taken


def main() -> str:
    wanted = [
        ("gallery", "disease gallery: 45 settings, eight programs", gallery_settings(), "under 15 s warm"),
        ("sweep", "sweep of 24 learning rates, 100 epochs", sweep_settings("learning_rate", START, N_TRAIN), ""),
        ("sweep", "sweep of batch sizes, six programs", sweep_settings("batch_size", START, N_TRAIN), ""),
    ]
    lines = []
    with tempfile.TemporaryDirectory() as home:
        port = free_port()
        app = serve(home, port)
        try:
            wait_ready(port)
            db = Database(Path(home))
            wait_for(lambda: getattr(datasets.get_dataset(db, "insurance"), "status", "") == "ready")
            for kind, words, settings, promise in wanted:
                cold, *warm = [seconds(db, kind, settings, seed) for seed in range(3)]
                lines.append(f"| {words} | {cold:.1f} s | {min(warm):.1f} and {max(warm):.1f} s | {promise} |")
        finally:
            app.terminate()
            app.wait(20)
    head = [
        "### Gallery and sweeps on insurance.csv, from the click to the last curve",
        "",
        "| what | cold | warm, twice | promised |",
        "|---|---|---|---|",
    ]
    return "\n".join([*head, *lines]) + "\n"


if __name__ == "__main__":
    print(main())
