"""How large a search is, and what its folds need to know of it before anything is trained."""

from __future__ import annotations

from tuning_core.experiment.axis_rules import STOPPING
from tuning_core.experiment.space import MAX_TRIALS, SearchSpace, too_many


def may_stop_early(space: SearchSpace) -> bool:
    """Whether any setting of the space has early stopping."""
    on_an_axis = any(name in space.axes for name in ("early_stopping", *STOPPING))
    return on_an_axis or any(hp.early_stopping is not None for hp in (space.base, *space.include))


def check_size(space: SearchSpace, each: int) -> None:
    """Refuse more trainings than one search may have; `each` are those of one setting."""
    if space.n_settings * each > MAX_TRIALS and (space.n_iter is not None or space.strategy == "grid"):
        raise too_many(f"{space.n_settings:,} settings with {each:,} trainings each")
