"""A training that waits for its next rung: plain arrays, which travel between processes. No keras."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class TrainingCheckpoint:
    """A training that can go on later, in any stack of its shape: all that its next epoch depends on.

    Attributes
    ----------
    epoch : epochs done.
    state : what `Program.state` lists, for this model alone: (in, out) slices, and the optimizer's step counters.
    watch : early stopping so far, scalars.
    values : recorded so far, shape (5, epoch), in the target's own units.
    """

    epoch: int
    state: tuple[np.ndarray, ...]
    stopping_state: Mapping[str, np.ndarray]
    values: np.ndarray

    @property
    def nbytes(self) -> int:
        return self.values.nbytes + sum(np.asarray(v).nbytes for v in (*self.state, *self.stopping_state.values()))
