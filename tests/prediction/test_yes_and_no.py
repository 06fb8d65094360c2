"""A yes/no column of new rows, however it is written: 1/0, Y/N, true/false, booleans."""

from __future__ import annotations

import runpy

import numpy as np
import pandas as pd
import pytest

import tuning_core as tc
from tuning_core.export.bundle import PREDICT

WRITINGS = {
    "as trained": None,
    "numbers": (1, 0),
    "decimals": (1.0, 0.0),
    "digits": ("1", "0"),
    "letters": ("Y", "N"),
    "words": ("true", "FALSE"),
    "booleans": (True, False),
    "german": ("Ja", "nein"),
}


@pytest.fixture(scope="module", params=["yes/no", "True/False", "1/0"])
def model(request):
    words = request.param.split("/")
    random = np.random.default_rng(2)
    smokes, a = random.integers(0, 2, 150).astype(bool), random.normal(size=150)
    lines = [f"{words[0] if s else words[1]},{x:.4f},{3 * s + x:.4f}" for s, x in zip(smokes, a, strict=True)]
    table = tc.read_table("\n".join(["smokes,a,y", *lines]).encode())
    return tc.Model.from_trial(tc.train(tc.Dataset(table, "y"), tc.Hyperparameters(epochs=8)).best_trial)


@pytest.mark.parametrize("how", WRITINGS)
def test_every_way_to_write_yes_and_no_predicts_the_same(model, how):
    field = next(f for f in model.fields if f.column == "smokes")
    own = {"category": ("yes", "no"), "boolean": (True, False), "number": (1, 0)}[field.kind]
    yes, no = WRITINGS[how] or own
    found = tc.predict(model, pd.DataFrame({"smokes": [yes, no, yes], "a": [0.1, 0.1, -0.5]}))
    wanted = model.predict(pd.DataFrame({"smokes": pd.Series([own[0], own[1], own[0]]), "a": [0.1, 0.1, -0.5]}))
    np.testing.assert_allclose(found.values, wanted)
    assert abs(found.values[0] - found.values[1]) > 0.1  # the column matters
    assert not {"unseen_categories", "unreadable_cells", "missing_values"} & {notice.kind for notice in found.notices}


@pytest.mark.parametrize("how", [how for how in WRITINGS if how != "german"])
def test_the_script_of_a_bundle_reads_them_the_same(model, how, tmp_path):
    script = tmp_path / "predict.py"
    script.write_text(PREDICT.read_text(encoding="utf-8"), encoding="utf-8")
    prepare = runpy.run_path(str(script))["prepare"]
    field = next(f for f in model.fields if f.column == "smokes")
    own = {"category": ("yes", "no"), "boolean": ("True", "False"), "number": (1, 0)}[field.kind]
    yes, no = WRITINGS[how] or own
    found = prepare(pd.DataFrame({"smokes": [yes, no], "a": [0.1, -0.5]}), model.preparation.to_json())
    typed = {"category": ["yes", "no"], "boolean": pd.array([True, False], "boolean"), "number": [1, 0]}[field.kind]
    wanted = model.preparation.transform(pd.DataFrame({"smokes": typed, "a": [0.1, -0.5]}))
    np.testing.assert_allclose(found, wanted, rtol=1e-6)
