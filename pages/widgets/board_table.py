"""The curves of a search's board as a table: what the canvas draws, for those who do not see it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np

from pages.state.database import database
from pages.widgets.chart_table import chart_table, epoch_columns
from tuning_core.experiment.band import band_of
from tuning_core.store import curves
from tuning_core.store.trials import get_trials

MOST = 6  # settings


def board_table(run_id: str, settings: Sequence[int], key: str) -> None:
    """A button for the validation losses of these settings, of which the first count; medians over seeds and folds."""
    chart_table(f"the best {min(MOST, len(settings))} curves", key, partial(_columns, run_id, tuple(settings[:MOST])))


def _columns(run_id: str, settings: tuple[int, ...]) -> dict[str, list[str]]:
    recorded = curves.histories(database(), run_id)
    own: dict[int, list[np.ndarray]] = {}
    for trial in get_trials(database(), run_id):
        if trial.setting in settings and trial.number in recorded:
            own.setdefault(trial.setting, []).append(recorded[trial.number].val_loss)
    return epoch_columns({f"setting {s + 1}, validation loss": band_of(own[s]).middle for s in settings if s in own})
