"""From a SearchSpace to the strategy that it names."""

from __future__ import annotations

from collections.abc import Mapping

from tuning_core.experiment import Hyperparameters
from tuning_core.experiment.space import SearchSpace
from tuning_core.search_strategies.base import Strategy
from tuning_core.search_strategies.bayesian import Bayesian
from tuning_core.search_strategies.grid import Grid
from tuning_core.search_strategies.halving import Halving
from tuning_core.search_strategies.quasi_random import QuasiRandom
from tuning_core.search_strategies.random import Random

_STRATEGIES: dict[str, type[Strategy]] = {
    "grid": Grid,
    "random": Random,
    "quasi_random": QuasiRandom,
    "bayesian": Bayesian,
    "halving": Halving,
}


def make_strategy(space: SearchSpace, known: Mapping[Hyperparameters, float | None] | None = None) -> Strategy:
    """The strategy of a space; `known` are the settings (and scores) of the search that it extends."""
    return _STRATEGIES[space.strategy](space, known)
