"""The winner of a chapter's search, trained again with seeds that did not choose it: how far luck made it win."""

from __future__ import annotations

from typing import Any

import numpy as np

from pages.lessons.experiment_runs import trained_panels
from pages.state.database import database
from pages.state.queueing import newest_run, queue_run
from pages.widgets.train_button import train_button
from pages.widgets.training_progress import training_progress
from tuning_core.lessons import RETRAINED, Chapter, measure_trial
from tuning_core.store.runs import StoredRun
from tuning_core.store.search_configurations import ranked_settings


def winner_again(chapter: Chapter, run: StoredRun) -> dict[str, float]:
    """{"retrained": median score} of a search that has ended, where a claim of the chapter speaks of it and it was trained.

    Until then the button that trains it; {} meanwhile, and where nobody has won.
    """
    sides = [side for claim in chapter.claims for side in (claim.left, claim.right) if side is not None]
    winner = next(iter(ranked_settings(database(), run.id, 1)), None)
    if winner is None or ("search", "retrained") not in sides:
        return {}
    spec: dict[str, Any] = {"settings": [dict(winner.hyperparameters)], "seeds": list(RETRAINED)}
    again = newest_run(run.dataset_id, run.setup, "lesson", spec, failed=False)
    if again is None:
        train_button(
            "Train the winner again",
            run.dataset_id,
            icon=":material/casino:",
            type="primary",
            on_click=queue_run,
            args=(run.dataset_id, run.setup, "lesson", spec),
            help=f"Its settings with {len(RETRAINED)} other seeds, on the same rows: do they reach the score that made them win?",
        )
        return {}
    if again.live:
        training_progress(again)
        return {}
    (trials,) = trained_panels(again.id, 1)
    return {"retrained": float(np.median([measure_trial(trial, "val_kept") for trial in trials]))} if trials else {}
