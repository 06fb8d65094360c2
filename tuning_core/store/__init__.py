"""The store: one SQLite file and the dataset files beside it. The web writes requests, the engine everything else."""

from tuning_core.store import curves, datasets, engine_state, runs, settings, vault
from tuning_core.store.database import Database, home_folder

__all__ = ["Database", "curves", "datasets", "engine_state", "home_folder", "runs", "settings", "vault"]
