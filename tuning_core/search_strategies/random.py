"""Random search: the draws of scikit-learn's ParameterSampler."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from typing import Any

from tuning_core.experiment import Hyperparameters
from tuning_core.experiment.axes import Choice
from tuning_core.experiment.space import MAX_TRIALS
from tuning_core.search_strategies.base import Listed


class Random(Listed):
    """`n_iter` settings at random, the very ones that `ParameterSampler(axes, n_iter, random_state=seed)` draws.

    Lists alone are drawn from without replacement, and when there are fewer combinations than `n_iter` all are tried;
    ranges are drawn from with replacement. An axis that is switched off beside the others is drawn and left out.
    """

    def settings(self) -> Iterable[tuple[dict[str, Any], Hyperparameters]]:
        from sklearn.model_selection import ParameterSampler

        axes = {name: list(axis.options) if isinstance(axis, Choice) else axis for name, axis in self.space.axes.items()}
        sampler = ParameterSampler(axes, self.space.n_iter or MAX_TRIALS, random_state=self.space.seed)
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="The total space of parameters")  # said in the docstring
            for values in sampler:
                yield self.space.setting(values)
