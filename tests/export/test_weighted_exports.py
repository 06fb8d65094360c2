"""Script, notebook, bundle and run file of weighted rows and a learned logarithm give what was recorded, in own units."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import tuning_core as tc

HP = tc.Hyperparameters(epochs=8, hidden_units=(8,), batch_size=16, learning_rate=0.02, shuffle=False)  # so Keras's order is ours
# One process for all cases, so that Keras is imported once; each export is run as its user would run it, in a folder of its own.
# A notebook's cells are the script's, and pictures: of most cases only those that are not in the script are run, after it.
DRIVER = """
import json, os, runpy, sys, traceback
import plotly.io
plotly.io.renderers.default = "json"

def run(folder, whole):
    os.chdir(folder)
    sys.argv = ["train.py", "rows.csv"]
    space = runpy.run_path("train.py", run_name="__main__")
    script = open("train.py", encoding="utf-8").read()
    print("--- notebook")
    cells = json.load(open("training.ipynb", encoding="utf-8"))["cells"]
    codes = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    if whole:
        space = {"__name__": "__main__"}
    known = [] if whole else [code for code in codes if code in script and "EXAM" not in code]
    for code in codes:
        if code not in known:
            exec(code.replace("EXAM = False", "EXAM = True"), space)
    print(len(known), "cells of the script;", [word for code in known for word in ("model.fit(", "best epoch:") if word in code])
    sys.path.insert(0, "model")
    sys.argv = ["predict.py", "rows.csv", "predictions.csv"]
    runpy.run_path("model/predict.py", run_name="__main__")
    sys.path.remove("model")

home, count, whole = os.getcwd(), int(sys.argv[1]), {int(number) for number in sys.argv[2:]}
for number in range(count):
    print(f"=== case {number}")
    try:
        run(os.path.join(home, str(number)), number in whole)
    except Exception:
        traceback.print_exc(file=sys.stdout)
assert not any(name.startswith("tuning_core") for name in sys.modules)
"""
CASES = {
    "log and weights": ("regression", {"sample_weight": "w", "target_transform": "log"}, HP),
    "log, unscaled": ("regression", {"target_transform": "log"}, HP.replace(scale_target=False, learning_rate=0.05)),
    "weights, balanced": ("classification", {"sample_weight": "w"}, HP.replace(class_weight="balanced")),
    "weights, balanced, penalty": ("classification", {"sample_weight": "w"}, HP.replace(class_weight="balanced", l2=0.01)),
    "weights, watched score": (
        "classification",
        {"sample_weight": "w"},
        HP.replace(early_stopping=tc.EarlyStopping(patience=2, monitor="macro_f1")),
    ),
    "log, watched score": ("regression", {"target_transform": "log"}, HP.replace(early_stopping=tc.EarlyStopping(monitor="r2"))),
    "weights, penalty": ("classification", {"sample_weight": "w"}, HP.replace(l2=0.01)),
    "weights, by time": ("regression", {"sample_weight": "w", "split": tc.Split(method="time", column="day")}, HP),
}
WHOLE = ("log and weights", "weights, balanced")  # whose notebooks train, too


def rows_csv(task: str) -> bytes:
    random = np.random.default_rng(21)
    n = 160
    frame = pd.DataFrame({"a": random.normal(size=n).round(3), "b": random.normal(size=n).round(3)})
    frame["day"] = (pd.Timestamp("2023-05-01") + pd.to_timedelta(random.permutation(n), unit="D")).strftime("%Y-%m-%d")
    frame["w"] = random.integers(0, 4, n)
    score = frame["a"] - frame["b"] + random.normal(0, 0.4, n)
    frame["y"] = np.exp(score + 3).round(3) if task == "regression" else np.where(score > 0.7, "rare", "usual")
    return frame.to_csv(index=False).encode()


@pytest.fixture(scope="module")
def trials() -> dict[str, tc.Trial]:
    """Of each case, trained here."""
    found = {}
    for case, (task, settings, hp) in CASES.items():
        dataset = tc.Dataset(tc.read_table(rows_csv(task), filename="rows.csv"), "y", **settings)
        found[case] = tc.train(dataset, hp, seeds=(4,)).trials[0]
    return found


@pytest.fixture(scope="module")
def exported(trials, tmp_path_factory) -> dict[str, tuple[Path, str]]:
    """Of each case: the folder with its exports, and what they said when they were run."""
    home = tmp_path_factory.mktemp("exports")
    folders = [home / str(number) for number in range(len(trials))]
    for folder, (case, trial) in zip(folders, trials.items(), strict=True):
        data = rows_csv(CASES[case][0])
        folder.mkdir()
        (folder / "rows.csv").write_bytes(data)
        (folder / "train.py").write_text(tc.export_script(trial, source=data), encoding="utf-8")
        (folder / "training.ipynb").write_text(tc.export_notebook(trial, source=data), encoding="utf-8")
        zipfile.ZipFile(io.BytesIO(tc.export_bundle(trial))).extractall(folder / "model")
    (home / "run.py").write_text(DRIVER, encoding="utf-8")
    environment = {**os.environ, "CUDA_VISIBLE_DEVICES": "-1", "TF_CPP_MIN_LOG_LEVEL": "3"}
    command = [sys.executable, "run.py", str(len(folders)), *(str(list(trials).index(case)) for case in WHOLE)]
    done = subprocess.run(command, cwd=home, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    said = re.split(r"=== case \d+\n", done.stdout)[1:]
    return dict(zip(trials, zip(folders, said, strict=True), strict=True))


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_every_export_says_what_was_recorded(case, trials, exported):
    task, _, hp = CASES[case]
    trial, dataset, data = trials[case], trials[case].dataset, rows_csv(task)
    folder, output = exported[case]
    assert "Traceback" not in output, output[-3000:]
    best = int(np.nanargmin(trial.history.val_loss))
    of_script, of_notebook = output.split("--- notebook")
    if case not in WHOLE:
        assert "['model.fit(', 'best epoch:']" in of_notebook, "its training is that of the script, word for word"
    for said in (of_script, of_notebook) if case in WHOLE else (of_script,):
        loss = float(re.search(r"best validation loss: ([-\d.e]+)", said).group(1))
        metric = float(re.search(r"validation (?:mae|own_mae|accuracy): ([-\d.e]+)", said).group(1))
        assert int(re.search(r"best epoch: (\d+)", said).group(1)) == best + 1
        assert loss == pytest.approx(trial.history.val_loss[best], rel=2e-3)
        assert metric == pytest.approx(trial.history.val_metric[best], rel=2e-3)
        stop = trial.hyperparameters.early_stopping
        if stop is not None:
            score, epoch = re.search(rf"best {stop.monitor}: ([-\d.e]+) in epoch (\d+)", said).groups()
            assert int(epoch) == trial.kept_epoch
            assert float(score) == pytest.approx(trial.history.val_score[trial.kept_epoch - 1], rel=2e-3)
    found = pd.read_csv(folder / "predictions.csv")
    ours = tc.predict(trial, data, filename="rows.csv")
    if task == "regression":
        np.testing.assert_allclose(found["predicted y"], ours.values, rtol=1e-3)
        if dataset.target_transform == "log":  # only then is nothing below 0 predicted
            assert found["predicted y"].min() > 0
    else:
        np.testing.assert_allclose(found["probability of usual"], ours.values[:, 1], atol=1e-4)
    facts = {"dataset_name": "rows.csv", "sha256": dataset.table.sha256, "setup": dataset.spec()}
    again = tc.read_run_file(tc.write_run_file([trial], **facts))
    assert dict(again.setup) == dataset.spec()
    assert tc.Dataset.from_spec(dataset.table, again.setup).fingerprint == dataset.fingerprint
    examined = float(re.search(r"test (?:mae|accuracy): ([-\d.e]+)", output).group(1))
    if trial.kept_epoch == hp.epochs:  # the script's model is that of the last epoch
        assert examined == pytest.approx(
            tc.final_exam(trial).scores["mae" if task == "regression" else "accuracy"].value, rel=2e-3
        )


def test_a_search_in_time_is_exported_with_folds_in_time():
    dataset = tc.Dataset(tc.read_table(rows_csv("regression"), filename="rows.csv"), "y", **CASES["weights, by time"][1])
    run = tc.search(dataset, tc.grid(base=HP.replace(epochs=2), learning_rate=[0.01]), cv=3)
    script = tc.export_search(run, cv=3)
    compile(script, "search.py", "exec")
    assert "TimeSeriesSplit(3)" in script and "KFold(" not in script
    log = tc.Dataset(dataset.table, "y", target_transform="log")
    script = tc.export_search(tc.search(log, tc.grid(base=HP.replace(epochs=2), learning_rate=[0.01])))
    assert "z = np.log(y)" in script and "np.exp(found)" in script
    assert json.loads(json.dumps(log.spec()))["target_transform"] == "log"
