"""What training costs, about, in seconds of one core of a server of 2024: enough to weigh one plan against another.

A step of K models side by side costs what calling the program costs, and for each model a fixed part, its arithmetic, and the
pass of the optimizer over its weights. `engine.runs.machine_speed` scales these seconds to the machine at hand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tuning_core.training.fold import FoldShape
from tuning_core.training.specs import ProgramKey, TrialSpec, n_params, program_key_for, shape_of

CALL = 3e-6  # seconds of a step, whatever it trains
MODEL = 1.7e-6  # of a step for each model
OPERATIONS = 2e11  # floating-point operations a second
WEIGHT = 3e-10  # seconds of a step for each weight
COMPILING = 1.0  # seconds


def epoch_seconds(tasks: Sequence[TrialSpec], facts: Mapping[int, FoldShape], program_key: ProgramKey | None = None) -> float:
    """One epoch of a stack, on its own program or on a larger one; padded models and rows cost like others."""
    fold = facts[tasks[0].fold]
    shape, k = program_key or program_key_for(tasks, facts)
    steps = shape_of(tasks[0].hyperparameters, fold).steps
    weights = n_params(shape.hidden_units, shape.n_features, shape.n_outputs)
    step = CALL + k * (MODEL + 6.0 * shape.batch_size * weights / OPERATIONS + WEIGHT * weights)
    evaluation = k * 2.0 * 1.3 * fold.n_train * weights / OPERATIONS  # training rows, and validation rows about a third of them
    return steps * step + evaluation


def stack_seconds(tasks: Sequence[TrialSpec], facts: Mapping[int, FoldShape], program_key: ProgramKey | None = None) -> float:
    """All epochs of a stack, without compiling."""
    return max(task.hyperparameters.epochs for task in tasks) * epoch_seconds(tasks, facts, program_key)
