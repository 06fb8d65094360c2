"""Stacked training: many Keras models as one compiled program. The only place that imports keras.

Reading order: `planner` (which trials share a stack), `program` (the compiled core), `stack` (the loop around it),
`session` (the function that people call).
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")  # XLA programs of this size are CPU work

from tuning_core.training.layers import to_keras
from tuning_core.training.session import train

__all__ = ["to_keras", "train"]
