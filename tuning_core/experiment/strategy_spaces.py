"""`tc.grid`, `tc.random`, `tc.quasi_random`, `tc.bayesian`, `tc.halving`: one function for each strategy of a search."""

from __future__ import annotations

from typing import Any

from tuning_core.experiment.hyperparameters import Hyperparameters
from tuning_core.experiment.space import SearchSpace


def grid(base: Hyperparameters | None = None, *, include: Any = (), **axes: Any) -> SearchSpace:
    """Every combination of lists of values: ``tc.grid(base=hp, learning_rate=[0.1, 0.01], batch_size=[10, 40])``."""
    return SearchSpace(axes, base or Hyperparameters(), "grid", include=tuple(include))


def random(base: Hyperparameters | None = None, *, n_iter: int | None = 12, seed: int = 0, **axes: Any) -> SearchSpace:
    """`n_iter` settings at random, drawn as by scikit-learn's ParameterSampler: from lists alone without replacement."""
    return _space("random", base, n_iter, seed, axes)


def quasi_random(base: Hyperparameters | None = None, *, n_iter: int | None = 16, seed: int = 0, **axes: Any) -> SearchSpace:
    """`n_iter` settings spread evenly over the ranges (a scrambled Sobol sequence): the better way to explore."""
    return _space("quasi_random", base, n_iter, seed, axes)


def bayesian(base: Hyperparameters | None = None, *, n_iter: int | None = 32, seed: int = 0, **axes: Any) -> SearchSpace:
    """`n_iter` settings, each batch chosen after the scores of the ones before (Optuna's tree-structured Parzen estimator)."""
    return _space("bayesian", base, n_iter, seed, axes)


def halving(
    base: Hyperparameters | None = None,
    *,
    n_iter: int | None = 27,
    seed: int = 0,
    factor: int = 3,
    min_epochs: int | None = None,
    **axes: Any,
) -> SearchSpace:
    """`n_iter` random settings start; at each rung the best one in `factor` goes on training from where it is."""
    return _space("halving", base, n_iter, seed, axes, factor=factor, min_epochs=min_epochs)


def _space(
    strategy: str, base: Hyperparameters | None, n_iter: int | None, seed: int, axes: dict[str, Any], **options: Any
) -> SearchSpace:
    options |= {name: axes.pop(name) for name in ("seconds", "include") if name in axes}
    return SearchSpace(axes, base or Hyperparameters(), strategy, n_iter, seed, **options)
