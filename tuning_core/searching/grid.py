"""Grid search: every combination, in the order of scikit-learn's ParameterGrid."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tuning_core.experiment import Hyperparameters
from tuning_core.searching.base import Listed


class Grid(Listed):
    """Every combination of the axes' values; see `SearchSpace.grid`."""

    def settings(self) -> Iterable[tuple[dict[str, Any], Hyperparameters]]:
        return self.space.grid()
