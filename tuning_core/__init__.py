"""Tunescope's core: data, stacked training, search and diagnosis, with no dashboard in it.

`import tuning_core as tc` is light: names load the module behind them when first used, so a process that only reads
curves never pays for TensorFlow.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOMES = {
    "UserError": "tuning_core.errors",
    "TableError": "tuning_core.errors",
    "DatasetError": "tuning_core.errors",
    "SettingsError": "tuning_core.errors",
    "EarlyStopping": "tuning_core.experiment",
    "History": "tuning_core.experiment",
    "Hyperparameters": "tuning_core.experiment",
    "Run": "tuning_core.experiment",
    "Split": "tuning_core.experiment",
    "Trial": "tuning_core.experiment",
    "CrossValidation": "tuning_core.experiment",
    "SearchRun": "tuning_core.experiment",
    "SearchSpace": "tuning_core.experiment",
    "bayesian": "tuning_core.experiment",
    "choice": "tuning_core.experiment",
    "grid": "tuning_core.experiment",
    "halving": "tuning_core.experiment",
    "loguniform": "tuning_core.experiment",
    "quasi_random": "tuning_core.experiment",
    "randint": "tuning_core.experiment",
    "random": "tuning_core.experiment",
    "uniform": "tuning_core.experiment",
    "Evidence": "tuning_core.diagnosis",
    "Finding": "tuning_core.diagnosis",
    "Remedy": "tuning_core.diagnosis",
    "diagnose": "tuning_core.diagnosis",
    "stop_point": "tuning_core.diagnosis",
    "Column": "tuning_core.data",
    "Dataset": "tuning_core.data",
    "Notice": "tuning_core.data",
    "ReadOptions": "tuning_core.data",
    "Table": "tuning_core.data",
    "read_table": "tuning_core.data",
    "ExamReport": "tuning_core.exam",
    "final_exam": "tuning_core.exam",
    "export_bundle": "tuning_core.export",
    "export_curves": "tuning_core.export",
    "export_notebook": "tuning_core.export",
    "export_page": "tuning_core.export",
    "export_report": "tuning_core.export",
    "export_script": "tuning_core.export",
    "export_search": "tuning_core.export",
    "to_optuna": "tuning_core.export",
    "to_tensorboard": "tuning_core.export",
    "read_run_file": "tuning_core.export",
    "write_run_file": "tuning_core.export",
    "Model": "tuning_core.prediction",
    "Predictions": "tuning_core.prediction",
    "partial_dependence": "tuning_core.prediction",
    "predict": "tuning_core.prediction",
    "refit": "tuning_core.training",
    "search": "tuning_core.training",
    "train": "tuning_core.training",
    "to_keras": "tuning_core.training",
    "StackedGridSearchCV": "tuning_core.estimators",
    "StackedMLPClassifier": "tuning_core.estimators",
    "StackedMLPRegressor": "tuning_core.estimators",
    "StackedRandomizedSearchCV": "tuning_core.estimators",
}

_ROOMS = ("lessons",)  # packages that are called by their own name: tc.lessons.chapters()

__all__ = sorted((*_HOMES, *_ROOMS))  # noqa: PLE0605
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        value = globals()[name] = getattr(import_module(_HOMES[name]), name)
        return value
    if name in _ROOMS:
        return import_module(f"tuning_core.{name}")
    raise AttributeError(f"module 'tuning_core' has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
