"""The sentence under a run's curve that says which epoch's weights it kept."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pages.tune.kept_epochs import kept_words
from tuning_core.experiment import EarlyStopping, Hyperparameters, TrialStatus
from tuning_core.store.trials import StoredTrial

TRIAL = StoredTrial("r", 0, {}, 0, None, TrialStatus.FINISHED, 100, 34, None, None, {}, "", 0, None, None)


@pytest.mark.parametrize(
    ("hp", "best", "words"),
    [
        (Hyperparameters(), [34, 34], "best validation loss, 34."),
        (Hyperparameters(), [34, 51], "best validation loss, 34 to 51 over the seeds."),
        (Hyperparameters(keep="last"), [34, 51], "last epoch, 100, as chosen"),
        (Hyperparameters(early_stopping=EarlyStopping(monitor="val_metric")), [34], "best validation metric, 34."),
        (Hyperparameters(early_stopping=EarlyStopping(restore_best_weights=False)), [34], "last epoch, 100"),
        (Hyperparameters(early_stopping=EarlyStopping(start_from_epoch=500)), [None], "last epoch, 100: watching was to begin"),
    ],
)
def test_which_epoch_is_kept_and_why(hp, best, words):
    assert words in kept_words(hp, [replace(TRIAL, best_epoch=epoch) for epoch in best])
