"""An exported search, run by scikit-learn and Keras alone, gives the scores that were recorded."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

import tuning_core as tc

HP = tc.Hyperparameters(epochs=4, hidden_units=(4,), learning_rate=0.05, shuffle=False, keep="last")
DRIVER = """
import json, runpy, sys
found = {}
for name in sys.argv[1:]:
    sys.argv = [name + ".py", "rows.csv"]
    results = runpy.run_path(name + ".py", run_name="__main__")["search"].cv_results_
    splits = sorted(key for key in results if key.startswith("split") and key.endswith("_test_score"))
    found[name] = [[float(results[key][i]) for key in splits] for i in range(len(results["params"]))]
assert not any(name.startswith("tuning_core") for name in sys.modules)
json.dump(found, open("found.json", "w"))
"""


def rows_csv() -> bytes:
    random = np.random.default_rng(8)
    n = 90
    frame = pd.DataFrame({"a": random.normal(size=n).round(3), "b": random.normal(size=n).round(3)})
    frame["who"] = random.choice(list("abcdefgh"), n)
    frame["w"] = random.integers(0, 4, n)
    score = frame["a"] - frame["b"] + random.normal(0, 0.4, n)
    frame["y"] = np.exp(score + 3).round(3)
    frame["label"] = np.where(score > 0.9, "rare", "usual")
    frame.iloc[::9] = frame.iloc[0].to_numpy()  # copies, which a split must keep together
    return frame.to_csv(index=False).encode()


CASES = {  # target, dataset, cv, score, what is tried
    "groups": (
        "label",
        {"features": ["a", "b"], "sample_weight": "w", "split": tc.Split(method="grouped", group="who")},
        3,
        "balanced_accuracy",
        {"class_weight": [None, "balanced"]},
    ),
    "copies": (
        "y",
        {"features": ["a", "b"], "sample_weight": "w", "target_transform": "log", "split": tc.Split(method="copies")},
        2,
        "mae",
        {"loss": ["mse", "mae"]},
    ),
    "one split": ("y", {"features": ["a", "b"]}, None, "r2", {"scale_target": [True, False]}),
    "best epoch": ("y", {"features": ["a", "b"]}, None, "mae", {"learning_rate": [0.02, 0.8], "keep": ["best"], "epochs": [12]}),
}


@pytest.mark.slow
def test_the_script_reproduces_the_recorded_scores(tmp_path):
    data, runs = rows_csv(), {}
    table = tc.read_table(data, filename="rows.csv")
    for name, (target, settings, cv, score, axes) in CASES.items():
        dataset = tc.Dataset(table, target, **settings)
        runs[name] = tc.search(dataset, tc.grid(base=HP, **axes), cv=cv, score=score)
        script = tc.export_search(runs[name], cv=cv, source=data)
        (tmp_path / f"{name}.py").write_text(script, encoding="utf-8")
    assert {trial.kept_epoch for trial in runs["best epoch"].trials} != {12}, "else the choice of the epoch is not tried"
    (tmp_path / "rows.csv").write_bytes(data)
    (tmp_path / "driver.py").write_text(DRIVER, encoding="utf-8")
    environment = {**os.environ, "CUDA_VISIBLE_DEVICES": "-1", "TF_CPP_MIN_LOG_LEVEL": "3"}
    command = [sys.executable, "driver.py", *CASES]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads((tmp_path / "found.json").read_text())
    for name, run in runs.items():
        sign = 1 if run.ranked_by.greater_is_better else -1
        recorded = [setting.scores.tolist() for setting in run.settings]
        np.testing.assert_allclose(sign * np.array(found[name]), recorded, rtol=2e-3, err_msg=name)
