"""Run files: what was written comes back; what was tampered with is refused with the place, and nothing is ever run."""

from __future__ import annotations

import json

import numpy as np
import pytest

import tuning_core as tc
from tuning_core.experiment import History, Trial
from tuning_core.export import read_run_file, write_run_file

SHA = "ab" * 32
SETUP = {"target": "y", "features": None, "split": tc.Split().to_json(), "task": None, "kinds": {}}


@pytest.fixture(scope="module")
def trials():
    hp = tc.Hyperparameters(epochs=4, early_stopping=tc.EarlyStopping(patience=2))
    curve = np.array([3.0, 2.0, np.nan, 1.0])
    history = History.from_arrays(loss=curve, val_loss=curve, context={"task": "regression", "dummy_loss": 4.0})
    return [Trial(n, hp.replace(learning_rate=0.1 / (n + 1)), n, history, "finished", best_epoch=4) for n in range(3)]


@pytest.fixture(scope="module")
def facts(trials):
    space = tc.grid(learning_rate=[0.1, 0.05]).to_json()
    given = {"dataset_name": "=x.csv", "sha256": SHA, "setup": SETUP, "name": "mine", "kind": "search", "space": space}
    return json.loads(write_run_file(trials, **given))


def test_what_was_written_comes_back(trials, facts):
    back = read_run_file(json.dumps(facts).encode())
    assert (back.name, back.kind, back.dataset_name, back.setup) == ("mine", "search", "=x.csv", SETUP)
    for mine, theirs in zip(trials, back.trials, strict=True):
        assert mine.hyperparameters == theirs.hyperparameters and (mine.seed, mine.best_epoch) == (theirs.seed, theirs.best_epoch)
        np.testing.assert_array_equal(mine.history.matrix(), theirs.history.matrix())
    assert back.data_differs(SHA) == "" and "not the file" in back.data_differs("cd" * 32)


TAMPERED = {
    "schema": lambda f: f.update(schema="pickle"),
    "version": lambda f: f.update(version=2),
    "unknown entry": lambda f: f.update(code="import os"),
    "missing entry": lambda f: f.pop("setup"),
    "hash": lambda f: f["dataset"].update(sha256="../../etc/passwd"),
    "kind": lambda f: f.update(kind="__class__"),
    "long name": lambda f: f.update(name="x" * 1000),
    "name of another type": lambda f: f.update(name=["x"]),
    "reading option": lambda f: f["dataset"].update(reading={"encoding": "hex"}),
    "split": lambda f: f["setup"]["split"].update(train=7),
    "split of another type": lambda f: f["setup"].update(split=[1]),
    "task": lambda f: f["setup"].update(task="eval"),
    "features": lambda f: f["setup"].update(features=[1]),
    "space": lambda f: f.update(space={"strategy": "exec"}),
    "setting": lambda f: f["trials"][0]["hyperparameters"].update(learning_rate=-1),
    "unknown setting": lambda f: f["trials"][0]["hyperparameters"].update(callback="x"),
    "status": lambda f: f["trials"][0].update(status="great"),
    "seed": lambda f: f["trials"][0].update(seed=True),
    "epoch beyond": lambda f: f["trials"][0].update(best_epoch=9),
    "epoch zero": lambda f: f["trials"][0].update(best_epoch=0),
    "number twice": lambda f: f["trials"][0].update(number=1),
    "words in a curve": lambda f: f["trials"][0]["history"]["loss"].__setitem__(0, "<script>"),
    "huge number": lambda f: f["trials"][0]["history"]["loss"].__setitem__(0, 10**400),
    "curve too long": lambda f: f["trials"][0]["history"].update({n: [1.0] * 9 for n in ("loss", "val_loss")}),
    "uneven curves": lambda f: f["trials"][0]["history"].update(loss=[1.0]),
    "context": lambda f: f["trials"][0]["history"]["context"].update(x=[1]),
    "no list": lambda f: f.update(trials={}),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_what_was_tampered_with_is_refused_with_its_place(facts, what):
    changed = json.loads(json.dumps(facts))
    TAMPERED[what](changed)
    with pytest.raises(tc.SettingsError) as refusal:
        read_run_file(json.dumps(changed).encode())
    assert refusal.value.kind == "bad_run_file" and refusal.value.remedy


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"[]", b"{", b"[" * 100_000, b'{"a": NaN}', b"\x80\x04K\x01.", b"1" * 5000])
def test_what_is_no_json_object_is_refused(data):
    with pytest.raises(tc.SettingsError) as refusal:
        read_run_file(data)
    assert refusal.value.kind == "bad_run_file"
