"""Grid search: every combination, in the order of scikit-learn's ParameterGrid."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tuning_core.experiment import Hyperparameters
from tuning_core.search_strategies.base import Listed


class Grid(Listed):
    """Every combination of the axes' values; see `SearchSpace.grid`."""

    def settings(self) -> Iterable[tuple[dict[str, Any], Hyperparameters]]:
        return self.space.grid()
