"""The store: one SQLite file and the dataset files beside it. The web writes requests, the engine everything else."""

from tuning_core.store import curves, datasets, engine_status, machine_speed, runs, search_configurations, test_set_looks
from tuning_core.store.database import Database

__all__ = ["Database", "curves", "datasets", "engine_status", "machine_speed", "runs", "search_configurations", "test_set_looks"]
