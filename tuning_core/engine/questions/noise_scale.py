"""Questions of the kind "noise_scale": {"dataset_id", "setup", "hyperparameters"}; the gradient noise scale along a training."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from tuning_core.engine.uploads import table_source
from tuning_core.engine.worker.messages import FoldSource
from tuning_core.engine.worker.tasks import fold_cache
from tuning_core.experiment import Hyperparameters
from tuning_core.store import Database
from tuning_core.training.row_splits import fold_number


@dataclass(frozen=True)
class Wanted:
    """What the worker needs: the rows, and the settings to train with."""

    source: FoldSource
    hyperparameters: Hyperparameters


def gather(db: Database, spec: dict[str, Any]) -> Wanted:
    """SettingsError when the settings are not valid."""
    hp = Hyperparameters.from_json(spec["hyperparameters"])
    return Wanted(FoldSource(table_source(db, spec["dataset_id"]), spec["setup"]), hp)


def work(wanted: Wanted) -> dict[str, Any]:
    """{"epochs", "scales", "best_epoch", "typical"}, see `NoiseScales`; `typical` is None where nothing could be measured."""
    from tuning_core.training.noise_scale import noise_scales  # TensorFlow, which the engine itself never loads

    hp = wanted.hyperparameters
    found = noise_scales(fold_cache(wanted.source)[fold_number(hp, 0, 1, False)], hp)
    return {
        "epochs": list(found.epochs),
        "scales": list(found.scales),
        "best_epoch": found.best_epoch,
        "typical": found.typical if math.isfinite(found.typical) else None,
    }
