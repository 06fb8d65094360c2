"""Trials to stacks: which trials can be trained side by side, and in how few programs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import pairwise

from tuning_core.training.fold import Fold, FoldShape
from tuning_core.training.specs import BUCKETS, ModelShape, TrialSpec, shape_of, training_of

STACK_BYTES = 512 * 2**20


def stack_limit(shape: ModelShape) -> int:
    """The most models of a shape that fit in `STACK_BYTES`: weights, kept weights, slots and one batch of activations."""
    widths = (shape.n_features, *shape.hidden_units, shape.n_outputs)
    weights = sum((a + 1) * b for a, b in pairwise(widths))
    one = 4 * (7 * weights + 4 * shape.batch_size * sum(widths))
    fitting = [size for size in BUCKETS if size * one <= STACK_BYTES]
    return fitting[-1] if fitting else 1


def plan(
    tasks: Sequence[TrialSpec], folds: Mapping[int, Fold] | Mapping[int, FoldShape], widest: int = BUCKETS[-1]
) -> list[tuple[TrialSpec, ...]]:
    """The fewest stacks for these tasks, none wider than `widest` or than memory allows.

    Tasks that differ in epochs only are one training: they count once and stay together, in the order given.
    """
    by_shape: dict[ModelShape, dict[tuple, list[TrialSpec]]] = defaultdict(dict)
    for task in tasks:
        by_shape[shape_of(task.hyperparameters, folds[task.fold])].setdefault(training_of(task), []).append(task)
    stacks = []
    for shape, groups in by_shape.items():
        width = min(widest, stack_limit(shape))
        trainings = list(groups.values())
        for start in range(0, len(trainings), width):
            stacks.append(tuple(task for group in trainings[start : start + width] for task in group))
    return stacks
