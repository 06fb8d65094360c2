"""The one list of optimizers against Keras's own classes."""

from __future__ import annotations

import inspect

import keras
import pytest

from tuning_core.experiment import Hyperparameters
from tuning_core.experiment.optimizers import ADAPTIVE, OPTIMIZERS


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_keras_has_the_class_and_its_own_setting(name):
    optimizer = OPTIMIZERS[name]
    arguments = inspect.signature(getattr(keras.optimizers, optimizer.keras_name)).parameters
    assert optimizer.keras_name.lower() == name and "learning_rate" in arguments
    if optimizer.own_setting is not None:
        assert optimizer.own_setting in arguments and hasattr(Hyperparameters(), optimizer.own_setting)
    assert Hyperparameters(optimizer=name).optimizer == name


def test_only_plain_descent_is_not_adaptive():
    assert set(OPTIMIZERS) - set(ADAPTIVE) == {"sgd"}
