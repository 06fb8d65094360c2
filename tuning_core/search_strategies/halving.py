"""Successive halving: many settings for a few epochs, the best of them for more.

Jamieson & Talwalkar 2016, "Non-stochastic Best Arm Identification and Hyperparameter Optimization" (arXiv:1502.07943).
Trainings are paused at a rung and go on from there, so nothing is trained twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tuning_core.experiment import Hyperparameters
from tuning_core.experiment.space import SearchSpace
from tuning_core.search_strategies.base import Candidate, Result, Strategy
from tuning_core.search_strategies.random import Random

MOST_CUTS = 3


def rungs(space: SearchSpace, n: int) -> list[int]:
    """Epochs after which n settings are compared; the last one is all epochs.

    From `min_epochs` each rung is `factor` times the one before. Without it the rungs are counted down from all epochs: as many,
    up to three before the end, as leave a setting to train on and an epoch to compare.
    """
    last, factor = space.base.epochs, space.factor
    cuts = 0
    while factor ** (cuts + 1) <= n:
        cuts += 1
    if space.min_epochs is not None:
        early = [space.min_epochs * factor**i for i in range(cuts)]
    else:
        early = [round(last / factor**i) for i in range(min(cuts, MOST_CUTS), 0, -1)]
    return [*(epochs for epochs in early if 1 <= epochs < last), last]


class Halving(Strategy):
    """`n_iter` random settings begin; at each rung the best one in `factor` goes on.

    The whole rung must be told before the next is asked for. A setting's score at a rung is that of its training so far;
    failed and diverged ones never go on.
    """

    def __init__(self, space: SearchSpace, known: Mapping[Hyperparameters, float | None] | None = None) -> None:
        super().__init__(space, known)
        starting = Random(space, known).ask()
        self.rungs = rungs(space, len(starting))
        self.rung = 0
        self.waiting = [self._at(candidate) for candidate in starting]
        self.trained: dict[int, Candidate] = {}
        self.told: dict[int, Result] = {}

    def _at(self, candidate: Candidate) -> Candidate:
        until = self.rungs[self.rung] if self.rung < len(self.rungs) - 1 else None
        return Candidate(candidate.number, candidate.hyperparameters, candidate.values, until)

    def ask(self, n: int | None = None) -> list[Candidate]:
        asked = self.waiting[:n]
        self.waiting = self.waiting[len(asked) :]
        self.trained.update({candidate.number: candidate for candidate in asked})
        return asked

    def tell(self, results: Sequence[Result]) -> None:
        self.told.update({result.number: result for result in results if result.number in self.trained})
        if self.waiting or len(self.told) < len(self.trained) or self.rung == len(self.rungs) - 1:
            return
        order = sorted(self.told.values(), key=lambda result: (result.rank, result.number))
        good = [result for result in order if result.rank < float("inf")]
        going_on = sorted(result.number for result in good[: max(1, len(order) // self.space.factor)])
        self.rung += 1
        self.waiting = [self._at(self.trained[number]) for number in going_on]
        self.trained, self.told = {}, {}

    @property
    def finished(self) -> bool:
        """True once nothing waits and nothing that is being trained can lead to more."""
        return not self.waiting and (not self.trained or (self.rung == len(self.rungs) - 1))
