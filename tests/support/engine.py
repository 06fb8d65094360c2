"""A real engine on a store of its own, for tests that start, kill and watch processes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import psutil

import tuning_core as tc
from tests.support.datasets import SETUP
from tests.support.paths import INSURANCE, ROOT
from tests.support.waiting import wait_for
from tuning_core.experiment import CrossValidation, SearchSpace
from tuning_core.store import Database, curves, datasets, engine_status, runs
from tuning_core.store.trials import get_trials


class LiveEngine:
    """One engine process; `kill` is kill -9, `end` closes its pipe as a web process that ends does.

    Parameters
    ----------
    environment : what else is set for it.
    """

    def __init__(self, home: Path, environment: Mapping[str, str] | None = None) -> None:
        self.db, self.environment = Database(home), dict(environment or {})
        if datasets.get_dataset(self.db, "insurance") is None:
            datasets.add_dataset(self.db, datasets.SAMPLES, "insurance.csv", INSURANCE.read_bytes(), dataset_id="insurance")
        self.start()

    def start(self) -> None:
        environment = os.environ | {"TUNESCOPE_HOME": str(self.db.home), "PYTHONPATH": str(ROOT)} | self.environment
        self.log = (self.db.home / "engine.log").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tuning_core.engine", "--with-parent"],
            stdin=subprocess.PIPE,
            stdout=self.log,
            stderr=self.log,
            env=environment,
        )

    def ready(self) -> LiveEngine:
        wait_for(lambda: engine_status.get_engine(self.db).status == "ready" and self._mine())
        wait_for(lambda: getattr(datasets.get_dataset(self.db, "insurance"), "status", "") == "ready")
        return self

    def _mine(self) -> bool:
        return engine_status.get_engine(self.db).pid == self.process.pid

    def workers(self) -> list[psutil.Process]:
        """The nannied worker processes: those that use the most memory are the ones with TensorFlow in them."""
        children = psutil.Process(self.process.pid).children(recursive=True)
        return [child for child in children if "spawn_main" in " ".join(child.cmdline())]

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        if self.process.stdin:
            self.process.stdin.close()
        self.log.close()

    def end(self) -> None:
        if self.process.stdin:
            self.process.stdin.close()
        self.process.wait(300)
        self.log.close()

    def run(self, seeds: int = 2, *, workspace: str = "me", **hyperparameters: object) -> str:
        spec = {"hyperparameters": hyperparameters, "seeds": list(range(seeds))}
        return runs.add_run(self.db, workspace, "insurance", SETUP, "manual", spec)

    def sweep(self, settings: list[dict], seeds: list[int], kind: str = "sweep") -> str:
        return runs.add_run(self.db, "me", "insurance", SETUP, kind, {"settings": settings, "seeds": seeds})

    def search(
        self, space: SearchSpace, cv: CrossValidation | None = None, seeds: tuple[int, ...] = (0,), *, workspace: str = "me"
    ) -> str:
        spec = {"space": space.to_json(), "cv": cv.to_json() if cv else None, "seeds": list(seeds)}
        return runs.add_run(self.db, workspace, "insurance", SETUP, "search", spec)

    def recorded(self, run_id: str) -> int:
        """Epochs recorded of all trials."""
        return sum(trial.epochs for trial in get_trials(self.db, run_id))

    def wait_recorded(self, run_id: str, epochs: int) -> None:
        wait_for(lambda: self.recorded(run_id) >= epochs)

    def wait_ended(self, run_id: str, seconds: float = 600.0) -> runs.StoredRun:
        def ended() -> runs.StoredRun | None:
            run = runs.get_run(self.db, run_id)
            return run if run is not None and not run.live else None

        return wait_for(ended, seconds)


def reference(seeds, **hyperparameters):
    """The same training in this process, without engine, store or Dask."""
    dataset = tc.Dataset.from_spec(tc.read_table(INSURANCE), SETUP)
    return tc.train(dataset, tc.Hyperparameters(**hyperparameters), seeds=range(seeds))


def assert_same_curves(db, run_id, run):
    stored = curves.histories(db, run_id)
    assert len(stored) == len(run.trials)
    for trial in run.trials:
        np.testing.assert_allclose(stored[trial.number].matrix(), trial.history.matrix(), rtol=1e-5)
