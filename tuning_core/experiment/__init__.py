"""What crosses processes: settings in, curves out. Frozen, validated, JSON both ways; no I/O, no keras."""

from tuning_core.experiment.axis_parsing import choice, loguniform, randint, uniform
from tuning_core.experiment.cross_validation import CrossValidation
from tuning_core.experiment.history import SERIES, History
from tuning_core.experiment.hyperparameter_diff import Change, changes, changes_in_words
from tuning_core.experiment.hyperparameters import EarlyStopping, Hyperparameters
from tuning_core.experiment.result import Run, Trial
from tuning_core.experiment.search_result import Configuration, SearchRun
from tuning_core.experiment.space import SearchSpace
from tuning_core.experiment.split import Split
from tuning_core.experiment.statuses import RunStatus, TrialStatus
from tuning_core.experiment.strategy_spaces import bayesian, grid, halving, quasi_random, random
from tuning_core.experiment.test_set_look import TestSetLook

__all__ = [
    "SERIES",
    "Change",
    "Configuration",
    "CrossValidation",
    "EarlyStopping",
    "History",
    "Hyperparameters",
    "Run",
    "RunStatus",
    "SearchRun",
    "SearchSpace",
    "Split",
    "TestSetLook",
    "Trial",
    "TrialStatus",
    "bayesian",
    "changes",
    "changes_in_words",
    "choice",
    "grid",
    "halving",
    "loguniform",
    "quasi_random",
    "randint",
    "random",
    "uniform",
]
