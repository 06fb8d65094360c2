"""The first run of a newcomer, the sample with the settings that the sliders start with, is one to be proud of."""

from __future__ import annotations

import numpy as np
import pytest

import tuning_core as tc
from pages.state.tune_settings import START, START_SEEDS
from tests.support.paths import INSURANCE
from tuning_core.diagnosis import VERDICTS, diagnose_seeds
from tuning_core.experiment import Hyperparameters


@pytest.mark.slow
def test_the_samples_first_run_is_healthy_and_no_worse_than_steps_five_times_as_large():
    dataset = tc.Dataset(tc.read_table(INSURANCE), target="charges")
    first = tc.train(dataset, START, seeds=range(START_SEEDS)).trials
    found = [f for f in diagnose_seeds([trial.history for trial in first]) if f.kind in VERDICTS]
    assert found[0].kind == "healthy"
    assert all(finding.contested for finding in found[1:])

    larger = Hyperparameters(early_stopping=START.early_stopping)  # the lesson's own: 0.01 and batches of 16
    before = tc.train(dataset, larger, seeds=range(START_SEEDS)).trials
    kept = [np.median([min(trial.history.val_loss) for trial in trials]) for trials in (first, before)]
    assert kept[0] < 1.03 * kept[1]
