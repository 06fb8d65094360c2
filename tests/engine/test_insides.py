"""What a run is like inside, as the engine answers it: against the run's own model in plain Keras."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pandas as pd
import pytest

import tuning_core as tc
from tests.support.datasets import SETUP
from tests.support.paths import INSURANCE
from tuning_core.data.reading import progress
from tuning_core.data.reading.progress import progress_in
from tuning_core.engine.questions import insides, landscape
from tuning_core.engine.questions.watch import Watch
from tuning_core.store import Database, curves, datasets, questions, runs
from tuning_core.store.trials import add_trials

HP = tc.Hyperparameters(epochs=12, hidden_units=(8,), learning_rate=0.02)


def stored(db, workspace="me", dataset_id="d", setup=SETUP, hp=HP, frame=None):
    """A finished run on a table of its own: its id and its trial."""
    data = INSURANCE.read_bytes() if frame is None else frame.to_csv(index=False).encode()
    datasets.add_dataset(db, workspace, "table.csv", data, dataset_id=dataset_id)
    table = tc.read_table(data, filename="table.csv")
    table.save(datasets.folder(db, dataset_id) / "table")
    datasets.set_ready(db, dataset_id, {})
    trial = tc.train(tc.Dataset.from_spec(table, setup), hp).trials[0]
    run_id = runs.add_run(db, workspace, dataset_id, setup, "manual", {"hyperparameters": hp.to_json(), "seeds": [0]})
    add_trials(db, run_id, [(0, hp.to_json(), 0, None, 0)])
    curves.finish_trials(db, run_id, [tc.Trial(**{**vars(trial), "fold": None})])
    runs.finish(db, run_id, "finished")
    return run_id, trial


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    db = Database(tmp_path_factory.mktemp("store"))
    yield db, *stored(db)
    db.close()


def ask(kind, db, **spec):
    return kind.work(kind.gather(db, spec), Watch(db.home / "work"))


def test_the_kept_epoch_is_the_kept_model(store):
    db, run_id, trial = store
    found = json.loads(ask(insides, db, run=run_id).data)
    assert found["epochs"] == list(range(1, 13)) and found["kept"] == trial.kept_epoch and found["as_recorded"]
    at, model = found["epochs"].index(found["kept"]), tc.to_keras(trial)
    dataset = trial.dataset
    held = found["held"]
    rows = np.sort(np.random.default_rng(0).permutation(dataset.rows.validation)[: len(held["truth"])])
    said = model.predict(trial.preparation.transform(dataset.frame, rows), verbose=0)[:, 0]
    np.testing.assert_allclose(held["predicted"][at], said, rtol=1e-3)
    np.testing.assert_allclose(held["truth"], dataset.frame["charges"].iloc[rows], rtol=1e-3)
    train = dataset.frame.iloc[dataset.rows.train]
    typical = {name: train[name].median() if train[name].dtype.kind in "if" else train[name].mode()[0] for name in train}
    (x, y), (across, up) = found["values"], found["columns"]
    cells = [(0, 0), (39, 3), (20, 39)]
    frame = pd.DataFrame([typical | {across: x[i], up: y[j]} for j, i in cells])
    said = model.predict(trial.preparation.transform(frame), verbose=0)[:, 0]
    np.testing.assert_allclose([found["surface"][at][j][i] for j, i in cells], said, rtol=2e-3)
    assert found["numeric"][:2] == [across, up] and set(found["numeric"]) == {"age", "bmi", "children"}
    errors = np.abs(np.array(held["predicted"]) - held["truth"]).mean(axis=1)
    np.testing.assert_allclose(errors, trial.history.val_metric, rtol=1e-3)  # in every epoch: all validation rows are drawn


def test_classes_have_a_surface_each(tmp_path):
    db = Database(tmp_path)
    random = np.random.default_rng(0)
    frame = pd.DataFrame(random.normal(size=(90, 2)), columns=["a", "b"])
    frame["kind"] = np.array(["x", "y", "z"])[np.digitize(frame.a, [-0.4, 0.4])]
    run_id, _ = stored(db, setup=SETUP | {"target": "kind"}, frame=frame)
    shares = [np.array(json.loads(ask(insides, db, run=run_id, output=k).data)["surface"]) for k in range(3)]
    np.testing.assert_allclose(sum(shares), 1.0, atol=2e-3)
    assert ask(landscape, db, run=run_id, rates=[])["loss_name"] == "sparse_categorical_crossentropy"
    db.close()


def test_the_landscape_has_the_recorded_losses_on_its_paths(store):
    db, run_id, trial = store
    found = ask(landscape, db, run=run_id, rates=[0.002, 0.2])
    own = found["paths"][0]
    assert [path["rate"] for path in found["paths"]] == [0.02, 0.002, 0.2]
    assert own["epochs"] == list(range(13)) and (own["x"][found["kept"]], own["y"][found["kept"]]) == (0.0, 0.0)
    np.testing.assert_allclose(own["loss"][1:], trial.history.val_loss, rtol=1e-3)
    slow = tc.train(trial.dataset, HP.replace(learning_rate=0.002)).trials[0].history.val_loss
    np.testing.assert_allclose(found["paths"][1]["loss"][1:], slow, rtol=1e-3)
    starts = {(path["x"][0], path["y"][0], path["loss"][0]) for path in found["paths"]}
    assert len(starts) == 1  # the same seed begins at the same weights


def test_what_cannot_be_looked_into_is_refused_in_words(tmp_path, monkeypatch):
    db = Database(tmp_path)
    run_id, _ = stored(db, workspace=datasets.SAMPLES)
    with pytest.raises(tc.UserError, match="came with the sample"):
        insides.gather(db, {"run": run_id})
    text = pd.DataFrame({"a": ["u", "v", "w"] * 30, "b": np.arange(90.0), "y": np.arange(90.0) % 7})
    run_id, _ = stored(db, dataset_id="few", setup=SETUP | {"target": "y"}, frame=text)
    with pytest.raises(tc.UserError, match="two numeric columns, but the model uses one"):
        ask(insides, db, run=run_id)
    monkeypatch.setattr(insides, "MOST_WEIGHTS", 10)
    with pytest.raises(tc.UserError, match="up to 10"):
        ask(insides, db, run=run_id)
    shutil.rmtree(datasets.folder(db, "few"))
    with pytest.raises(tc.UserError, match="no longer here"):
        landscape.gather(db, {"run": run_id})
    with pytest.raises(tc.UserError, match="no longer there"):
        insides.gather(db, {"run": "gone"})
    db.close()


def test_the_drawing_has_the_weights_of_every_epoch(store):
    db, run_id, trial = store
    found = json.loads(ask(insides, db, run=run_id).data)
    network, kept = found["network"], trial.weights[::2]
    hidden, last = network["places"][1], network["places"][2]
    assert network["sizes"] == [kept[0].shape[0], 8, 1] and (len(hidden), last) == (8, [0])
    assert network["inputs"] == [trial.preparation.feature_names[i] for i in network["places"][0]]
    third = tc.train(trial.dataset, HP.replace(epochs=3, keep="last")).trials[0].weights[::2]
    for epoch, kernels in ((trial.kept_epoch, kept), (3, third)):
        shares = [kernel / np.abs(own).max() for kernel, own in zip(kernels, kept, strict=True)]
        lines = [*shares[0][network["places"][0]].ravel(), *shares[1].ravel()]
        np.testing.assert_allclose(network["lines"][found["epochs"].index(epoch)], lines, atol=2e-3)


def test_it_tells_how_far_it_is_and_stops_when_it_is_asked_to(store, monkeypatch):
    monkeypatch.setattr(progress, "SECONDS", 0.0)  # every word is told
    db, run_id, _ = store
    identity = questions.ask(db, "insides", {"run": run_id})
    questions.request_stop(db, identity)
    watch = Watch(questions.work_folder(db, identity))
    with pytest.raises(tc.UserError, match="was stopped") as refused:
        insides.work(insides.gather(db, {"run": run_id}), watch)
    assert refused.value.kind == "stopped" and progress_in(watch.folder)[1].startswith("epoch ")
    questions.refuse_question(db, identity, refused.value.to_json())
    assert not watch.folder.exists()
    questions.request_stop(db, identity)
    assert not watch.folder.exists(), "it has ended: there is nothing to stop"
    watch.begin(400)
    watch.began -= 30.0  # seconds that it has taken
    watch.report(100)
    share, words = progress_in(watch.folder)
    assert share == 0.25 and words.startswith("epoch 100 of 400, about 9") and words.endswith(" s left")
