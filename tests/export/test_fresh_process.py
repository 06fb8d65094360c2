"""Script, notebook and bundle run in a process that knows nothing of this project, and say what was recorded."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import zipfile

import numpy as np
import pandas as pd
import pytest

import tuning_core as tc
from tests.support.paths import SAMPLES

DATA = SAMPLES / "insurance.csv"

# One process, so that Keras is imported once; each export is run as its user would run it.
DRIVER = """
import json, os, runpy, sys
assert not any("tuning_core" in os.listdir(place) for place in sys.path if os.path.isdir(place) and place), sys.path
sys.argv = ["train.py", "insurance.csv"]
runpy.run_path("train.py", run_name="__main__")
import plotly.io
plotly.io.renderers.default = "json"
cells = json.load(open("training.ipynb", encoding="utf-8"))["cells"]
space = {"__name__": "__main__"}
for cell in cells:
    if cell["cell_type"] == "code":
        exec("".join(cell["source"]), space)
sys.argv = ["search.py", "insurance.csv"]
print("search score:", runpy.run_path("search.py", run_name="__main__")["table"]["mean_test_score"].max())
sys.path.insert(0, "model")
sys.argv = ["predict.py", "insurance.csv", "predictions.csv"]
runpy.run_path("model/predict.py", run_name="__main__")
assert not any(name.startswith("tuning_core") for name in sys.modules)
"""


@pytest.fixture(scope="module")
def run():
    dataset = tc.Dataset(tc.read_table(DATA), target="charges")
    return tc.train(dataset, tc.Hyperparameters(epochs=20, hidden_units=(32,)), seeds=range(16))


@pytest.mark.slow
def test_exports_run_without_this_project_and_agree_with_what_was_recorded(run, tmp_path):
    trial, data = run.trials[0], DATA.read_bytes()
    (tmp_path / "insurance.csv").write_bytes(data)
    (tmp_path / "train.py").write_text(tc.export_script(trial, source=data), encoding="utf-8")
    (tmp_path / "training.ipynb").write_text(tc.export_notebook(trial, source=data), encoding="utf-8")
    space = tc.grid(base=trial.hyperparameters, learning_rate=[0.01, 0.0001])
    search = tc.search(run.dataset, space)
    (tmp_path / "search.py").write_text(tc.export_search(search, source=data), encoding="utf-8")
    bundle = zipfile.ZipFile(io.BytesIO(tc.export_bundle(trial)))
    bundle.extractall(tmp_path / "model")
    (tmp_path / "driver.py").write_text(DRIVER)
    done = subprocess.run([sys.executable, "driver.py"], cwd=tmp_path, capture_output=True, text=True, env=_bare_environment())
    assert done.returncode == 0, done.stderr[-3000:]
    found = [float(value) for value in re.findall(r"best validation loss: ([-\d.e+]+)", done.stdout)]
    band = np.array([np.nanmin(t.history.val_loss) for t in run.trials])
    assert len(found) == 2  # of the script and of the notebook: the recorded initial weights, row orders of their own
    assert all(abs(value - band.mean()) < 4 * band.std(ddof=1) for value in found), (found, band)
    score = -float(re.findall(r"search score: ([-\d.e+]+)", done.stdout)[0])
    assert score == pytest.approx(search.ranking[0].trials[0].history.val_loss[-1], rel=0.25)  # all its epochs, in own units
    predicted = pd.read_csv(tmp_path / "predictions.csv")["predicted charges"]
    np.testing.assert_allclose(predicted, tc.predict(trial, DATA).values, rtol=1e-4, atol=0.01)  # of about 13,000


def _bare_environment():
    return {k: v for k, v in os.environ.items() if k != "PYTHONPATH"} | {
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "-1",
    }


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (
            [],
            ["Usage: python predict.py rows.csv predictions.csv", "age, sex, bmi, children", "predicted charges"],
        ),
        (["rows.csv"], ["Usage: python predict.py rows.csv predictions.csv"]),
        (["nowhere.csv", "out.csv"], ["There is no file nowhere.csv"]),
        (["few.csv", "out.csv"], ["few.csv lacks the columns sex, bmi, children, smoker, region", "It has age"]),
    ],
)
def test_the_bundles_script_says_how_it_is_used(run, tmp_path, given, words):
    """At once: Keras is not imported for that, and nothing is written."""
    zipfile.ZipFile(io.BytesIO(tc.export_bundle(run.trials[0]))).extractall(tmp_path)
    (tmp_path / "few.csv").write_text("age\n40\n")
    command = [sys.executable, "-X", "importtime", "predict.py", *given]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, env=_bare_environment())
    said = [line for line in done.stderr.splitlines() if not line.startswith("import time:")]
    assert done.returncode == 1 and all(word in "\n".join(said) for word in words), said
    assert "Traceback" not in done.stderr and "| keras" not in done.stderr and not (tmp_path / "out.csv").exists()


def test_a_bundle_holds_no_pickle_and_says_where_it_comes_from(run):
    report = tc.final_exam(run.best_trial, reason="for the bundle")
    archive = zipfile.ZipFile(io.BytesIO(tc.export_bundle(run.best_trial, report)))
    assert set(archive.namelist()) == {"model.keras", "preparation.json", "provenance.json", "README.md", "predict.py"}
    inside = zipfile.ZipFile(io.BytesIO(archive.read("model.keras"))).namelist()
    assert not any(name.endswith((".pkl", ".pickle", ".joblib")) for name in inside)
    facts = json.loads(archive.read("provenance.json"))
    assert facts["data"]["sha256"] == run.dataset.table.sha256 and facts["configurations_tried"] == 16
    assert report.stamp in archive.read("README.md").decode() and "keras" in facts["versions"]
