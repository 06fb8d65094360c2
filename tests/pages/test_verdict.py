"""What the server says under a curve, over a real store: findings, remedies that can be launched, and the paired difference."""

from __future__ import annotations

import gzip
import itertools
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import tuning_core as tc
from pages.server.verdict_service import VerdictService
from tests.support.paths import RECORDED_CURVES
from tuning_core.diagnosis import NOTES, VERDICTS
from tuning_core.diagnosis.wording import TITLES
from tuning_core.experiment import EarlyStopping, History, Hyperparameters, Trial
from tuning_core.store import Database, curves, datasets, engine_status, runs, tree_baselines
from tuning_core.store.trials import add_trials

HP = Hyperparameters(epochs=100)
CONTEXT = {
    "task": "regression", "n_train": 700, "n_validation": 200, "n_features": 8, "loss_name": "mse", "metric_name": "mae",
    "dummy_loss": 900.0, "linear_loss": 150.0, "dummy_metric": 30.0, "linear_metric": 12.0,
}  # fmt: skip
SETUP = {"target": "y", "features": None, "split": {"seed": 0}, "task": None, "kinds": {}}


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path)
    engine_status.beat(database, "ready", 1)
    yield database
    database.close()


@pytest.fixture
def desk(db: Database) -> Iterator[VerdictService]:
    made = VerdictService(lambda: db)
    yield made
    made.close()


def ask(desk: VerdictService, run_id: str, ghost_id: str | None = None) -> dict:
    body = desk._answer(run_id, ghost_id)
    return json.loads(body) if body else None


def healthy(seed: int = 0, scale: float = 1.0, epochs: int = 100) -> np.ndarray:
    e = np.arange(1, epochs + 1)
    train = scale * (800 * np.exp(-e / 8) + 100 + seed)
    return np.stack([train * 1.05, train, train * 1.04, np.sqrt(train), np.sqrt(train * 1.04)])


def overfit(seed: int = 0, epochs: int = 100) -> np.ndarray:
    e = np.arange(1, epochs + 1)
    train = 800 * np.exp(-e / 15) + 30 + seed
    val = 800 * np.exp(-e / 8) + 120 + 2.5 * np.maximum(0, e - 25) + seed
    return np.stack([train * 1.05, train, val, np.sqrt(train), np.sqrt(val)])


def start(db: Database, hp: Hyperparameters = HP, seeds: int = 3, **setup) -> str:
    dataset = (
        datasets.list_datasets(db, "w")[0].id
        if datasets.list_datasets(db, "w")
        else datasets.add_dataset(db, "w", "a.csv", b"x\n1\n")
    )
    spec = {"hyperparameters": hp.to_json(), "seeds": list(range(seeds))}
    run_id = runs.add_run(db, "w", dataset, SETUP | setup, "manual", spec)
    runs.claim(db, run_id)
    add_trials(db, run_id, [(n, hp.to_json(), n, None) for n in range(seeds)])
    for n in range(seeds):
        curves.set_context(db, run_id, n, CONTEXT)
    return run_id


def finished(db: Database, histories: list[np.ndarray], hp: Hyperparameters = HP, context: dict | None = None, **setup) -> str:
    run_id = start(db, hp, len(histories), **setup)
    context = context or CONTEXT | {"hyperparameters": hp.to_json()}
    trials = [Trial(n, hp, n, History.from_matrix(v, context), "finished") for n, v in enumerate(histories)]
    curves.finish_trials(db, run_id, trials)
    runs.finish(db, run_id, "finished")
    return run_id


def test_a_finding_comes_with_its_epochs_evidence_rate_and_remedies(db, desk):
    said = ask(desk, finished(db, [overfit(s) for s in range(3)]))
    assert said["final"] and said["difference"] is None
    first = said["findings"][0]
    assert (first["kind"], first["title"], first["quantity"]) == ("overfitting", "Overfitting", "rise")
    assert 15 < first["epochs"][0] < 40 and first["epochs"][1] == 100
    assert first["evidence"][0]["value"].endswith(" %") and first["evidence"][0]["threshold"].startswith("above ")
    assert "the doctor found" in first["rate"]
    changes = [remedy["changes"] for remedy in first["remedies"]]
    assert any("early_stopping" in change for change in changes)
    assert all(HP.replace(**change) for change in changes)
    stopping = next(r for r in first["remedies"] if "early_stopping" in r["changes"])
    assert stopping["words"].startswith("early stopping off → patience ")


def test_every_kind_has_a_title():
    assert set(TITLES) == {*VERDICTS, *NOTES}


def real_histories():
    with gzip.open(RECORDED_CURVES, "rt") as file:
        return [History.from_arrays(**run["curves"], context=run["context"]) for run in json.load(file)]


def named(history):
    return [finding.kind for finding in tc.diagnose(history) if finding.kind in VERDICTS]


def test_a_healthy_run_says_so(db, desk):
    well = next(history for history in real_histories() if named(history) == ["healthy"])
    (first, *notes) = ask(desk, finished(db, [well.matrix()], context=well.context))["findings"]
    assert (first["title"], first["severity"]) == ("Healthy", "healthy") and first["rate"]
    assert all(note["severity"] == "info" for note in notes)


def test_a_curve_that_allows_two_readings_is_given_both_with_question_marks(db, desk):
    open_ = next(history for history in real_histories() if len(named(history)) == 2 and "healthy" in named(history))
    findings = ask(desk, finished(db, [open_.matrix()], context=open_.context))["findings"][:2]
    assert {finding["severity"] for finding in findings} == {"healthy", "perhaps"}
    assert all(finding["title"].endswith("?") for finding in findings)
    disease = next(finding for finding in findings if finding["severity"] == "perhaps")
    assert "".join(text for text, _ in disease["words"]) == disease["message"]
    assert disease["message"].startswith("Perhaps: ") and disease["remedies"]


def test_the_difference_names_what_was_changed_and_what_it_brought(db, desk):
    before = finished(db, [healthy(s) for s in range(5)])
    noise = np.array([1.0, 1.01, 0.99, 1.005, 0.995])
    after = finished(db, [healthy(s, 0.8 * noise[s]) for s in range(5)], HP.replace(learning_rate=0.03, batch_size=32))
    said = ask(desk, after, before)["difference"]
    assert said["words"] == "learning rate 0.01 → 0.03, batch size 16 → 32" and said["refusal"] == ""
    assert said["loss"]["verdict"] == "better" and said["loss"]["sentence"].startswith(
        "Validation loss: better by 20.0 % (95 % interval 1"
    )
    assert said["metric"]["sentence"].startswith("MAE: better by 1.")
    kept = [[healthy(s, scale)[2].min() for s, scale in enumerate(scales)] for scales in ([1.0] * 5, 0.8 * noise)]
    better = np.mean(np.sqrt(kept[0]) - np.sqrt(kept[1]))
    assert said["rmse"]["sentence"].startswith(f"RMSE: better by {better:.3g} (95 % interval")
    back = ask(desk, before, after)["difference"]
    assert back["words"] == "learning rate 0.03 → 0.01, batch size 32 → 16" and back["loss"]["verdict"] == "worse"


def test_luck_is_called_luck(db, desk):
    before = finished(db, [healthy(s) for s in (0, 5, 9)])
    after = finished(db, [healthy(s) for s in (6, 1, 8)], HP.replace(activation="tanh"))
    said = ask(desk, after, before)["difference"]
    assert said["loss"]["verdict"] == "luck" and "which may be luck" in said["loss"]["sentence"]


def test_early_stopping_is_judged_by_the_model_that_is_kept(db, desk):
    before = finished(db, [overfit(s) for s in range(3)], HP.replace(keep="last"))
    stopped = HP.replace(early_stopping=EarlyStopping(patience=10))
    said = ask(desk, finished(db, [overfit(s)[:, :40] for s in range(3)], stopped), before)["difference"]
    assert said["loss"]["verdict"] == "better"


@pytest.mark.parametrize(
    ("setup", "words"),
    [({"split": {"seed": 1}}, "validation rows are not the same"), ({"target": "z"}, "another table or target")],
)
def test_what_does_not_compare_is_refused_in_words(db, desk, setup, words):
    before, after = finished(db, [healthy()] * 2), finished(db, [healthy()] * 2, **setup)
    said = ask(desk, after, before)["difference"]
    assert words in said["refusal"] and said["loss"] is None


def test_other_seeds_and_features_are_named(db, desk):
    before, after = finished(db, [healthy()] * 2), finished(db, [healthy()] * 3, features=["x"])
    said = ask(desk, after, before)["difference"]
    assert said["words"] == "seeds 2 → 3, other features" and said["loss"]["sentence"]


def test_a_run_that_was_cut_off_is_neither_judged_nor_compared(db, desk):
    before, after = finished(db, [healthy()] * 2), start(db, seeds=2)
    curves.append(db, after, [(n, 0, healthy()[:, :40]) for n in range(2)])
    runs.finish(db, after, "interrupted")
    said = ask(desk, after, before)
    assert said["findings"] == [] and "cut off" in said["note"]
    assert "interrupted before its end" in said["difference"]["refusal"]


def test_a_live_run_is_read_at_its_looks_and_names_the_change_already(db, desk):
    before, run_id = finished(db, [healthy()] * 2), start(db, HP.replace(learning_rate=0.02), seeds=2)
    said = ask(desk, run_id, before)
    assert not said["final"] and said["next"] == 12 and said["findings"] == []
    assert said["difference"]["words"] == "learning rate 0.01 → 0.02" and said["difference"]["loss"] is None
    kinds = []
    for first in range(0, 100, 10):
        curves.append(db, run_id, [(n, first, overfit(n)[:, first : first + 10]) for n in range(2)])
        said = ask(desk, run_id)
        kinds.append(tuple(f["kind"] for f in said["findings"]))
    assert kinds[0] == () and kinds[-1] == ("overfitting",)
    assert len([1 for a, b in itertools.pairwise(kinds) if a != b]) == 1  # it came once, and stayed
    assert said["findings"][0]["remedies"]  # settings are known before a run ends


def test_trees_are_set_beside_the_models_that_are_kept(db, desk):
    run_id = finished(db, [healthy(seed) for seed in range(3)])
    assert ask(desk, run_id)["trees"] == ""
    tree_baselines.put_scores(db, runs.get_run(db, run_id).dataset_id, SETUP, {"mse": 64.0, "metric": 8.0})
    ends = np.array([healthy(seed)[4, -1] for seed in range(3)])
    said = ask(desk, run_id)["trees"]
    assert f"a mean absolute error of 8.00 on the validation rows; the network's {ends.mean():.1f} (mean of 3 seeds" in said
    assert f"is {ends.mean() - 8:.2f} worse, which is more than its seeds differ" in said


def test_short_runs_and_unknown_ones(db, desk):
    said = ask(desk, finished(db, [healthy(epochs=3)] * 2))
    assert said["findings"] == [] and "Fewer than five epochs" in said["note"]
    assert ask(desk, "nothing") is None
    assert ask(desk, finished(db, [healthy()]), "gone")["difference"] is None


def test_an_answer_is_made_once_until_something_changes(db, desk):
    run_id = finished(db, [healthy()])
    assert desk._answer(run_id, None) is desk._answer(run_id, None)
    before = desk._answer(run_id, None)
    runs.rename(db, run_id, "best")
    assert desk._answer(run_id, None) is not before
