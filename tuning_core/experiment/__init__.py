"""What crosses processes: settings in, curves out. Frozen, validated, JSON both ways; no I/O, no keras."""

from tuning_core.experiment.history import SERIES, History
from tuning_core.experiment.hyperparameters import EarlyStopping, Hyperparameters
from tuning_core.experiment.result import Run, Trial
from tuning_core.experiment.split import Split

__all__ = ["SERIES", "EarlyStopping", "History", "Hyperparameters", "Run", "Split", "Trial"]
