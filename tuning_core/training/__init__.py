"""Stacked training: many Keras models as one compiled program. The only place that imports keras.

Reading order: `planning` (which trials share a stack), `program` (the compiled core), `stack` (the loop around it),
`train_session` (the function that people call). Planning needs no TensorFlow, so the names below load when first used.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")  # programs of this size are CPU work

_HOMES = {
    "refit": "tuning_core.training.train_session",
    "search": "tuning_core.training.search_session",
    "to_keras": "tuning_core.training.layers",
    "train": "tuning_core.training.train_session",
}

__all__ = ["refit", "search", "to_keras", "train"]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
