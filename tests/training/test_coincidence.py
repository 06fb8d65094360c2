"""Sizes that happen to be equal change nothing.

keras.ops.add (TensorFlow backend, since keras-team/keras#20386) turns "+ bias" into `bias_add` along axis 1 when the bias has one
axis longer than 1 that is as long as axis 1 of its partner: with one output and as many trials as rows of a batch, every row got
another trial's bias.
"""

from __future__ import annotations

import numpy as np
import pytest

from tests.support.folds import make_task_fold
from tuning_core.experiment import Hyperparameters
from tuning_core.training.specs import TrialSpec
from tuning_core.training.stack import train_stack


@pytest.mark.parametrize(
    ("n_train", "n_val", "batch"),
    [(64, 31, 8), (64, 8, 16), (8, 31, 4)],
    ids=["as many trials as rows of a batch", "as validation rows", "as training rows"],
)
@pytest.mark.parametrize("units", [(5,), ()])
def test_as_many_trials_as_rows(n_train, n_val, batch, units):
    fold = make_task_fold("regression", n_train=n_train, n_val=n_val)
    hp = Hyperparameters(hidden_units=units, epochs=5, learning_rate=0.01, batch_size=batch)
    together = train_stack([TrialSpec(i, hp, seed=i) for i in range(8)], {0: fold})
    alone = train_stack([TrialSpec(0, hp, seed=3)], {0: fold})[0]
    np.testing.assert_allclose(together[3].history.matrix(), alone.history.matrix(), rtol=1e-4, atol=1e-6)
