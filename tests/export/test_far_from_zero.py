"""Targets that are Unix seconds: what leaves Tunescope keeps the digits that the curve promises."""

from __future__ import annotations

import keras
import numpy as np
import pandas as pd
import pytest

import tuning_core as tc
from tuning_core.prediction import Model
from tuning_core.training.layers import keras_file

NOW = 1.7e9


@pytest.fixture(scope="module")
def trial():
    random = np.random.default_rng(0)
    x = random.normal(size=(300, 3))
    frame = pd.DataFrame(x, columns=["a", "b", "c"])
    frame["seconds"] = np.round(NOW + 40 * (x @ [3.0, -2.0, 1.0]) + 2 * random.normal(size=300), 3)
    dataset = tc.Dataset(tc.read_table(frame.to_csv(index=False).encode(), filename="t.csv"), target="seconds")
    return tc.train(dataset, tc.Hyperparameters(hidden_units=(8,), epochs=30)).trials[0]


@pytest.mark.filterwarnings("ignore:__array__ implementation")
def test_keras_model_file_and_page_predict_what_the_curve_says(trial, tmp_path):
    dataset, rows = trial.dataset, trial.dataset.rows.validation
    promised = trial.history.val_metric[trial.kept_epoch - 1]
    assert promised < 10, "float32 cannot tell two numbers apart here that differ by less than 128"
    x, y = trial.preparation.transform(dataset.frame, rows), dataset.target_values[rows]
    (tmp_path / "model.keras").write_bytes(keras_file(trial))
    for model in (tc.to_keras(trial), keras.models.load_model(tmp_path / "model.keras")):
        assert np.abs(np.asarray(model(x))[:, 0] - y).mean() == pytest.approx(promised, rel=1e-4)
    page = Model.from_bytes(Model.from_trial(trial).to_bytes()).predict(dataset.frame.iloc[rows])
    assert np.abs(page - y).mean() == pytest.approx(promised, rel=1e-4)
